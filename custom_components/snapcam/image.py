"""The image entity: the last picture, with the time it was taken as state."""

from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .device.device import Occurrence
from .entity import SnapcamEntity

PARALLEL_UPDATES = 0

SNAPSHOT = ImageEntityDescription(key="snapshot", translation_key="snapshot")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the image entity."""
    async_add_entities([SnapcamImage(hass, entry.runtime_data)])


class SnapcamImage(SnapcamEntity, ImageEntity):
    """Show the last picture and when it was taken."""

    follows = Occurrence.SNAPSHOT

    def __init__(self, hass: HomeAssistant, coordinator: SnapcamCoordinator) -> None:
        """Initialize the image entity."""
        ImageEntity.__init__(self, hass)
        SnapcamEntity.__init__(self, coordinator, SNAPSHOT)
        self._update_snapshot()

    @property
    @override
    def entity_picture(self) -> str | None:
        """Return where the picture is; before the first one an error would be there."""
        return super().entity_picture if self.coordinator.data.snapshot else None

    @override
    async def async_image(self) -> bytes | None:
        """Return the last picture."""
        snapshot = self.coordinator.data.snapshot
        if snapshot is None:
            return None
        return await self.coordinator.picture_store.async_content(snapshot)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Follow the picture."""
        self._update_snapshot()
        super()._handle_coordinator_update()

    def _update_snapshot(self) -> None:
        """Take the time and the type from the last picture."""
        snapshot = self.coordinator.data.snapshot
        self._attr_image_last_updated = snapshot.captured_at if snapshot else None
        if snapshot:
            self._attr_content_type = snapshot.content_type
