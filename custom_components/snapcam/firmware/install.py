"""The firmware of a camera: offered, installed, and seen to be so.

The protocol has no version and no progress. That a firmware is installed is told from
what can be seen: the package was fetched, and the camera has restarted.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, FIRMWARE_URL
from ..delivery.addresses import SnapcamNoLanAddressError, async_lan_address, new_token
from ..device.device import SnapcamDevice
from ..device.settings import Settings
from ..helpers import async_to_the_end
from ..models import Install, Offer, Package
from ..protocol import SnapcamError, SnapcamRefusedError
from .coverage import Coverage
from .errors import (
    SnapcamInstallError,
    SnapcamInstallingError,
    SnapcamNotBackError,
    SnapcamNotFetchedError,
    SnapcamNothingOfferedError,
    SnapcamNotRestartedError,
    SnapcamOtherVersionError,
    SnapcamPackageGoneError,
    SnapcamReloadedError,
)
from .offers import async_drop_unused_packages, package_turn
from .packages import package_store
from .patience import patience
from .uptime import Uptime

_LOGGER = logging.getLogger(__name__)

INSTALL_TIME: Final = timedelta(minutes=10)
INSTALL_FAILED: Final = "install_failed"


class Firmware:
    """Install the firmware that is offered to one camera, and see that it is."""

    def __init__(self, camera: SnapcamDevice, settings: Settings) -> None:
        """Initialize with nothing under way."""
        self._camera = camera
        self._settings = settings
        self._outcome: asyncio.Future[SnapcamError | None] | None = None
        self._requested = Coverage()
        self._uptime = Uptime()

    @property
    def offer(self) -> Offer | None:
        """Return what is offered."""
        return Offer.from_options(self._camera.config_entry.options)

    @property
    def installed_version(self) -> str | None:
        """Return what the camera says it has, else what we saw installed last."""
        config = self._camera.data.config
        reported = config.version if config else None
        return reported or self._camera.data.installed_version

    @property
    def under_way(self) -> Install | None:
        """Return the install that is under way."""
        install = self._camera.data.install
        return None if install is None or install.ended else install

    @property
    def token(self) -> str:
        """Return the secret part of the package's address; empty if there is none."""
        return self.under_way.token if self.under_way else ""

    @property
    def served(self) -> Package | None:
        """Return the package that is to be served to the camera now."""
        return self.under_way.package if self.under_way else None

    async def async_install(self) -> None:
        """Have the camera install what is offered; return when that is confirmed.

        Raises:
            SnapcamError: It cannot be installed, or was not seen to be.
        """
        # A caller that is cancelled must not leave an install that nobody watches.
        await async_to_the_end(
            self._camera.hass, self._async_install(), "snapcam install"
        )

    async def _async_install(self) -> None:
        """Have the camera install what is offered."""
        async with package_turn(self._camera.hass):
            install, url = await self._async_prepare()
            # From here on the package is needed, whatever is offered then.
            self._set(install)
        async_forget_failure(self._camera.hass, self._camera.config_entry)
        self._requested = Coverage()
        self._uptime.watch()
        with self._waiting() as outcome:
            await self._camera.async_note(install=install)
            await self._async_ask(url, outcome)
            await self._async_watch(outcome, INSTALL_TIME)

    async def _async_prepare(self) -> tuple[Install, str]:
        """Return the install of what is offered, and where the camera fetches it.

        Raises:
            SnapcamError: It cannot be installed.
        """
        if (offer := self.offer) is None:
            raise SnapcamNothingOfferedError("nothing is offered")
        if self.under_way:
            raise SnapcamInstallingError("another one is under way")
        token = new_token()
        url = offer.url or await self._async_address(offer.package, token)
        install = Install(
            version=offer.version,
            token=token,
            package=offer.package,
            run_time=self._uptime.seconds,
        )
        return install.after("asked"), url

    async def _async_ask(
        self, url: str, outcome: asyncio.Future[SnapcamError | None]
    ) -> None:
        """Have the camera fetch a package and install it.

        A camera that fetches it has heard us, whether or not its answer comes in time.

        Raises:
            SnapcamError: It will not.
        """
        try:
            await self._camera.client.upgrade(url)
        except SnapcamError as err:
            install = self.under_way
            begun = install is not None and install.at("begun") is not None
            refused = isinstance(err, SnapcamRefusedError)
            if not outcome.done() and (refused or not begun):
                self._end("refused" if refused else "not answered")
                raise
        else:
            self._note("accepted")

    @callback
    def async_resume(self) -> None:
        """Go on with an install that a restart of Home Assistant has interrupted."""
        if install := self.under_way:
            if install.package and install.at("begun"):
                # What it has asked for before is not known any more.
                self._requested = Coverage(install.package.size)
            self._uptime.watch(install.run_time)
            self._camera.async_run(self._async_finish(install))

    @callback
    def async_close(self) -> None:
        """Let go of whoever waits; the install goes on at the next start."""
        self._tell(SnapcamReloadedError("the camera is reloaded"))

    @callback
    def async_heard(self) -> None:
        """Have the camera asked whether it has restarted."""
        if self.under_way:
            self._camera.due = True

    @callback
    def async_silent(self) -> None:
        """Note that the camera is not heard any more."""
        if self.under_way:
            self._note("silent")

    @callback
    def async_begun(self, start: int, stop: int) -> None:
        """Note that the camera fetches the package, or a part of it."""
        self._requested.add(start, stop)
        self._note("begun")

    @callback
    def async_sent(self, stop: int) -> None:
        """Note that the camera got the package, or a part, up to there.

        It may have asked for the rest after a broken connection, so what counts is that
        all was asked for, and that the end has gone out.
        """
        install = self.under_way
        if install is None or install.package is None:
            return
        if min(stop, self._requested.length) >= install.package.size:
            self._note("fetched")

    @callback
    def async_settings_read(self) -> None:
        """Tell from what the camera says of itself whether it is installed."""
        install, config = self._camera.data.install, self._camera.data.config
        self._uptime.read(config.run_time if config else None)
        if install is None or config is None:
            return
        if install.ended is not None:
            if config.version == install.version:
                async_forget_failure(self._camera.hass, self._camera.config_entry)
            return
        if not install.at("restarted") and self._has_restarted(install):
            self._note("restarted")
            install = self.under_way or install
        if config.version == install.version:
            self._finish(None)
        elif not install.at("restarted") or (
            install.package is not None and not install.at("fetched")
        ):
            return
        elif config.version is not None:
            self._finish(SnapcamOtherVersionError(config.version))
        else:
            self._finish(None)

    def _has_restarted(self, install: Install) -> bool:
        """Tell whether the camera has restarted since it was asked."""
        if (restarted := self._uptime.restarted) is None:
            return install.at("silent") is not None
        return restarted

    async def _async_finish(self, install: Install) -> None:
        """See to the end of an install that nobody waits for any more."""
        # Our clock may have been put back since it began.
        left = min(install.started_at + INSTALL_TIME - dt_util.utcnow(), INSTALL_TIME)
        try:
            with self._waiting() as outcome:
                await self._async_watch(outcome, left)
        except SnapcamReloadedError:
            return
        except SnapcamInstallError as err:
            _LOGGER.warning("%s was not updated: %s", self._camera.name, err)
            ir.async_create_issue(
                self._camera.hass,
                DOMAIN,
                f"{INSTALL_FAILED}_{self._camera.config_entry.entry_id}",
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=INSTALL_FAILED,
                translation_placeholders={
                    "name": self._camera.name,
                    "version": install.version,
                },
            )

    @contextmanager
    def _waiting(self) -> Generator[asyncio.Future[SnapcamError | None]]:
        """Wait for the outcome of an install: None, or why it has failed."""
        self._outcome = asyncio.get_running_loop().create_future()
        try:
            yield self._outcome
        finally:
            self._outcome = None

    async def _async_watch(
        self, outcome: asyncio.Future[SnapcamError | None], time: timedelta
    ) -> None:
        """Wait until the install is confirmed, or its time is over.

        Raises:
            SnapcamError: It was not seen to be installed.
        """
        try:
            async with patience(self._camera, time.total_seconds()):
                error = await outcome
        except TimeoutError:
            if (install := self.under_way) is None:
                return
            error = self._reason(install)
            self._end(type(error).__name__)
        if error is not None:
            raise error

    def _reason(self, install: Install) -> SnapcamInstallError:
        """Return why an install that has not been confirmed was not."""
        if install.package is not None and not install.at("fetched"):
            return SnapcamNotFetchedError("the package was not fetched")
        since = install.at("fetched") or install.at("accepted") or install.started_at
        last_seen = self._camera.last_seen
        if last_seen is None or last_seen <= since:
            return SnapcamNotBackError("the camera was not heard since")
        return SnapcamNotRestartedError("the camera did not restart")

    def _finish(self, error: SnapcamInstallError | None) -> None:
        """End the install, and tell whoever waits."""
        if (install := self.under_way) is None:
            return
        if error is None:
            self._camera.async_set(
                replace(self._camera.data, installed_version=install.version)
            )
            self._settings.async_show_version(install.version)
        self._end("confirmed" if error is None else type(error).__name__)
        self._tell(error)

    def _tell(self, error: SnapcamError | None) -> None:
        """Tell whoever waits how it has ended."""
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(error)

    def _end(self, how: str) -> None:
        """Note the end of the install; its address is not served any more."""
        if install := self.under_way:
            self._set(replace(install.after(how), ended=how, token=""))
            self._camera.async_run(self._async_drop_package())

    async def _async_drop_package(self) -> None:
        """Let go of the package, if another one is offered by now."""
        await async_drop_unused_packages(self._camera.hass)

    def _note(self, step: str) -> None:
        """Note a step of the install, once."""
        if (install := self.under_way) and not install.at(step):
            self._set(install.after(step))
            # Nobody tells it twice.
            self._camera.async_run(self._camera.async_save())

    def _set(self, install: Install) -> None:
        """Set the state of the install."""
        self._camera.async_set(replace(self._camera.data, install=install))

    async def _async_address(self, package: Package | None, token: str) -> str:
        """Return where the camera may fetch a package of ours.

        Raises:
            SnapcamPackageGoneError: We do not have it any more.
            SnapcamPackageChangedError: It is not what was offered.
            SnapcamNoLanAddressError: There is no address it could use.
        """
        hass = self._camera.hass
        if package is None:
            raise SnapcamPackageGoneError("there is neither address nor package")
        await hass.async_add_executor_job(package_store(hass).check, package)
        if (origin := async_lan_address(hass, self._camera.sn)) is None:
            raise SnapcamNoLanAddressError("no plain http address")
        return origin + FIRMWARE_URL.format(token=token, filename=package.filename)


@callback
def async_forget_failure(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Withdraw the repair of a camera that was not updated."""
    ir.async_delete_issue(hass, DOMAIN, f"{INSTALL_FAILED}_{entry.entry_id}")
