"""The settings of a camera: read, changed, read back, shown."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import logging
from typing import Any, Final

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.typing import UNDEFINED
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..issues import COMMANDS_UNANSWERED, HB_INTERVAL
from ..protocol import (
    DeviceConfig,
    SnapcamError,
    SnapcamNoAnswerError,
    heartbeat_in_range,
)
from .device import SnapcamDevice

_LOGGER = logging.getLogger(__name__)

MAX_UNANSWERED: Final = 3
"""Questions in a row without an answer, to a camera that is heard all the time."""


class Settings:
    """Keep what is known of one camera's settings true."""

    def __init__(
        self, camera: SnapcamDevice, *, on_read: Callable[[int], None]
    ) -> None:
        """Initialize with nothing read.

        Args:
            camera: The camera.
            on_read: Called whenever the camera has told its settings, with the
                heartbeat interval it had before.
        """
        self._camera = camera
        self._on_read = on_read
        self.turn = asyncio.Lock()
        """Held while settings are changed: nobody else may change them meanwhile."""
        self._unanswered = 0

    async def async_change(self, **changes: Any) -> None:
        """Change some settings when it is our turn.

        Raises:
            SnapcamError: They may not be changed.
        """
        async with self.turn:
            await self.async_change_in_turn(**changes)

    async def async_change_in_turn(self, **changes: Any) -> None:
        """Change some settings, then show what the camera says they are.

        All that can be set is sent, the documented form: a camera may take what is
        missing for its default. So it is asked first what it has.

        Raises:
            SnapcamError: They may not be changed.
        """
        config = await self._camera.client.get_config()
        await self.async_set(replace(config, **changes))

    async def async_set(self, config: DeviceConfig, *, restored: bool = False) -> None:
        """Set all settings, then show what the camera says they are.

        Args:
            config: The settings.
            restored: Whether they are those that it had before.

        Raises:
            SnapcamError: They may not be set.
        """
        await self._camera.client.set_config(config, restored=restored)
        await self.async_read()

    async def async_read(self) -> None:
        """Ask the camera for its settings.

        Raises:
            SnapcamError: It did not say; it is asked again when it is next heard.
        """
        try:
            config = await self._camera.client.get_config()
        except SnapcamError:
            self._camera.due = True
            raise
        self._camera.due = False
        self.async_take(config)

    async def async_refresh(self) -> None:
        """Ask the camera for its settings, which it need not tell now."""
        try:
            await self.async_read()
        except SnapcamError as err:
            _LOGGER.debug("%s did not tell its settings: %s", self._camera.name, err)
            if isinstance(err, SnapcamNoAnswerError):
                self._async_missed()

    @callback
    def async_answered(self) -> None:
        """Note that the camera hears us."""
        self._unanswered = 0
        self._camera.issues.async_clear(COMMANDS_UNANSWERED)

    @callback
    def async_silent(self) -> None:
        """Note that the camera cannot answer, for it is not there."""
        self._unanswered = 0

    @callback
    def _async_missed(self) -> None:
        """Count a question that was not answered though the camera is there."""
        self._unanswered += 1
        if self._unanswered >= MAX_UNANSWERED and self._camera.data.online:
            self._camera.issues.async_raise(
                COMMANDS_UNANSWERED, topic=self._camera.down.topic(self._camera.sn)
            )

    @callback
    def async_check_interval(self) -> None:
        """Mention a heartbeat interval that the vendor's page does not allow."""
        interval, issues = self._camera.data.interval, self._camera.issues
        if heartbeat_in_range(interval):
            issues.async_clear(HB_INTERVAL)
            return
        _LOGGER.warning(
            "%s has a heartbeat interval of %s s", self._camera.name, interval
        )
        issues.async_raise(HB_INTERVAL, interval=str(interval))

    @callback
    def async_show_version(self, version: str | None) -> None:
        """Show the firmware's version, and the MAC, in the device registry."""
        dr.async_get(self._camera.hass).async_get_or_create(
            config_entry_id=self._camera.config_entry.entry_id,
            identifiers={(DOMAIN, self._camera.sn)},
            connections=network_connections(self._camera.data.config),
            sw_version=version or UNDEFINED,
        )

    @callback
    def async_take(self, config: DeviceConfig) -> None:
        """Take up what the camera says of itself."""
        interval = self._camera.data.interval
        data = self._camera.data.with_config(config, dt_util.utcnow())
        self._camera.async_set(data)
        self.async_show_version(config.version)
        if data.interval != interval:
            self.async_check_interval()
        self._on_read(interval)


def network_connections(config: DeviceConfig | None) -> set[tuple[str, str]]:
    """Return the camera's MAC as a connection of its device, if it has told one."""
    mac = config.network_mac if config else None
    return {(dr.CONNECTION_NETWORK_MAC, mac)} if mac else set()
