"""How far an install has come, told from what can be seen of it."""

from dataclasses import replace

from homeassistant.core import callback

from ..device.device import SnapcamDevice
from ..models import Install
from .coverage import Coverage
from .errors import (
    SnapcamInstallError,
    SnapcamNotBackError,
    SnapcamNotFetchedError,
    SnapcamNotRestartedError,
)
from .uptime import Uptime


class Progress:
    """Follow one camera's install, step by step; each is stored with its time."""

    def __init__(self, camera: SnapcamDevice) -> None:
        """Initialize with no install under way."""
        self._camera = camera
        self._requested = Coverage()
        self._uptime = Uptime()
        self._heard = False

    @property
    def install(self) -> Install | None:
        """Return the install that is under way."""
        install = self._camera.data.install
        return None if install is None or install.ended else install

    @property
    def run_time(self) -> int | None:
        """Return the seconds the camera has been running; None if not known."""
        return self._uptime.seconds

    @property
    def begun(self) -> bool:
        """Return whether the camera has begun to fetch the package."""
        return self.install is not None and self.install.at("begun") is not None

    @property
    def complete(self) -> bool:
        """Return whether the camera has fetched the package and has restarted."""
        if (install := self.install) is None or not install.at("restarted"):
            return False
        return install.package is None or install.at("fetched") is not None

    @callback
    def async_start(self, install: Install) -> None:
        """Start to follow a new install."""
        self._requested = Coverage()
        self._uptime.watch()
        self._heard = False
        self._set(install)

    @callback
    def async_resume(self, install: Install) -> None:
        """Follow an install again after a restart of Home Assistant."""
        if install.package and install.at("begun"):
            # Which parts were requested before is not stored.
            self._requested = Coverage(install.package.size)
        self._uptime.watch(install.run_time)

    @callback
    def async_note(self, step: str) -> None:
        """Store a step, the first time it happens."""
        if (install := self.install) and not install.at(step):
            self._set(install.after(step))
            # The camera does not report it again after a restart of Home Assistant.
            self._camera.async_run(self._camera.async_save())

    @callback
    def async_end(self, how: str) -> None:
        """Store the end of the install; its address is not served any more."""
        if install := self.install:
            self._set(replace(install.after(how), ended=how, token=""))

    @callback
    def async_accepted(self) -> None:
        """Store that the camera has accepted the install."""
        self._heard = False
        self.async_note("accepted")

    @callback
    def async_requested(self, start: int, stop: int) -> None:
        """Store that the camera has requested the package, or a part of it."""
        self._requested.add(start, stop)
        self.async_note("begun")

    @callback
    def async_sent(self, stop: int) -> None:
        """Store that the package was fetched, if all of it was sent.

        The camera may request the rest after a broken connection. So all of it has to
        be requested, and the end has to be sent.
        """
        install = self.install
        if install is None or install.package is None:
            return
        if min(stop, self._requested.length) >= install.package.size:
            self._heard = False
            self.async_note("fetched")

    @callback
    def async_heard(self) -> None:
        """Have the camera asked for its run time whenever it sends something."""
        if self.install:
            self._heard = True
            self._camera.due = True

    @callback
    def async_settings_read(self) -> None:
        """Store that the camera has restarted, if its run time says so.

        Without a run time it must have been offline.
        """
        config = self._camera.data.config
        self._uptime.read(config.run_time if config else None)
        if (install := self.install) is None:
            return
        restarted = self._uptime.restarted
        if restarted is None:
            restarted = install.at("silent") is not None
        if restarted:
            self.async_note("restarted")

    def reason(self) -> SnapcamInstallError:
        """Return why the install is not complete."""
        install = self.install
        if install and install.package and not install.at("fetched"):
            return SnapcamNotFetchedError("the package was not fetched")
        if not self._heard:
            return SnapcamNotBackError("the camera was not heard since")
        return SnapcamNotRestartedError("the camera did not restart")

    def _set(self, install: Install) -> None:
        """Set the state of the install."""
        self._camera.async_set(replace(self._camera.data, install=install))
