"""Everything that can go wrong between a camera and us."""


class SnapcamError(Exception):
    """The base of all errors of this package."""


class SnapcamMessageError(SnapcamError):
    """A message is not one of the protocol's, or lacks what it must carry."""


class SnapcamPictureError(SnapcamError):
    """The data of a snapshot is not a picture: base64, format or truncated."""


class SnapcamPictureTooLargeError(SnapcamPictureError):
    """The picture is larger than we take."""


class SnapcamTopicError(SnapcamError):
    """A topic template cannot be used."""


class SnapcamNotConnectedError(SnapcamError):
    """There is no connection to the broker to send a command on."""


class SnapcamLostError(SnapcamNotConnectedError):
    """The connection was lost while a command was on its way: it may have arrived."""


class SnapcamBusyError(SnapcamError):
    """Too many commands already wait for this camera."""


class SnapcamNoAnswerError(SnapcamError):
    """The camera did not answer in time."""


class SnapcamRefusedError(SnapcamError):
    """The camera answered with a return code other than 0."""

    def __init__(self, ret: int, msg: str) -> None:
        """Keep the camera's own words.

        Args:
            ret: The return code of the response, never 0.
            msg: The message that came with it, possibly empty.
        """
        super().__init__(f"ret {ret}: {msg}")
        self.ret = ret
        self.msg = msg
