"""What can be repaired with one confirmation."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .const import CONF_ACCEPT_WRONG_CLOCK
from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .firmware.rolling import ROLL_OUTS
from .issues import HB_INTERVAL, OUTPUT_LEFT, ROLL_OUT_STOPPED
from .protocol import HB_INTERVAL_DEFAULT, SnapcamError, SnapcamNotConnectedError


class SnapcamRepairFlow(RepairsFlow):
    """Say what will be done to a camera, and do it when that is confirmed."""

    def __init__(
        self, entry: SnapcamConfigEntry, placeholders: Mapping[str, str]
    ) -> None:
        """Initialize with the entry of the camera, and what the texts name."""
        self._entry = entry
        self._placeholders = placeholders

    async def async_step_init(
        self, user_input: Mapping[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Begin with the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: Mapping[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask, then repair it."""
        errors = {}
        if user_input is not None:
            try:
                await self._async_repair()
            except SnapcamError:
                errors = {"base": "not_set"}
            else:
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders=self._placeholders,
        )

    async def _async_repair(self) -> None:
        """Do what was confirmed.

        Raises:
            SnapcamError: The camera did not follow.
        """
        raise NotImplementedError


class WrongClockFlow(SnapcamRepairFlow):
    """Accept the wrong clock of a camera."""

    async def _async_repair(self) -> None:
        """Turn the option on."""
        options = {**self._entry.options, CONF_ACCEPT_WRONG_CLOCK: True}
        self.hass.config_entries.async_update_entry(self._entry, options=options)
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)


class HeartbeatIntervalFlow(SnapcamRepairFlow):
    """Give a camera a heartbeat interval that the protocol allows."""

    async def _async_repair(self) -> None:
        """Set the documented default."""
        if self._entry.state is not ConfigEntryState.LOADED:
            raise SnapcamNotConnectedError("the camera is not set up")
        coordinator: SnapcamCoordinator = self._entry.runtime_data
        await coordinator.settings.async_change(hb_interval=HB_INTERVAL_DEFAULT)


class RollOutFlow(RepairsFlow):
    """Ask how a roll-out that has stopped by itself is to end."""

    def __init__(self, placeholders: Mapping[str, str]) -> None:
        """Initialize with what the texts name."""
        self._placeholders = placeholders

    async def async_step_init(
        self, user_input: Mapping[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say what failed, and what can be done."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["resume", "abort"],
            description_placeholders=self._placeholders,
        )

    async def async_step_resume(
        self, user_input: Mapping[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on with the cameras that are left."""
        # Somebody else may have decided meanwhile.
        with suppress(SnapcamError):
            self.hass.data[ROLL_OUTS].async_resume()
        return self.async_create_entry(data={})

    async def async_step_abort(
        self, user_input: Mapping[str, Any] | None = None
    ) -> RepairsFlowResult:
        """End it."""
        with suppress(SnapcamError):
            await self.hass.data[ROLL_OUTS].async_abort()
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that repairs an issue of a camera."""
    placeholders = {key: str(value) for key, value in (data or {}).items()}
    if issue_id == ROLL_OUT_STOPPED:
        return RollOutFlow(placeholders)
    if issue_id.startswith(OUTPUT_LEFT):
        return ConfirmRepairFlow()
    entry = hass.config_entries.async_get_known_entry(placeholders["entry_id"])
    flow = HeartbeatIntervalFlow if issue_id.startswith(HB_INTERVAL) else WrongClockFlow
    return flow(entry, placeholders)
