"""Why a firmware is not installed, or was not seen to be."""

from typing import override

from ..protocol import SnapcamError


class SnapcamNothingOfferedError(SnapcamError):
    """There is no firmware to install."""

    translation_key = "nothing_offered"
    is_mistake = True


class SnapcamInstallingError(SnapcamError):
    """A firmware is being installed already."""

    translation_key = "installing"
    is_mistake = True


class SnapcamPackageGoneError(SnapcamError):
    """The package that was offered is not there any more."""

    translation_key = "package_gone"
    is_mistake = True


class SnapcamPackageChangedError(SnapcamError):
    """The package is not the one that was offered: its bytes are others."""

    translation_key = "package_changed"


class SnapcamReloadedError(SnapcamError):
    """The camera is being reloaded; its install goes on after that."""

    translation_key = "reloaded"


class SnapcamInstallError(SnapcamError):
    """A firmware was not seen to be installed."""


class SnapcamNotFetchedError(SnapcamInstallError):
    """The camera has accepted it, but has not fetched the package from us."""

    translation_key = "not_fetched"


class SnapcamNotRestartedError(SnapcamInstallError):
    """The camera has accepted it, and is there, but has not restarted."""

    translation_key = "not_restarted"


class SnapcamNotBackError(SnapcamInstallError):
    """The camera has not been heard since."""

    translation_key = "not_back"


class SnapcamOtherVersionError(SnapcamInstallError):
    """The camera has restarted, and says that it has another version."""

    translation_key = "other_version"

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return that version."""
        return {"version": str(self)}
