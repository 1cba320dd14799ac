"""The blueprint that takes pictures by the clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import come_back, pass_time, state
from ..const import CONNECTIVITY, EVENT, OTHER_SN, SN
from ..simulator import SimulatedCamera
from .common import INTERVALS, UseBlueprint, commands, errors, go_offline


@pytest.fixture
def gate(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of the camera."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("snapcam", SN), entry.entry_id
    )
    assert device is not None
    return device.id


@pytest.fixture
async def far_east(hass: HomeAssistant) -> None:
    """Live where it is nine hours later than in Greenwich, summer and winter."""
    await hass.config.async_set_time_zone("Asia/Tokyo")


async def pass_until(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
    time: str,
) -> None:
    """Let it be a local time, a second after the camera was heard."""
    moment = datetime.fromisoformat(f"{time}+09:00")
    freezer.move_to(moment - timedelta(seconds=1))
    await camera.send_heartbeat()
    await broker.settle()
    camera.received.clear()
    await pass_time(hass, broker, freezer, 1)


WORKING_HOURS = {"after": "08:00:00", "before": "20:00:00"}


NIGHT = {"after": "20:00:00", "before": "06:00:00"}


WORKDAYS = {"weekdays": ["mon", "tue", "wed", "thu", "fri"]}


EVERY_SIXTH_HOUR = {"minutes": "0", "hours": "/6"}


@pytest.mark.parametrize(
    ("inputs", "time", "pictures"),
    [
        ({}, "2026-11-22T00:00:00", 1),
        ({}, "2026-11-22T23:45:00", 1),
        ({}, "2026-11-22T12:01:00", 0),
        (WORKING_HOURS, "2026-11-23T07:45:00", 0),
        (WORKING_HOURS, "2026-11-23T08:00:00", 1),
        (WORKING_HOURS, "2026-11-23T19:45:00", 1),
        (WORKING_HOURS, "2026-11-23T20:00:00", 0),
        (NIGHT, "2026-11-23T19:45:00", 0),
        (NIGHT, "2026-11-23T20:00:00", 1),
        (NIGHT, "2026-11-23T05:45:00", 1),
        (NIGHT, "2026-11-23T06:00:00", 0),
        # Saturday has begun in Tokyo, not in Greenwich; then Monday likewise.
        (WORKDAYS, "2026-11-28T08:00:00", 0),
        (WORKDAYS, "2026-11-30T08:00:00", 1),
        (EVERY_SIXTH_HOUR, "2026-11-23T18:00:00", 1),
        (EVERY_SIXTH_HOUR, "2026-11-23T18:15:00", 0),
        (EVERY_SIXTH_HOUR, "2026-11-23T17:00:00", 0),
    ],
)
async def test_schedule(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    far_east: None,
    gate: str,
    use_blueprint: UseBlueprint,
    inputs: dict[str, Any],
    time: str,
    pictures: int,
) -> None:
    """Pictures are taken at the times people chose, by their own clock, and then only."""
    freezer.move_to(datetime.fromisoformat(f"{time}+09:00") - timedelta(seconds=2))
    await use_blueprint("time_lapse", camera=gate, **inputs)
    await pass_until(hass, broker, freezer, online, time)

    assert commands(online) == pictures * ["take_snapshot"]


async def start_at_full_hour(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
) -> None:
    """Let it be just after a full hour, with a camera that was heard just then."""
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    freezer.move_to(hour + timedelta(hours=1))
    await camera.send_heartbeat()
    await pass_time(hass, broker, freezer, 1)
    camera.received.clear()


@pytest.mark.parametrize("minutes", INTERVALS)
async def test_interval(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
    minutes: str,
) -> None:
    """Pictures come at equal distances over the full hour, and each one is kept."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes=minutes)
    start = dt_util.utcnow()
    for _ in range(60):
        await online.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)

    media = Path(hass.config.media_dirs["local"])
    times = [
        datetime.fromtimestamp(path.stat().st_mtime, UTC)
        for path in media.glob(f"snapcam/{SN}/*/*.jpg")
    ]
    taken = [(time - start) // timedelta(minutes=1) for time in sorted(times)]
    assert taken == INTERVALS[minutes]


async def test_no_time_lapse_of_a_camera_that_is_off(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
) -> None:
    """It is not asked, nothing is logged or announced, and it goes on by itself."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes="/10")
    await go_offline(hass, broker, freezer, online)
    broker.published.clear()
    for _ in range(6):
        await pass_time(hass, broker, freezer, 600)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 600)
    await broker.come_back()
    assert broker.messages("control_cmd") == []
    assert state(hass, EVENT) == "unknown"
    assert errors(caplog) == []

    await come_back(broker, online)
    online.received.clear()
    for _ in range(10):
        await online.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)
    assert commands(online) == ["take_snapshot"]


async def test_time_lapse_of_a_camera_that_fails(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
) -> None:
    """A picture that does not come is logged once, and the next one is taken."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes="/1")
    online.faults.ret = 7
    await pass_time(hass, broker, freezer, 60)
    await pass_time(hass, broker, freezer, 60)
    assert len(errors(caplog)) == 2
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "failed"
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 60)

    assert commands(online) == 3 * ["take_snapshot"]
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "captured"


async def test_time_lapse_of_several_cameras(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
) -> None:
    """All of them at once; one that is off is not asked, and holds up nobody."""
    devices = dr.async_get(hass)
    (entry,) = (
        entry
        for entry in hass.config_entries.async_entries("snapcam")
        if entry.unique_id == OTHER_SN
    )
    (other,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    await start_at_full_hour(hass, broker, freezer, online)
    await side_door.send_heartbeat()
    await broker.settle()
    await use_blueprint("time_lapse", camera=[gate, other.id], minutes="/1")
    side_door.received.clear()
    await pass_time(hass, broker, freezer, 60)
    assert commands(online) == commands(side_door) == ["take_snapshot"]

    broker.disconnect(online)
    online.received.clear()
    for _ in range(5):
        await side_door.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)
    assert state(hass, CONNECTIVITY) == "off"
    broker.published.clear()
    side_door.received.clear()
    await pass_time(hass, broker, freezer, 60)
    assert [x["sn"] for x in broker.messages("control_cmd")] == [OTHER_SN]
    assert commands(side_door) == ["take_snapshot"]
