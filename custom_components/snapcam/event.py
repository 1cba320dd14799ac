"""The event entity: what happens to snapshots, for automations."""

from dataclasses import asdict
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .device.device import Occurrence
from .entity import SnapcamEntity
from .helpers import snapshot_details
from .pictures.inbox import SnapshotEventType

PARALLEL_UPDATES = 0

SNAPSHOT = EventEntityDescription(
    key="snapshot",
    translation_key="snapshot",
    event_types=list(SnapshotEventType),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity."""
    async_add_entities([SnapcamSnapshotEvent(entry.runtime_data, SNAPSHOT)])


class SnapcamSnapshotEvent(SnapcamEntity, EventEntity):
    """What happens to snapshots; fired when the picture can be used."""

    # No two are alike, so each would be a row in the database; the files say the same.
    _unrecorded_attributes = frozenset(
        {
            "captured_at",
            "change",
            "media_content_id",
            "panel_url",
            "request_id",
            "size",
            "url",
        }
    )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what happens."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(Occurrence.EVENT, self._async_fire)
        )

    @callback
    def _async_fire(self) -> None:
        """Fire what has just happened."""
        if (event := self.coordinator.last_event) is None:
            return
        attributes: dict[str, Any] = {}
        if event.snapshot is not None:
            attributes = snapshot_details(
                event.snapshot,
                self.coordinator.sn,
                self.coordinator.picture_store.library.url,
            )
        if event.impression is not None:
            attributes |= asdict(event.impression)
        if event.error is not None:
            attributes = {"reason": event.error.translation_key}
        self._trigger_event(event.type, attributes)
        self.async_write_ha_state()
