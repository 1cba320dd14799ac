"""Binary sensors of a camera."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .entity import SnapcamEntity

PARALLEL_UPDATES = 0

CONNECTIVITY = BinarySensorEntityDescription(
    key="connectivity",
    translation_key="connectivity",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a camera."""
    async_add_entities([SnapcamConnectivity(entry.runtime_data, CONNECTIVITY)])


class SnapcamConnectivity(SnapcamEntity, BinarySensorEntity):
    """Whether the camera is heard."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the camera is heard; unknown while the broker is down."""
        data = self.coordinator.data
        return data.online if data.connected else None
