"""Texts of a camera."""

from typing import Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .entity import SnapcamControlEntity, camera_command

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0

MAX_LENGTH: Final = 255

UPLOAD_ADDR = TextEntityDescription(
    key="upload_addr",
    translation_key="upload_addr",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    native_max=MAX_LENGTH,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the texts of a camera."""
    async_add_entities([SnapcamUploadAddress(entry.runtime_data, UPLOAD_ADDR)])


class SnapcamUploadAddress(SnapcamControlEntity, TextEntity):
    """The address of somebody else that the camera may deliver to."""

    @property
    @override
    def native_value(self) -> str | None:
        """Return the address; one that is too long for a state is not shown."""
        address = self.coordinator.data.other_addr
        return address if address and len(address) <= MAX_LENGTH else None

    @override
    @camera_command
    async def async_set_value(self, value: str) -> None:
        """Set the address, and return when the camera has taken it."""
        await self.coordinator.delivery.async_set_other_address(value)
