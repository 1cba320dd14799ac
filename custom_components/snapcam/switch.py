"""Switches of a camera."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import (
    SwitchDeviceClass,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .device.lines import Hanging, what_hangs
from .entity import SnapcamControlEntity, camera_command
from .models import SnapcamData

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SnapcamSwitchEntityDescription(SwitchEntityDescription):
    """Describe a switch of a camera."""

    is_on_fn: Callable[[SnapcamData], bool | None]
    set_fn: Callable[[SnapcamCoordinator, bool], Awaitable[None]]


SWITCHES: tuple[SnapcamSwitchEntityDescription, ...] = (
    SnapcamSwitchEntityDescription(
        key="io0",
        translation_key="io0",
        is_on_fn=lambda data: data.io0,
        set_fn=lambda coordinator, on: coordinator.outputs.async_set(io0=on),
    ),
    SnapcamSwitchEntityDescription(
        key="io1",
        translation_key="io1",
        is_on_fn=lambda data: data.io1,
        set_fn=lambda coordinator, on: coordinator.outputs.async_set(io1=on),
    ),
)


ICONS: Final = {
    Hanging.LIGHT: ("mdi:lightbulb-outline", "mdi:lightbulb-on"),
    Hanging.GATE: ("mdi:gate", "mdi:gate-open"),
    Hanging.BELL: ("mdi:bell-outline", "mdi:bell-ring"),
}
"""For what hangs on a line, when it is off and on.

As icons of a translation they would need a name each, which is the same.
"""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches of a camera."""
    async_add_entities(
        SnapcamSwitch(entry.runtime_data, description) for description in SWITCHES
    )


class SnapcamSwitch(SnapcamControlEntity, SwitchEntity):
    """An IO line: the camera acknowledges it but never tells its state."""

    _attr_assumed_state = True
    entity_description: SnapcamSwitchEntityDescription

    def __init__(
        self,
        coordinator: SnapcamCoordinator,
        description: SnapcamSwitchEntityDescription,
    ) -> None:
        """Initialize as what hangs on the line."""
        super().__init__(coordinator, description)
        self._hanging = what_hangs(coordinator.config_entry, description.key)
        self._attr_entity_registry_enabled_default = (
            self._hanging is not Hanging.NOTHING
        )
        if self._hanging in ICONS:
            self._attr_device_class = SwitchDeviceClass.SWITCH

    @property
    @override
    def icon(self) -> str | None:
        """Return what the line switches, as it is now; None for a numbered line."""
        if self._hanging not in ICONS:
            return None
        off, on = ICONS[self._hanging]
        return on if self.is_on else off

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the value the camera last acknowledged."""
        return self.entity_description.is_on_fn(self.coordinator.data)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Set the line to 1."""
        await self._async_set(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Set the line to 0."""
        await self._async_set(on=False)

    @camera_command
    async def _async_set(self, *, on: bool) -> None:
        """Set the line, and return when the camera has acknowledged it."""
        await self.entity_description.set_fn(self.coordinator, on)
