"""Sensors of a camera."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .device.device import Occurrence
from .entity import SnapcamEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SnapcamSensorEntityDescription(SensorEntityDescription):
    """Describe a sensor of a camera."""

    value_fn: Callable[[SnapcamCoordinator], datetime | int | None]
    follows: Occurrence | None = None


def _change(coordinator: SnapcamCoordinator) -> int | None:
    """Return how much is new in the last picture."""
    last = coordinator.watch.sense.last
    return None if last is None else last.change


SENSORS: tuple[SnapcamSensorEntityDescription, ...] = (
    SnapcamSensorEntityDescription(
        key="last_boot",
        translation_key="last_boot",
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda coordinator: coordinator.data.last_boot,
    ),
    SnapcamSensorEntityDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        follows=Occurrence.MESSAGE,
        value_fn=lambda coordinator: coordinator.last_seen,
    ),
    SnapcamSensorEntityDescription(
        key="clock_offset",
        translation_key="clock_offset",
        device_class=SensorDeviceClass.DURATION,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        follows=Occurrence.MESSAGE,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        value_fn=lambda coordinator: coordinator.clock.offset,
    ),
    SnapcamSensorEntityDescription(
        key="change",
        translation_key="change",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        follows=Occurrence.IMPRESSION,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=_change,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a camera."""
    async_add_entities(
        SnapcamSensor(entry.runtime_data, description) for description in SENSORS
    )


class SnapcamSensor(SnapcamEntity, SensorEntity):
    """Something that is known of a camera."""

    entity_description: SnapcamSensorEntityDescription

    def __init__(
        self,
        coordinator: SnapcamCoordinator,
        description: SnapcamSensorEntityDescription,
    ) -> None:
        """Initialize the sensor."""
        super().__init__(coordinator, description)
        self.follows = description.follows

    @property
    @override
    def native_value(self) -> datetime | int | None:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator)
