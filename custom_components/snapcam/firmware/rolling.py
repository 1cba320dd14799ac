"""Roll a firmware out: canaries first, then waves, until all have it or too many fail.

What was asked of a camera is written down in its own install, which names the roll-out,
before it is asked. So whatever comes between, nothing is asked twice.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
import logging
import secrets
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..models import Offer
from .errors import SnapcamNoRollOutError, SnapcamRollOutError
from .evidence import Changes, Reach, async_try, is_offered, outcome, reach
from .offers import async_change_offers
from .packages import Copy
from .rollout import ACTIVE, Member, Plan, RollOut, Status, Step
from .rollout_news import async_raise_issue, async_tell

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION: Final = 1
SAVE_DELAY: Final = 1.0
MAX_PUT_OFF: Final = timedelta(hours=1)

ROLL_OUTS: HassKey[RollOuts] = HassKey(f"{DOMAIN}_roll_outs")


class RollOuts:
    """The roll-out there is, or the last one there was."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with none."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.roll_out", atomic_writes=True
        )
        self._starting = asyncio.Lock()
        self._asking: set[str] = set()
        self._put_off: dict[str, tuple[int, datetime]] = {}
        self._followed: dict[str, CALLBACK_TYPE] = {}
        self._listeners: set[CALLBACK_TYPE] = set()
        self._stop_timer: CALLBACK_TYPE | None = None
        self.current: RollOut | None = None

    async def async_load(self) -> None:
        """Take up the roll-out that a restart has interrupted."""
        self._hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_STOP, self._async_forget_timer
        )
        async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )
        try:
            if stored := await self._store.async_load():
                self.current = RollOut.from_stored(stored)
        except Exception as err:  # noqa: BLE001
            # Cut off, of a later version, or of a shape nobody thinks of.
            _LOGGER.warning("What was stored of the roll-out cannot be read: %r", err)
        if self.current and self.current.status is Status.STOPPED:
            async_raise_issue(self._hass, self.current)

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener whenever the roll-out went on."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_check(self) -> None:
        """Check that there can be a roll-out.

        Raises:
            SnapcamRollOutError: There is one already.
        """
        if self.current and self.current.status in ACTIVE:
            raise SnapcamRollOutError("there is one already")

    async def async_start(
        self,
        entries: Collection[ConfigEntry],
        offer: Offer,
        copy: Copy | None,
        plan: Plan,
    ) -> None:
        """Offer a firmware to cameras, and begin to install it.

        Raises:
            SnapcamRollOutError: There is one already.
            OSError: The package cannot be stored.
        """
        async with self._starting:
            self.async_check()
            members = {entry.entry_id: entry for entry in entries}
            await async_change_offers(self._hass, members.values(), offer, copy)
            self._put_off.clear()
            self._async_set(
                RollOut(
                    id=secrets.token_hex(8),
                    offer=offer,
                    plan=plan,
                    members=dict.fromkeys(members, Member()),
                )
            )
            await self._async_save()
        for entry in members.values():
            self._async_follow(entry)
        self._async_go_on()

    @callback
    def async_pause(self) -> None:
        """Begin no more installs; those under way go on to their end.

        Raises:
            SnapcamNoRollOutError: None is running.
        """
        self._async_set(replace(self._in(Status.RUNNING), status=Status.PAUSED))

    @callback
    def async_resume(self) -> None:
        """Go on, whatever has failed until now.

        Raises:
            SnapcamNoRollOutError: None is paused or has stopped.
        """
        roll_out = self._in(Status.PAUSED, Status.STOPPED)
        self._put_off.clear()
        for entry_id in roll_out.of(Step.LEFT):
            roll_out = roll_out.with_member(entry_id, why=None, details={})
        accepted = len(roll_out.of(Step.FAILED))
        self._async_set(replace(roll_out, status=Status.RUNNING, accepted=accepted))
        self._async_go_on()

    async def async_abort(self) -> None:
        """End it, and withdraw the firmware from the cameras that are left.

        Raises:
            SnapcamNoRollOutError: There is none.
        """
        roll_out = self._in(*ACTIVE)
        self._async_set(replace(roll_out, status=Status.ABORTED))
        entries = map(self._entry, roll_out.of(Step.LEFT))
        offered = [x for x in entries if x and is_offered(x, roll_out.offer)]
        await async_change_offers(self._hass, offered, None)

    @callback
    def away(self) -> int:
        """Return how many cameras are left that are not in reach."""
        left = self.current.of(Step.LEFT) if self.current else []
        entries = [self._entry(entry_id) for entry_id in left]
        return sum(self._reach(x) is not Reach.READY for x in entries if x is not None)

    def _in(self, *allowed: Status) -> RollOut:
        """Return the roll-out, if it is like that.

        Raises:
            SnapcamNoRollOutError: It is not.
        """
        if self.current is None or self.current.status not in allowed:
            raise SnapcamNoRollOutError("there is none that could")
        return self.current

    @callback
    def _async_set(self, roll_out: RollOut) -> None:
        """Set how far it is, and tell whoever wants to know."""
        former, self.current = self.current, roll_out
        if roll_out == former:
            return
        self._store.async_delay_save(self._stored, SAVE_DELAY)
        async_tell(self._hass, roll_out, former)
        self._async_notify()

    @callback
    def _async_notify(self) -> None:
        """Have those who look at it look again."""
        for listener in list(self._listeners):
            listener()

    async def _async_save(self) -> None:
        """Write down now how far it is."""
        await self._store.async_save(self._stored())

    def _stored(self) -> dict[str, Any]:
        """Return what is to survive a restart."""
        return self.current.as_stored() if self.current else {}

    def _entry(self, entry_id: str) -> ConfigEntry | None:
        """Return a camera; None if it was removed, or somebody has disabled it."""
        entry = self._hass.config_entries.async_get_entry(entry_id)
        return None if entry is None or entry.disabled_by else entry

    @callback
    def _async_entry_changed(
        self, change: ConfigEntryChange, entry: ConfigEntry
    ) -> None:
        """Follow a camera that is reloaded or gone."""
        if self.current and entry.entry_id in self.current.members:
            self._async_follow(entry)
            self._async_go_on()

    @callback
    def _async_follow(self, entry: ConfigEntry) -> None:
        """Follow what a camera does, while it is set up."""
        if unfollow := self._followed.pop(entry.entry_id, None):
            unfollow()
        if entry.state is ConfigEntryState.LOADED:
            self._followed[entry.entry_id] = entry.runtime_data.async_add_listener(
                self._async_go_on
            )

    @callback
    def _async_go_on(self, _now: datetime | None = None) -> None:
        """Do what can be done now; nothing is begun before all of a wave has ended."""
        if self.current is None or self._starting.locked():
            return
        self._async_forget_timer()
        self._async_settle()
        roll_out = self.current
        if roll_out.status is Status.RUNNING and roll_out.must_stop:
            self._async_set(replace(roll_out, status=Status.STOPPED))
        elif roll_out.status is Status.RUNNING and not roll_out.of(Step.INSTALLING):
            self._async_begin(roll_out)
        if self.current.status not in ACTIVE and not self.current.of(Step.INSTALLING):
            while self._followed:
                self._followed.popitem()[1]()
        # Also how many are in reach may be otherwise than before.
        self._async_notify()

    @callback
    def _async_settle(self) -> None:
        """Take up how installs have ended, and which cameras are gone."""
        if self.current is None:
            return
        roll_out = self.current
        for entry_id in roll_out.of(Step.LEFT, Step.INSTALLING):
            if (entry := self._entry(entry_id)) is None:
                roll_out = roll_out.without(entry_id)
            elif (
                roll_out.members[entry_id].step is Step.INSTALLING
                and entry_id not in self._asking
                and (member := outcome(entry, roll_out)) is not None
            ):
                roll_out = roll_out.with_member(entry_id, **member)
        self._async_set(roll_out)

    @callback
    def _async_begin(self, roll_out: RollOut) -> None:
        """Begin the next wave; if that has to wait, come back when it can."""
        now = dt_util.utcnow()
        left = [(x, self._entry(x)) for x in roll_out.of(Step.LEFT)]
        reaches = {x: self._reach(entry) for x, entry in left if entry}
        if not left:
            self._async_set(replace(roll_out, status=Status.FINISHED))
        elif (start := roll_out.starts_at(now)) > now:
            self._async_come_back(start)
        elif ready := [x for x, it in reaches.items() if it is Reach.READY]:
            self._async_ask(ready[: roll_out.wave])
        elif not roll_out.plan.wait_offline and set(reaches.values()) == {Reach.AWAY}:
            for entry_id in reaches:
                roll_out = roll_out.with_member(entry_id, step=Step.SKIPPED)
            self._async_set(replace(roll_out, status=Status.FINISHED))
        elif self._put_off:
            self._async_come_back(min(until for _, until in self._put_off.values()))

    @callback
    def _async_come_back(self, when: datetime) -> None:
        """Look again at some time."""
        self._stop_timer = async_track_point_in_utc_time(
            self._hass, self._async_go_on, dt_util.as_utc(when)
        )

    @callback
    def _async_forget_timer(self, _event: Event | None = None) -> None:
        """Look again only when something happens."""
        if self._stop_timer is not None:
            self._stop_timer()
            self._stop_timer = None

    def _reach(self, entry: ConfigEntry) -> Reach:
        """Return whether a camera can be told to install something."""
        if entry.entry_id in self._put_off:
            if self._put_off[entry.entry_id][1] > dt_util.utcnow():
                return Reach.AWAY
        return reach(entry)

    @callback
    def _async_ask(self, entry_ids: list[str]) -> None:
        """Have a wave of cameras install it."""
        roll_out = self._in(Status.RUNNING)
        for entry_id in entry_ids:
            roll_out = roll_out.with_member(
                entry_id, step=Step.INSTALLING, why=None, details={}
            )
        self._asking.update(entry_ids)
        self._async_set(roll_out)
        self._hass.async_create_background_task(
            self._async_run_wave(entry_ids), "snapcam roll-out"
        )

    async def _async_run_wave(self, entry_ids: list[str]) -> None:
        """See the installs of a wave to their end."""
        try:
            await self._async_save()
            await asyncio.gather(*map(self._async_install, entry_ids))
        finally:
            self._asking.difference_update(entry_ids)
            self._async_go_on()

    async def _async_install(self, entry_id: str) -> None:
        """Install it on a camera, and note how that has ended."""
        roll_out, entry = self.current, self._entry(entry_id)
        if roll_out is None or entry is None:
            return
        changes: Changes | None = None
        try:
            changes = await async_try(entry, roll_out)
        except Exception:
            # What this camera does must not end it for all; its own install tells.
            _LOGGER.exception("The firmware of %s was not updated", entry.title)
            self._async_put_off(entry_id)
        self._asking.discard(entry_id)
        if changes is not None and self.current and entry_id in self.current.members:
            if changes["step"] is Step.LEFT:
                self._async_put_off(entry_id)
            self._async_set(self.current.with_member(entry_id, **changes))
        self._async_go_on()

    @callback
    def _async_put_off(self, entry_id: str) -> None:
        """Leave a camera for later, each time longer."""
        tries, _ = self._put_off.get(entry_id, (0, None))
        wait = min(timedelta(minutes=2**tries), MAX_PUT_OFF)
        self._put_off[entry_id] = (min(tries + 1, 10), dt_util.utcnow() + wait)


async def async_set_up_roll_outs(hass: HomeAssistant) -> None:
    """Set up what rolls firmware out, and take up what was interrupted."""
    hass.data[ROLL_OUTS] = roll_outs = RollOuts(hass)
    await roll_outs.async_load()
