"""Why firmware cannot be installed, or why an install has failed."""

from typing import override

from ..protocol import SnapcamError


class SnapcamNothingOfferedError(SnapcamError):
    """No firmware is offered to the camera."""

    translation_key = "nothing_offered"
    is_mistake = True


class SnapcamInstallingError(SnapcamError):
    """Another install is already under way."""

    translation_key = "installing"
    is_mistake = True


class SnapcamPackageGoneError(SnapcamError):
    """The file of the package no longer exists."""

    translation_key = "package_gone"
    is_mistake = True


class SnapcamPackageChangedError(SnapcamError):
    """The file of the package is not what was offered."""

    translation_key = "package_changed"


class SnapcamReloadedError(SnapcamError):
    """The camera is being reloaded; its install continues after that."""

    translation_key = "reloaded"


class SnapcamRollOutError(SnapcamError):
    """There is a roll-out already."""

    translation_key = "roll_out_active"
    is_mistake = True


class SnapcamNoRollOutError(SnapcamError):
    """There is no roll-out that could go on, or end."""

    translation_key = "no_roll_out"
    is_mistake = True


class SnapcamInstallError(SnapcamError):
    """An install was not confirmed."""


class SnapcamNotFetchedError(SnapcamInstallError):
    """The camera has not fetched the package from Home Assistant."""

    translation_key = "not_fetched"


class SnapcamNotRestartedError(SnapcamInstallError):
    """The camera is online, but has not restarted."""

    translation_key = "not_restarted"


class SnapcamNotBackError(SnapcamInstallError):
    """The camera has sent nothing since."""

    translation_key = "not_back"


class SnapcamOtherVersionError(SnapcamInstallError):
    """The camera has restarted, but reports another version."""

    translation_key = "other_version"

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return the version it reports."""
        return {"version": str(self)}
