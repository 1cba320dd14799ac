"""One camera: what is known of it, and the way to ask it something."""

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from yarl import URL

from ..const import CONF_ACCEPT_WRONG_CLOCK, CONF_DOWN, CONF_SN, CONF_UP, DOMAIN
from ..issues import CameraIssues
from ..link.client import SnapcamClient
from ..link.hub import SnapcamHub
from ..link.journal import Journal
from ..models import SnapcamData, Snapshot
from ..protocol import TopicTemplate, UploadType, parse_message
from ..stored import Stored
from .clock import CameraClock

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION: Final = 1
SAVE_DELAY: Final = 1.0


class Occurrence(Enum):
    """What only a few entities follow, so the others need not be updated for it."""

    MESSAGE = auto()
    SNAPSHOT = auto()
    EVENT = auto()
    IMPRESSION = auto()


class SnapcamDevice(DataUpdateCoordinator[SnapcamData]):
    """Keep the state of a camera, and pass its commands on."""

    config_entry: ConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, hub: SnapcamHub
    ) -> None:
        """Initialize the camera with nothing known of it."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None
        )
        self._hub = hub
        self.data = SnapcamData()
        self.sn: str = entry.data[CONF_SN]
        self.spelling = self.sn
        self.up = TopicTemplate(entry.data[CONF_UP])
        self.down = TopicTemplate(entry.data[CONF_DOWN])
        self.last_seen: datetime | None = None
        self.due = True
        """Whether the camera is to be asked for its settings when it is next heard."""
        self.issues = CameraIssues(hass, entry)
        self.clock = CameraClock(
            self.issues,
            accept_wrong=entry.options.get(CONF_ACCEPT_WRONG_CLOCK, False),
        )
        self.journal = Journal(self.sn)
        self.client = SnapcamClient[Snapshot](
            self.sn,
            publish=self._async_publish,
            clock=self.clock.time,
            on_unanswered=self._ask_again,
            delivers_to=self._delivers_to,
        )
        self._listeners_of: dict[Occurrence, set[CALLBACK_TYPE]] = {
            occurrence: set() for occurrence in Occurrence
        }
        self._store = data_store(hass, entry)

    def is_followed(self, occurrence: Occurrence) -> bool:
        """Return whether anybody follows something."""
        return bool(self._listeners_of[occurrence])

    @callback
    def async_listen(
        self, occurrence: Occurrence, listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE:
        """Call a listener when something occurs that is no change of the state."""
        self._listeners_of[occurrence].add(listener)
        return lambda: self._listeners_of[occurrence].discard(listener)

    @callback
    def async_spelled(self, sn: str, spelling: str) -> None:
        """Spell the serial number as the camera does, and as its topics do."""
        self.client.sn, self.spelling = sn, spelling

    @callback
    def async_tell(self, occurrence: Occurrence) -> None:
        """Call the listeners; an error in one does not stop the camera's message."""
        for listener in list(self._listeners_of[occurrence]):
            try:
                listener()
            except Exception:
                _LOGGER.exception("Could not update what follows %s", self.name)

    @callback
    def async_set(self, data: SnapcamData) -> None:
        """Set the state if it is another one: a heartbeat mostly says nothing new."""
        if data != self.data and not self.client.closed:
            self.async_set_updated_data(data)
            self._store.async_delay_save(self._stored, SAVE_DELAY)

    async def async_restore(self) -> SnapcamData:
        """Return the state that survived a restart, and take up what goes with it."""
        stored = Stored(await self._async_load_store())
        if stored.text("sn") not in (None, self.sn):
            return SnapcamData.from_stored(stored).left_behind
        self.last_seen = stored.moment("last_seen")
        self.clock.offset = stored.integer("clock_offset")
        return SnapcamData.from_stored(stored)

    async def _async_load_store(self) -> dict[str, Any]:
        """Read what was stored; nothing of it is worth a camera that is not set up."""
        try:
            stored = await self._store.async_load()
        except Exception as err:  # noqa: BLE001
            # Cut off, of a later version, or of a shape nobody thinks of.
            _LOGGER.warning("What was stored of %s cannot be read: %r", self.name, err)
            return {}
        return stored if isinstance(stored, dict) else {}

    async def async_save(self) -> None:
        """Write down now what is to survive a restart."""
        await self._store.async_save(self._stored())

    async def async_note(self, **steps: Any) -> None:
        """Write down what is about to be done in steps, before the first one.

        It is on the disk when this returns, and is settled after the next start if it
        is still there then: pulses, the trial of a delivery, installs.

        Args:
            steps: Fields of the state.
        """
        self.async_set(replace(self.data, **steps))
        await self.async_save()

    @callback
    def async_run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background until the entry is unloaded."""
        self.config_entry.async_create_background_task(self.hass, work, self.name)

    def _ask_again(self) -> None:
        """Ask the camera when it is next heard: it may not hear us at all."""
        self.due = True

    def _delivers_to(self) -> str:
        """Return where the camera delivers to, without what may be secret in it."""
        config = self.data.config
        if config is not None and config.upload_type == UploadType.MQTT:
            return "MQTT"
        address = (config.upload_addr if config else None) or ""
        with suppress(ValueError):
            return str(URL(address).origin())
        return "HTTP"

    async def _async_publish(self, payload: bytes) -> None:
        """Publish a command.

        Raises:
            SnapcamNotConnectedError: The broker is not connected.
        """
        self.journal.said(parse_message(payload))
        await self._hub.broker.async_ask(
            self.up, self.down.topic(self.spelling), payload
        )

    def _stored(self) -> dict[str, Any]:
        """Return what is to survive a restart."""
        stored = self.data.as_stored(self.last_seen, self.clock.offset)
        return {"sn": self.sn, **stored}


def data_store(hass: HomeAssistant, entry: ConfigEntry) -> Store[dict[str, Any]]:
    """Return the store of what survives a restart."""
    return Store(
        hass, STORAGE_VERSION, f"{DOMAIN}.{entry.entry_id}", atomic_writes=True
    )
