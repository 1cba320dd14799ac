"""Why there is no video."""

from typing import override

from ..protocol import SnapcamError


class SnapcamNoPeriodError(SnapcamError):
    """Nobody said of which time, or in two ways."""

    translation_key = "no_period"
    is_mistake = True


class SnapcamPeriodOrderError(SnapcamError):
    """The end is before the start."""

    translation_key = "start_after_end"
    is_mistake = True


class SnapcamTooFewPicturesError(SnapcamError):
    """There are fewer than two pictures that can be shown."""

    translation_key = "too_few_pictures"
    is_mistake = True


class SnapcamNoEncoderError(SnapcamError):
    """This Home Assistant has nothing to make videos with."""

    translation_key = "no_encoder"


class SnapcamNoSpaceError(SnapcamError):
    """There is too little space left for others too."""

    translation_key = "no_space"


class SnapcamFilmStoppedError(SnapcamError):
    """Home Assistant is stopping."""

    translation_key = "film_stopped"


class SnapcamFilmFailedError(SnapcamError):
    """The disk or the encoder has failed."""

    translation_key = "film_failed"

    def __init__(self, reason: str) -> None:
        """Keep what they say."""
        super().__init__(reason)
        self.reason = reason

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return what they say."""
        return {"error": self.reason}


class SnapcamFilmNotWrittenError(SnapcamFilmFailedError):
    """The video is there, but not where it was wanted too."""

    translation_key = "film_not_written"
