"""One camera: its messages become state, wishes become commands."""

from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
import logging
from pathlib import Path
import time
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.helpers.typing import UNDEFINED
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .client import SnapcamClient
from .const import CONF_ACCEPT_WRONG_CLOCK, CONF_DOWN, CONF_SN, CONF_UP, DOMAIN
from .history import LastPicture, Snapshot
from .hub import SnapcamHub
from .liveness import Liveness, offline_seconds
from .models import SnapcamData, StoredData, parse_stored_time
from .pictures import PictureInbox
from .protocol import (
    MAX_CLOCK_OFFSET,
    DeviceConfig,
    Operate,
    Request,
    RequestId,
    Response,
    Ret,
    SnapcamError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    SnapcamPictureError,
    TopicTemplate,
    heartbeat_in_range,
    snapshot_data,
)

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION: Final = 1
SAVE_DELAY: Final = 1.0


class Occurrence(Enum):
    """What a few entities follow, and the others need not be troubled with."""

    MESSAGE = auto()
    SNAPSHOT = auto()


type SnapcamConfigEntry = ConfigEntry[SnapcamCoordinator]


class SnapcamCoordinator(DataUpdateCoordinator[SnapcamData]):
    """Turn a camera's messages into state, and wishes into commands."""

    config_entry: SnapcamConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: SnapcamConfigEntry, hub: SnapcamHub
    ) -> None:
        """Initialize the camera."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None
        )
        self._hub = hub
        self.data = SnapcamData()
        self.sn: str = entry.data[CONF_SN]
        self.up = TopicTemplate(entry.data[CONF_UP])
        self.down = TopicTemplate(entry.data[CONF_DOWN])
        self.last_seen: datetime | None = None
        self.clock_offset: int | None = None
        self.client = SnapcamClient[Snapshot](
            self.sn,
            publish=partial(hub.async_publish, self.down.topic(self.sn)),
            clock=self._camera_time,
        )
        self.pictures = PictureInbox(
            hass, LastPicture(last_picture_path(hass, entry)), self._async_show_snapshot
        )
        self._accept_wrong_clock = entry.options.get(CONF_ACCEPT_WRONG_CLOCK, False)
        self._liveness = Liveness(
            interval=lambda: self.data.interval,
            on_quiet=lambda: self._async_run(self.async_refresh_config()),
            on_silent=self._async_set_offline,
        )
        self._occurrence_listeners: dict[Occurrence, set[CALLBACK_TYPE]] = {
            occurrence: set() for occurrence in Occurrence
        }
        self._refresh_due = True
        self._store = data_store(hass, entry)

    async def async_load(self, probed: DeviceConfig | None) -> None:
        """Take up what was known before, and what the config flow has just heard."""
        data, now = self.data, dt_util.utcnow()
        if (stored := await self._store.async_load()) is not None:
            data = SnapcamData.from_stored(stored)
            self.last_seen = parse_stored_time(stored["last_seen"])
            self.clock_offset = stored["clock_offset"]
        if probed is not None:
            data = data.with_config(probed, now)
            self.last_seen = now
            self._check_interval(data.interval)
        window = timedelta(seconds=offline_seconds(data.interval))
        recent = self.last_seen is not None and now - self.last_seen < window
        self.data = replace(
            data,
            connected=self._hub.connected,
            online=recent or None,
            snapshot=await self.pictures.async_load_snapshot(),
        )
        self.config_entry.async_on_unload(
            self.hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self.async_close)
        )

    async def async_close(self, _event: Event | None = None) -> None:
        """Let go of everything that waits, and remember the rest."""
        self._liveness.stop()
        self.client.close()
        await self._store.async_save(self._stored())

    @callback
    def async_listen(
        self, occurrence: Occurrence, listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE:
        """Call a listener when something occurs that is no change of the state."""
        self._occurrence_listeners[occurrence].add(listener)
        return lambda: self._occurrence_listeners[occurrence].discard(listener)

    async def async_take_snapshot(self) -> Snapshot:
        """Take a snapshot; return it when it is stored and shown."""
        return await self.client.take_snapshot()

    async def async_set_outputs(
        self, *, io0: bool | None = None, io1: bool | None = None
    ) -> None:
        """Set one or both IO lines; the other keeps its acknowledged value, or 0."""

        def lines() -> tuple[bool, bool]:
            return (
                bool(self.data.io0 if io0 is None else io0),
                bool(self.data.io1 if io1 is None else io1),
            )

        set0, set1 = await self.client.set_outputs(lines)
        self._async_set(replace(self.data, io0=set0, io1=set1))

    async def async_set_hb_interval(self, seconds: int) -> None:
        """Set the heartbeat interval, then show what the camera says it is.

        All that can be set is sent, the documented form: a camera may take what is
        missing for its default. So it is asked first what it has.
        """
        config = await self.client.get_config()
        await self.client.set_config(replace(config, hb_interval=seconds))
        try:
            self._async_take_config(await self.client.get_config())
        except SnapcamError:
            self._refresh_due = True
            raise

    @callback
    def async_handle_request(self, request: Request) -> None:
        """Handle what the camera asks."""
        if (ret := self._check(request)) is not Ret.OK:
            self._hub.async_answer(self, request, ret)
            # No sign of life, but what the clock is off by is what people look for.
            self._async_occurred(Occurrence.MESSAGE)
        else:
            self._async_heard()
            if request.operate is Operate.HEARTBEAT:
                self._hub.async_answer(self, request, Ret.OK)
            else:
                self._async_run(self._async_upload(request))

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Follow the connection to the broker.

        While it is down no camera can be heard, so the clock stands still; after it
        is back each has a full window to come back as well.
        """
        if connected:
            self._refresh_due = True
            if self.data.online is not False:
                self._liveness.restart()
        else:
            self._liveness.stop()
            self.client.fail(SnapcamNotConnectedError("the broker was lost"))
        self._async_set(replace(self.data, connected=connected))

    def _check(self, request: Request) -> Ret:
        """Check the envelope of a request, and measure the camera's clock."""
        if request.timestamp is None or request.request_id is None:
            return Ret.MALFORMED
        self.clock_offset = request.timestamp - _now()
        if abs(self.clock_offset) > MAX_CLOCK_OFFSET and not self._accept_wrong_clock:
            return Ret.TIMESTAMP
        return Ret.OK

    @callback
    def async_handle_response(self, response: Response) -> bool:
        """Take an answer, and the picture that may be in it."""
        if not self.client.handle_response(response):
            return False
        self._async_heard()
        if response.operate is Operate.CONTROL_CMD and response.ret == Ret.OK:
            if (data := snapshot_data(response)) is not None:
                self._async_run(self._async_captured(response.request_id, data))
        return True

    async def _async_upload(self, request: Request) -> None:
        """Take in an uploaded picture, then answer."""
        try:
            ret = await self.async_take_upload(request)
        except Exception:  # The camera waits for an answer whatever went wrong here.
            _LOGGER.exception("Could not handle a snapshot of %s", self.name)
            ret = Ret.INTERNAL
        self._hub.async_answer(self, request, ret)

    async def async_take_upload(self, request: Request) -> Ret:
        """Take in an uploaded picture; return once it is stored, or why it is not."""
        snapshot, ret = await self.pictures.async_take_upload(request)
        if snapshot is not None:
            self.client.handle_snapshot(snapshot)
        elif ret is not Ret.OK:
            self.client.handle_snapshot(SnapcamPictureError(ret.text))
        return ret

    async def _async_captured(self, request_id: RequestId | None, data: object) -> None:
        """Take in the picture of an answer to take_snapshot."""
        snapshot: Snapshot | None = None
        try:
            snapshot, ret = await self.pictures.async_take_captured(data)
        except Exception:  # Somebody waits for it whatever went wrong here.
            _LOGGER.exception("Could not handle a snapshot of %s", self.name)
            ret = Ret.INTERNAL
        self.client.handle_snapshot(
            snapshot or SnapcamPictureError(ret.text), request_id
        )

    @callback
    def _async_show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a picture that has come in; it changes nothing else."""
        self.data = replace(self.data, snapshot=snapshot)
        self._async_occurred(Occurrence.SNAPSHOT)

    @callback
    def _async_occurred(self, occurrence: Occurrence) -> None:
        """Tell who listens for it."""
        for listener in list(self._occurrence_listeners[occurrence]):
            listener()

    @callback
    def _async_heard(self) -> None:
        """Note a sign of life."""
        self.last_seen = dt_util.utcnow()
        self._liveness.heard()
        if not self.data.online:
            if self.data.online is False:
                _LOGGER.info("%s is back", self.name)
            self._refresh_due = True
            self._async_set(replace(self.data, online=True))
        if self._refresh_due:
            self._refresh_due = False
            self._async_run(self.async_refresh_config())
        self._async_occurred(Occurrence.MESSAGE)

    @callback
    def _async_set_offline(self) -> None:
        """Note that the camera has been silent for too long."""
        _LOGGER.info("%s is offline", self.name)
        self.client.fail(SnapcamNoAnswerError("the camera is offline"))
        self._async_set(replace(self.data, online=False))

    async def async_refresh_config(self) -> None:
        """Ask the camera for its configuration; ask again when it is next heard."""
        try:
            config = await self.client.get_config()
        except SnapcamError as err:
            _LOGGER.debug("%s did not tell its configuration: %s", self.name, err)
            self._refresh_due = True
        else:
            self._async_take_config(config)

    @callback
    def _async_take_config(self, config: DeviceConfig) -> None:
        """Take up what the camera says of itself."""
        interval = self.data.interval
        self._async_set(self.data.with_config(config, dt_util.utcnow()))
        self._async_update_device(config)
        if self.data.interval != interval:
            self._liveness.restart()
            self._check_interval(self.data.interval)

    def _check_interval(self, interval: int) -> None:
        """Mention an interval that the vendor's page does not allow."""
        if not heartbeat_in_range(interval):
            _LOGGER.warning("%s has a heartbeat interval of %s s", self.name, interval)

    @callback
    def _async_update_device(self, config: DeviceConfig) -> None:
        """Show in the device registry what the camera says of itself."""
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id,
            identifiers={(DOMAIN, self.sn)},
            connections=network_connections(config),
            sw_version=config.version or UNDEFINED,
        )

    @callback
    def _async_set(self, data: SnapcamData) -> None:
        """Set the state if it is another one: a heartbeat mostly says nothing new."""
        if data != self.data:
            self.async_set_updated_data(data)
            self._store.async_delay_save(self._stored, SAVE_DELAY)

    def _stored(self) -> StoredData:
        """Return what shall survive a restart."""
        return self.data.as_stored(self.last_seen, self.clock_offset)

    def _camera_time(self) -> int:
        """Return the time for a command: by the camera's clock if that may be wrong."""
        offset = self.clock_offset if self._accept_wrong_clock else None
        return _now() + (offset or 0)

    @callback
    def _async_run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background until the entry is unloaded."""
        self.config_entry.async_create_background_task(self.hass, work, self.name)


def data_store(hass: HomeAssistant, entry: SnapcamConfigEntry) -> Store[StoredData]:
    """Return the store of what survives a restart."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry.entry_id}")


def last_picture_path(hass: HomeAssistant, entry: SnapcamConfigEntry) -> Path:
    """Return the place of the last picture."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry.entry_id}.picture"))


async def async_remove_stored(hass: HomeAssistant, entry: SnapcamConfigEntry) -> None:
    """Remove what survives a restart."""
    await data_store(hass, entry).async_remove()
    await hass.async_add_executor_job(
        LastPicture(last_picture_path(hass, entry)).remove
    )


def network_connections(config: DeviceConfig | None) -> set[tuple[str, str]]:
    """Return the camera's MAC as a connection of its device, if it has told one."""
    mac = config.network_mac if config else None
    return {(dr.CONNECTION_NETWORK_MAC, mac)} if mac else set()


def _now() -> int:
    """Return the time in Unix seconds."""
    return int(time.time())
