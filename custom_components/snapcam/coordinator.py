"""One camera: what it sends becomes state, pictures and answers."""

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import CONF_DELETE_PICTURES, CONF_FORMER, CONF_SN, CONF_TOKEN, DOMAIN
from .delivery.delivery import Delivery
from .delivery.inheritance import Inheritance
from .device.device import Occurrence, SnapcamDevice, data_store
from .device.liveness import Liveness, offline_seconds
from .device.outputs import Outputs
from .device.settings import Settings
from .firmware.install import Firmware
from .issues import WRONG_SN, WRONG_SN_HTTP, CameraIssues, async_withdraw_all
from .link.captures import Wanted
from .link.hub import Probed, SnapcamHub
from .models import Snapshot
from .pictures.choice import Choice
from .pictures.inbox import PictureInbox, SnapshotEvent
from .pictures.store import PictureStore, async_remove_pictures
from .pictures.watch import PictureWatch, is_watched
from .protocol import (
    FROM_DEVICE,
    UNKNOWN_OPERATE,
    Operate,
    Request,
    Response,
    Ret,
    SnapcamError,
    SnapcamLostError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    same_sn,
    snapshot_data,
)

_LOGGER = logging.getLogger(__name__)

TIDY_INTERVAL: Final = timedelta(hours=1)


type SnapcamConfigEntry = ConfigEntry[SnapcamCoordinator]


class SnapcamCoordinator(SnapcamDevice):
    """Turn the messages of a camera into its state, and put its parts together."""

    config_entry: SnapcamConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: SnapcamConfigEntry, hub: SnapcamHub
    ) -> None:
        """Initialize the camera."""
        super().__init__(hass, entry, hub)
        self.picture_store = PictureStore(hass, self.sn, entry.options)
        self.watch = PictureWatch(
            hass,
            self.picture_store,
            run=self.async_run,
            is_wanted=lambda: (
                self.is_followed(Occurrence.IMPRESSION)
                or is_watched(hass, entry.entry_id)
            ),
            on_event=self._async_announce,
        )
        self.pictures = PictureInbox(
            hass,
            self.picture_store,
            self.client,
            self.journal,
            on_snapshot=self._async_show_snapshot,
            on_event=self.watch.async_announce,
        )
        self.last_event: SnapshotEvent | None = None
        self.posts_from_outside = 0
        self._wants_first_picture = False
        self.settings = Settings(self, on_read=self._async_settings_read)
        self.token: str = entry.data[CONF_TOKEN]
        self.delivery = Delivery(self, self.settings, self.token)
        self._inheritance = Inheritance(self, self.settings, self.delivery)
        self.outputs = Outputs(self)
        self.firmware = Firmware(self, self.settings)
        self._liveness = Liveness(
            interval=lambda: self.data.interval,
            on_quiet=lambda: self.async_run(self.settings.async_refresh()),
            on_silent=self._async_set_offline,
        )

    async def async_load(self, probed: Probed | None) -> None:
        """Take up what was known before, and what the config flow has just heard."""
        async with self._hub.storing:
            data = await self.async_restore()
            snapshot = await self.picture_store.async_load()
        now = dt_util.utcnow()
        if probed is not None:
            data = data.with_config(probed.config, probed.at)
            self.last_seen = probed.at
        window = timedelta(seconds=offline_seconds(data.interval))
        recent = self.last_seen is not None and now - self.last_seen < window
        self.data = replace(
            data,
            connected=self._hub.broker.connected,
            online=recent or None,
            snapshot=snapshot,
        )
        self.settings.async_check_interval()
        on_unload = self.config_entry.async_on_unload
        # Before MQTT is disconnected.
        for end in (self.outputs.async_end, self.delivery.async_end):
            on_unload(self.hass.async_add_shutdown_job(HassJob(end)))
        on_unload(
            self.hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self.async_close)
        )
        on_unload(async_at_started(self.hass, self._async_started))
        on_unload(
            async_track_time_interval(
                self.hass, self.pictures.async_tidy, TIDY_INTERVAL
            )
        )
        self.outputs.async_resume()
        self.delivery.async_resume()
        self.firmware.async_resume()

    @callback
    def _async_started(self, _hass: HomeAssistant) -> None:
        """Count the pictures, which nobody waits for."""
        self.async_run(self._async_count_pictures())

    async def _async_count_pictures(self) -> None:
        """Count the pictures, a few cameras at a time."""
        async with self._hub.storing:
            await self.pictures.async_tidy()

    async def async_close(self, event: Event | None = None) -> None:
        """Let go of everything that waits, and remember the rest."""
        self._liveness.stop()
        self.client.close()
        self.firmware.async_close()
        if self.config_entry.disabled_by is not None:
            async_withdraw_all(self.hass, self.sn)
            self.issues.async_clear_all()
        await self.pictures.async_close()
        async with self._hub.storing:
            await self.async_save()

    @callback
    def async_handle_request(self, request: Request) -> None:
        """Handle what the camera asks over MQTT."""
        self.journal.heard(request)
        ret = self._async_admit(request)
        if ret is Ret.OK and request.operate is Operate.UPLOAD_SNAPSHOT:
            self._async_take(self._async_upload(request))
        else:
            self._async_answer(request, ret)

    async def async_handle_post(self, request: Request) -> Ret:
        """Handle what the camera asks over HTTP, and return what to answer."""
        self.journal.heard(request)
        if not same_sn(request.sn, self.sn):
            self.issues.async_note_wrong_sn(WRONG_SN_HTTP, sn=request.sn)
            return Ret.WRONG_SN
        ret = self._async_admit(request)
        if ret is Ret.OK and request.operate is Operate.UPLOAD_SNAPSHOT:
            ret = await self.pictures.async_take_upload(request)
            if ret in (Ret.OK, Ret.NOT_STORED):
                self.delivery.async_arrived()
        return ret

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Follow the connection to the broker.

        While it is down no camera can be heard, so the clock stands still; after it
        is back each has a full window to come back as well.
        """
        if connected:
            self.due = True
            if self.data.online is not False:
                self._liveness.restart()
        else:
            self._liveness.stop()
            self.client.fail(SnapcamLostError("the broker was lost"))
        self.async_set(replace(self.data, connected=connected))

    @callback
    def _async_admit(self, request: Request) -> Ret:
        """Mark the camera as online by a valid request, or return why it is refused."""
        ret = self._check(request)
        if ret is Ret.OK:
            self.firmware.async_heard()
            self._async_heard()
            self.issues.async_note_right_sn()
        else:
            # What the clock is off by is what people look for then.
            self.async_tell(Occurrence.MESSAGE)
        return ret

    def _check(self, request: Request) -> Ret:
        """Check the envelope of a request, and measure the camera's clock."""
        if request.operate not in FROM_DEVICE:
            return Ret.MALFORMED
        if request.is_bare:
            return Ret.OK
        if request.request_id is None:
            return Ret.MALFORMED
        is_live = request.operate is Operate.HEARTBEAT
        if self.clock.check(request.timestamp, is_live=is_live):
            return Ret.OK
        return Ret.MALFORMED if request.timestamp is None else Ret.TIMESTAMP

    @callback
    def async_handle_unreadable(self, error: SnapcamMessageError) -> None:
        """Note that a message of this camera cannot be read, and why."""
        self.journal.missed(str(error))
        self.client.handle_unreadable(error.reason)
        # Other messages than the protocol's are no fault of the camera.
        if str(error) != UNKNOWN_OPERATE:
            self.issues.async_note_unreadable(error.reason)

    @callback
    def async_handle_wrong_sn(self, sn: str, topic: str) -> None:
        """Note that a message has a serial number that does not belong there."""
        expected = self.up.topic(sn)
        self.issues.async_note_wrong_sn(WRONG_SN, sn=sn, topic=topic, expected=expected)

    @callback
    def async_handle_response(self, response: Response) -> bool:
        """Take an answer, and the picture that may be in it."""
        if not self.client.handle_response(response):
            return False
        self.journal.heard(response)
        self.settings.async_answered()
        self._async_heard()
        if response.operate is Operate.CONTROL_CMD and response.ret == Ret.OK:
            if (data := snapshot_data(response)) is not None:
                self._async_take(
                    self.pictures.async_take_captured(data, response.request_id)
                )
        return True

    @callback
    def _async_take(self, work: Coroutine[Any, Any, None]) -> None:
        """Take in a picture, to the end even if the entry is unloaded meanwhile."""
        self.hass.async_create_background_task(work, f"snapcam picture of {self.sn}")

    async def _async_upload(self, request: Request) -> None:
        """Take in an uploaded picture, then answer."""
        self._async_answer(request, await self.pictures.async_take_upload(request))

    @callback
    def _async_answer(self, request: Request, ret: Ret) -> None:
        """Answer a request that came over MQTT."""
        self.journal.said(self._hub.async_answer(self, request, ret))

    @callback
    def async_inherit(self) -> None:
        """Have a camera that has answered already told what it inherits, if anything."""
        if self.data.online:
            self._inheritance.async_check()

    @callback
    def async_want_first_picture(self) -> None:
        """Have a new camera take a picture as soon as it is there."""
        self._wants_first_picture = True
        if self.data.online and self.data.connected:
            self._async_take_first_picture()

    @callback
    def _async_take_first_picture(self) -> None:
        """Have a new camera take a picture, once, so that dashboards have one to show."""
        self._wants_first_picture = False
        self.async_run(self._async_capture_first())

    async def _async_capture_first(self) -> None:
        """Have a new camera take a picture if there is none; nobody has asked for it."""
        async with self._hub.first_pictures:
            if self.data.snapshot is None:
                with suppress(SnapcamError):
                    await self.client.take_snapshot(Wanted.BY_US)

    async def async_keep_pictures(self, choice: Choice, *, kept: bool) -> int:
        """Have pictures survive all limits, or no longer; return how many have changed.

        Raises:
            OSError: That could not be done with all of them.
        """
        names = await self.picture_store.async_keep(choice, kept=kept)
        snapshot = self.data.snapshot
        if snapshot is not None and snapshot.name in names:
            self._async_show_snapshot(replace(snapshot, name=names[snapshot.name]))
        return len(names)

    async def async_delete_pictures(self, choice: Choice) -> int:
        """Remove pictures, and return how many; the newest that is left is shown.

        Raises:
            OSError: That could not be done with all of them.
        """
        names = await self.picture_store.async_delete(choice)
        shown = self.data.snapshot
        if shown is not None and shown.name in names:
            newest = await self.picture_store.async_load()
            # One may have come in meanwhile.
            if self.data.snapshot is shown:
                self._async_show_snapshot(newest)
        return len(names)

    @callback
    def _async_show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show a picture that is the newest now; it changes nothing else."""
        self.data = replace(self.data, snapshot=snapshot)
        self.async_tell(Occurrence.SNAPSHOT)

    @callback
    def _async_announce(self, event: SnapshotEvent) -> None:
        """Announce what has happened to a snapshot, when all else is done."""
        self.last_event = event
        if event.snapshot is not None:
            self.async_tell(Occurrence.IMPRESSION)
        self.async_tell(Occurrence.EVENT)

    @callback
    def _async_heard(self) -> None:
        """Mark the camera as online."""
        self.last_seen = dt_util.utcnow()
        if self.data.connected:
            self._liveness.heard()
        if not self.data.online:
            if self.data.online is False:
                _LOGGER.info("%s is back", self.name)
            self.due = True
            self.async_set(replace(self.data, online=True))
        if self.due:
            self.due = False
            self.async_run(self.settings.async_refresh())
        if self._wants_first_picture:
            self._async_take_first_picture()
        self.async_tell(Occurrence.MESSAGE)

    @callback
    def _async_set_offline(self) -> None:
        """Note that the camera has been silent for too long."""
        _LOGGER.info("%s is offline", self.name)
        self.client.fail(SnapcamNoAnswerError("the camera is offline"))
        self.firmware.async_silent()
        self.settings.async_silent()
        self.async_set(replace(self.data, online=False))

    @callback
    def _async_settings_read(self, former_interval: int) -> None:
        """Follow what the camera has just said of itself."""
        if self.data.interval != former_interval:
            self._liveness.restart()
        self.firmware.async_settings_read()
        self._inheritance.async_check()
        self.async_check_delivery()

    @callback
    def async_check_delivery(self) -> None:
        """Tell the camera our address if that has changed."""
        if self.delivery.async_is_outdated():
            self.async_run(self.delivery.async_renew())


async def async_remove_stored(hass: HomeAssistant, entry: SnapcamConfigEntry) -> None:
    """Remove what survives a restart; the pictures only if that was wanted."""
    async_withdraw_all(hass, entry.data[CONF_SN])
    CameraIssues(hass, entry).async_clear_all()
    await data_store(hass, entry).async_remove()
    if entry.options.get(CONF_DELETE_PICTURES, False):
        for sn in (entry.data[CONF_SN], *entry.data.get(CONF_FORMER, ())):
            await _async_remove_pictures(hass, entry, sn)


async def _async_remove_pictures(
    hass: HomeAssistant, entry: SnapcamConfigEntry, sn: str
) -> None:
    """Remove the pictures under a serial number, unless they are another camera's."""
    others = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    if any(
        sn in (x.data[CONF_SN], *x.data.get(CONF_FORMER, ()))
        for x in others
        if x is not entry
    ):
        return
    try:
        await async_remove_pictures(hass, sn)
    except OSError as err:
        _LOGGER.warning(
            "The pictures of %s could not be removed: %s", entry.title, err.strerror
        )
