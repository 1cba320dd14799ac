"""The clock of a camera."""

from collections.abc import Callable
from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest

from ..broker import Broker
from ..common import call, heartbeat, state, upload
from ..const import CONNECTIVITY, HB_INTERVAL, IMAGE, IO1, UP
from ..simulator import SimulatedCamera


async def test_backlog(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
    issues: Callable[[], set[str]],
) -> None:
    """Pictures taken at all times, and uploaded one after the other, are no wrong clock."""
    now = int(dt_util.utcnow().timestamp())
    for minutes in (90, 80, 61, 30, 7):
        broker.send(upload(timestamp=now - 60 * minutes, request_id=minutes), UP)
        await broker.settle()
    assert [x["ret"] for x in broker.messages("upload_snapshot_rsp")] == [2] * 5
    assert issues() == set()
    assert entry.runtime_data.clock.offset is None


async def test_slow_uploads_with_a_right_clock(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: ConfigEntry,
    issues: Callable[[], set[str]],
) -> None:
    """Pictures that are always as late are none either, while heartbeats are in order."""
    for number in range(3):
        now = int(dt_util.utcnow().timestamp())
        broker.send(upload(timestamp=now - 600, request_id=number), UP)
        await broker.settle()
        freezer.tick(30)
    assert issues() == set()
    assert entry.runtime_data.clock.offset == 0


async def test_wrong_clock_of_uploads(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
    issues: Callable[[], set[str]],
) -> None:
    """A camera that only uploads is told of when it is off by the same again."""
    for number in range(2):
        assert issues() == set()
        now = int(dt_util.utcnow().timestamp())
        broker.send(upload(timestamp=now - 8 * 3600, request_id=number), UP)
        await broker.settle()
        freezer.tick(1000)
    assert issues() == {f"wrong_clock_{entry.entry_id}"}
    assert entry.runtime_data.clock.offset == -8 * 3600


async def test_the_text_follows(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
) -> None:
    """A clock that is set to another wrong time is wrong in another way; ignored stays so.

    What Home Assistant has only kept of an issue over a restart appears again.
    """
    issue_id, registry = f"wrong_clock_{entry.entry_id}", ir.async_get(hass)
    for offset, text in ((-(10**9), "past"), (8 * 3600, "zone_ahead")):
        now = int(dt_util.utcnow().timestamp())
        broker.send(heartbeat(timestamp=now + offset), UP)
        issue = registry.async_get_issue("snapcam", issue_id)
        assert issue is not None
        assert issue.active
        assert issue.translation_key == f"wrong_clock_{text}"
        registry.async_ignore("snapcam", issue_id, ignore=True)
    assert issue.dismissed_version is not None

    kept = replace(issue, active=False, translation_key=None)
    registry.issues["snapcam", issue_id] = kept
    assert await hass.config_entries.async_reload(entry.entry_id)
    broker.send(heartbeat(timestamp=now + 8 * 3600), UP)
    issue = registry.async_get_issue("snapcam", issue_id)
    assert issue is not None
    assert issue.active


@pytest.mark.parametrize(("offset", "ret"), [(300, 0), (-300, 0), (301, 2), (-301, 2)])
async def test_five_minutes(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
    offset: int,
    ret: int,
) -> None:
    """The vendor's five minutes are counted to the second, and refusals are not life."""
    now = int(dt_util.utcnow().timestamp())
    broker.send(heartbeat(timestamp=now + offset), UP)
    await broker.settle()

    assert broker.messages("heartbeat_rsp")[0]["ret"] == ret
    assert state(hass, CONNECTIVITY) == {0: STATE_ON, 2: STATE_UNKNOWN}[ret]


async def test_wrong_clock_accepted(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: ConfigEntry,
) -> None:
    """With the option, a camera a year behind is served, by its own clock."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    camera.faults.clock_offset = -365 * 86400
    camera.strict_clock = True

    await camera.send_heartbeat()
    await broker.settle()
    await camera.send_snapshot()
    await broker.settle()

    assert [answer["ret"] for answer in camera.answers] == [0, 0]
    assert state(hass, IMAGE) == dt_util.utcnow().isoformat()
    assert state(hass, HB_INTERVAL) == "60"


async def test_clock_offset_survives_a_restart(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: ConfigEntry,
) -> None:
    """A camera with a clock of its own takes commands before it is heard again."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    online.strict_clock = True
    online.faults.clock_offset = -86400
    await online.send_heartbeat()
    await broker.settle()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await call(hass, "switch.turn_on", IO1)

    assert state(hass, IO1) == STATE_ON
