"""Binary sensors of a camera."""

from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .device.device import Occurrence
from .entity import SnapcamEntity

PARALLEL_UPDATES = 0

CONNECTIVITY = BinarySensorEntityDescription(
    key="connectivity",
    translation_key="connectivity",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)

VIEW = BinarySensorEntityDescription(
    key="view",
    translation_key="view",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a camera."""
    coordinator = entry.runtime_data
    async_add_entities(
        [SnapcamConnectivity(coordinator, CONNECTIVITY), SnapcamView(coordinator, VIEW)]
    )


class SnapcamConnectivity(SnapcamEntity, BinarySensorEntity):
    """Whether the camera is heard."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the camera is heard; unknown while the broker is down."""
        data = self.coordinator.data
        return data.online if data.connected else None


class SnapcamView(SnapcamEntity, BinarySensorEntity):
    """Whether the last pictures show less than they should."""

    follows = Occurrence.IMPRESSION

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether something is wrong; unknown before the first picture."""
        sense = self.coordinator.watch.sense
        return None if sense.last is None else sense.problem is not None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return what is wrong."""
        return {"reason": self.coordinator.watch.sense.problem}
