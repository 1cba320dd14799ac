"""Everything that can go wrong between a camera and us."""

from typing import ClassVar, override


class SnapcamError(Exception):
    """The base of all errors of this package, and of those that build on it."""

    translation_key: ClassVar[str]
    """Names what people are told, and the reason that automations get."""
    is_mistake: ClassVar[bool] = False
    """Whether the one who asked made a mistake, rather than something failed."""

    @property
    def placeholders(self) -> dict[str, str]:
        """Return what the text for people names, besides the camera."""
        return {}


class SnapcamTopicError(ValueError):
    """A topic template cannot be used."""


class SnapcamMessageError(SnapcamError):
    """A message is not one of the protocol's, or lacks what it must carry."""

    translation_key = "invalid_answer"

    @property
    def reason(self) -> str:
        """Return what is wrong with it, for the author of the firmware."""
        return str(self)


class SnapcamNotJsonError(SnapcamMessageError):
    """A message is not even JSON of a kind that can be read."""

    def __init__(self, byte: int) -> None:
        """Keep from where on it cannot be read."""
        super().__init__("not JSON")
        self.byte = byte

    @property
    @override
    def reason(self) -> str:
        """Return from where on it cannot be read."""
        return f"not JSON at byte {self.byte}"


class SnapcamPictureError(SnapcamError):
    """The data of a snapshot is not a picture: base64, format or truncated."""

    translation_key = "invalid_picture"


class SnapcamPictureTooLargeError(SnapcamPictureError):
    """The picture is larger than we take."""


class SnapcamNotConnectedError(SnapcamError):
    """There is no connection to the broker to send a command on."""

    translation_key = "not_connected"


class SnapcamLostError(SnapcamNotConnectedError):
    """The connection was lost while a command was on its way: it may have arrived."""


class SnapcamBusyError(SnapcamError):
    """Too many commands already wait for this camera."""

    translation_key = "busy"


class SnapcamNoAnswerError(SnapcamError):
    """The camera did not answer in time."""

    translation_key = "no_answer"


class SnapcamUnreadableError(SnapcamError):
    """The camera sent something meanwhile, but it cannot be read."""

    translation_key = "unreadable"

    def __init__(self, reason: str) -> None:
        """Keep what is wrong with it."""
        super().__init__(reason)
        self._reason = reason

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return what is wrong with it."""
        return {"reason": self._reason}


class SnapcamNoPictureError(SnapcamError):
    """The camera has accepted take_snapshot, but no picture came."""

    translation_key = "no_picture"

    def __init__(self, where: str) -> None:
        """Keep where the camera delivers to, without anything secret."""
        super().__init__(f"no picture, delivered to {where}")
        self._where = where

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return where the camera delivers to."""
        return {"where": self._where}


class SnapcamRefusedError(SnapcamError):
    """The camera answered with a return code other than 0."""

    translation_key = "refused"

    def __init__(self, ret: int, msg: str) -> None:
        """Keep the camera's own words.

        Args:
            ret: The return code of the response, never 0.
            msg: The message that came with it, possibly empty.
        """
        super().__init__(f"ret {ret}: {msg}")
        self.ret = ret
        self.msg = msg

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return the camera's own words."""
        return {"ret": str(self.ret), "msg": self.msg or "–"}
