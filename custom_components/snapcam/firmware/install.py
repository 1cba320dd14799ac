"""Install the firmware that is offered to a camera, and confirm that it worked.

The protocol reports neither the version nor the progress. A firmware is installed when
the camera has fetched the package and has restarted, or reports the version.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
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
from ..protocol import (
    SnapcamError,
    SnapcamLostError,
    SnapcamNotConnectedError,
    SnapcamRefusedError,
)
from .errors import (
    SnapcamInstallError,
    SnapcamInstallingError,
    SnapcamNothingOfferedError,
    SnapcamOtherVersionError,
    SnapcamPackageGoneError,
    SnapcamReloadedError,
)
from .offers import async_drop_unused_packages, package_turn
from .packages import package_store
from .patience import patience
from .progress import Progress

_LOGGER = logging.getLogger(__name__)

INSTALL_TIME: Final = timedelta(minutes=10)
INSTALL_FAILED: Final = "install_failed"

type Outcome = asyncio.Future[SnapcamError | None]
"""How an install ends: None if it is confirmed, else the reason."""


class Ending(StrEnum):
    """How installs end, besides those that lack evidence: by the name of their error."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    NOT_ANSWERED = "not answered"
    LOST = "broker lost"
    NOT_ASKED = "not asked"


class Firmware:
    """The firmware of one camera: what is offered, and its installation."""

    def __init__(self, camera: SnapcamDevice, settings: Settings) -> None:
        """Initialize with no install under way."""
        self._camera = camera
        self._settings = settings
        self.progress = Progress(camera)
        self._outcome: Outcome | None = None

    @property
    def offer(self) -> Offer | None:
        """Return what is offered."""
        return Offer.from_options(self._camera.config_entry.options)

    @property
    def installed_version(self) -> str | None:
        """Return the version the camera reports, else the last one confirmed here."""
        config = self._camera.data.config
        reported = config.version if config else None
        return reported or self._camera.data.installed_version

    @property
    def under_way(self) -> Install | None:
        """Return the install that is under way."""
        return self.progress.install

    @property
    def token(self) -> str:
        """Return the secret part of the package's address; empty if there is none."""
        return self.under_way.token if self.under_way else ""

    @property
    def served(self) -> Package | None:
        """Return the package that is served to the camera."""
        return self.under_way.package if self.under_way else None

    async def async_install(self, rollout: str | None = None) -> None:
        """Install what is offered, and return when that is confirmed.

        Args:
            rollout: The roll-out it is part of, if it is.

        Raises:
            SnapcamError: It cannot be installed, or is not confirmed.
        """
        # A caller that is cancelled must not leave an install that nobody watches.
        await async_to_the_end(
            self._camera.hass, self._async_install(rollout), "snapcam install"
        )

    async def _async_install(self, rollout: str | None) -> None:
        """Install what is offered."""
        async with package_turn(self._camera.hass):
            install, url = await self._async_prepare()
            install = replace(install, rollout=rollout)
            # From here on its package is kept, even if another one is offered.
            self.progress.async_start(install)
        async_forget_failure(self._camera.hass, self._camera.config_entry)
        with self._waiting() as outcome:
            await self._camera.async_note(install=install)
            await self._async_ask(url, outcome)
            await self._async_wait(outcome, INSTALL_TIME)

    async def _async_prepare(self) -> tuple[Install, str]:
        """Return the install of what is offered, and the address of its package.

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
            run_time=self.progress.run_time,
        )
        return install.after("asked"), url

    async def _async_address(self, package: Package | None, token: str) -> str:
        """Return the address at which a package is served to the camera.

        Raises:
            SnapcamPackageGoneError: Its file no longer exists.
            SnapcamPackageChangedError: Its file is not what was offered.
            SnapcamNoLanAddressError: Home Assistant has no address for cameras.
        """
        hass = self._camera.hass
        if package is None:
            raise SnapcamPackageGoneError("there is neither address nor package")
        await hass.async_add_executor_job(package_store(hass).check, package)
        if (origin := async_lan_address(hass, self._camera.sn)) is None:
            raise SnapcamNoLanAddressError("no plain http address")
        return origin + FIRMWARE_URL.format(token=token, filename=package.filename)

    async def _async_ask(self, url: str, outcome: Outcome) -> None:
        """Ask the camera to install a package.

        If it fetches the package it has received the command, even if its answer is
        late or lost.

        Raises:
            SnapcamError: It has refused, or has not answered.
        """
        try:
            await self._camera.client.upgrade(url)
        except SnapcamError as err:
            how = _how(err)
            refused = how is Ending.REFUSED
            if not outcome.done() and (refused or not self.progress.begun):
                self._end(how)
                raise
        else:
            self.progress.async_accepted()

    @callback
    def async_resume(self) -> None:
        """Continue an install that a restart of Home Assistant has interrupted."""
        if install := self.under_way:
            self.progress.async_resume(install)
            self._camera.async_run(self._async_continue(install))

    @callback
    def async_close(self) -> None:
        """Release the caller that waits; the install continues at the next start."""
        self._set_outcome(SnapcamReloadedError("the camera is reloaded"))

    @callback
    def async_heard(self) -> None:
        """Follow a message of the camera."""
        self.progress.async_heard()

    @callback
    def async_silent(self) -> None:
        """Follow that the camera went offline."""
        self.progress.async_note("silent")

    @callback
    def async_settings_read(self) -> None:
        """Confirm the install if what the camera reports says so."""
        self.progress.async_settings_read()
        install, config = self._camera.data.install, self._camera.data.config
        if install is None or config is None:
            return
        if install.ended is not None:
            if config.version == install.version:
                async_forget_failure(self._camera.hass, self._camera.config_entry)
        elif config.version == install.version:
            self._finish(install, None)
        elif self.progress.complete:
            other = config.version
            self._finish(install, SnapcamOtherVersionError(other) if other else None)

    async def _async_continue(self, install: Install) -> None:
        """Wait for the end of an install after a restart, and report a failure."""
        # The clock may have been put back since it began.
        left = min(install.started_at + INSTALL_TIME - dt_util.utcnow(), INSTALL_TIME)
        try:
            with self._waiting() as outcome:
                await self._async_wait(outcome, left)
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
    def _waiting(self) -> Generator[Outcome]:
        """Provide the outcome to wait for."""
        self._outcome = asyncio.get_running_loop().create_future()
        try:
            yield self._outcome
        finally:
            self._outcome = None

    async def _async_wait(self, outcome: Outcome, time: timedelta) -> None:
        """Wait until the install is confirmed.

        Raises:
            SnapcamError: It has failed, or its time is over.
        """
        try:
            async with patience(self._camera, time.total_seconds()):
                error = await outcome
        except TimeoutError:
            # It may have ended in the same moment; if not, the wait is cancelled.
            if not outcome.cancelled():
                error = outcome.result()
            else:
                error = self.progress.reason()
                self._end(type(error).__name__)
        if error is not None:
            raise error

    @callback
    def _finish(self, install: Install, error: SnapcamInstallError | None) -> None:
        """End the install, confirmed or failed."""
        if error is None:
            self._camera.async_set(
                replace(self._camera.data, installed_version=install.version)
            )
            self._settings.async_show_version(install.version)
        self._end(Ending.CONFIRMED if error is None else type(error).__name__)
        self._set_outcome(error)

    @callback
    def _set_outcome(self, error: SnapcamError | None) -> None:
        """Set the outcome, for whoever waits for it."""
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(error)

    @callback
    def _end(self, how: str) -> None:
        """End the install; its package goes if another one is offered by now."""
        self.progress.async_end(how)
        self._camera.async_run(async_drop_unused_packages(self._camera.hass))


def _how(error: SnapcamError) -> Ending:
    """Return how an install has ended that the camera was asked for in vain."""
    match error:
        case SnapcamRefusedError():
            return Ending.REFUSED
        case SnapcamLostError():
            return Ending.LOST
        case SnapcamNotConnectedError():
            return Ending.NOT_ASKED
    return Ending.NOT_ANSWERED


@callback
def async_forget_failure(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete the repair issue of an install that has failed."""
    ir.async_delete_issue(hass, DOMAIN, f"{INSTALL_FAILED}_{entry.entry_id}")
