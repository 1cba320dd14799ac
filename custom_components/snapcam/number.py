"""Numbers of a camera."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .entity import SnapcamControlEntity, camera_command
from .protocol import HB_INTERVAL_MAX, HB_INTERVAL_MIN, DeviceConfig

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SnapcamNumberEntityDescription(NumberEntityDescription):
    """Describe a number of a camera."""

    value_fn: Callable[[DeviceConfig], float | None]
    set_fn: Callable[[SnapcamCoordinator, float], Awaitable[None]]


NUMBERS: tuple[SnapcamNumberEntityDescription, ...] = (
    SnapcamNumberEntityDescription(
        key="hb_interval",
        translation_key="hb_interval",
        device_class=NumberDeviceClass.DURATION,
        entity_category=EntityCategory.CONFIG,
        mode=NumberMode.BOX,
        native_max_value=HB_INTERVAL_MAX,
        native_min_value=HB_INTERVAL_MIN,
        native_step=1,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        value_fn=lambda config: config.heartbeat_seconds,
        set_fn=lambda coordinator, value: coordinator.settings.async_change(
            hb_interval=int(value)
        ),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of a camera."""
    async_add_entities(
        SnapcamNumber(entry.runtime_data, description) for description in NUMBERS
    )


class SnapcamNumber(SnapcamControlEntity, NumberEntity):
    """A number in a camera's configuration."""

    entity_description: SnapcamNumberEntityDescription

    @property
    @override
    def native_value(self) -> float | None:
        """Return what the camera said; that may be outside the range it accepts."""
        config = self.coordinator.data.config
        return self.entity_description.value_fn(config) if config else None

    @override
    @camera_command
    async def async_set_native_value(self, value: float) -> None:
        """Set the number, and return when the camera has said it back."""
        await self.entity_description.set_fn(self.coordinator, value)
