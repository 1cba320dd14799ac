"""Selects of a camera."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .delivery.delivery import DeliveryOption
from .entity import SnapcamControlEntity, camera_command

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0

DELIVERY = SelectEntityDescription(
    key="delivery",
    translation_key="delivery",
    entity_category=EntityCategory.CONFIG,
    options=list(DeliveryOption),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects of a camera."""
    async_add_entities([SnapcamDelivery(entry.runtime_data, DELIVERY)])


class SnapcamDelivery(SnapcamControlEntity, SelectEntity):
    """How the camera delivers its snapshots."""

    @property
    @override
    def current_option(self) -> str | None:
        """Return how the camera said it delivers."""
        return self.coordinator.delivery.option

    @override
    @camera_command
    async def async_select_option(self, option: str) -> None:
        """Have it deliver in another way, and return when it does."""
        await self.coordinator.delivery.async_choose(DeliveryOption(option))
