"""A camera's messages, its liveness and what survives a restart."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest

from .broker import Broker
from .common import call, heartbeat, pass_time, state
from .const import (
    BUTTON,
    CAMERA,
    CONNECTIVITY,
    DOWN,
    HB_INTERVAL,
    IMAGE,
    IO0,
    IO1,
    LAST_BOOT,
    SN,
    UP,
)
from .simulator import SimulatedCamera


async def test_heartbeat_is_answered(
    hass: HomeAssistant, broker: Broker, entry: ConfigEntry
) -> None:
    """A heartbeat gets the documented answer, at once, unretained, at QoS 0."""
    broker.send(heartbeat(), UP)
    await broker.settle()

    answer = next(p for p in broker.published if b"heartbeat_rsp" in p.payload)
    assert (answer.topic, answer.qos, answer.retain) == (DOWN, 0, False)
    assert answer.message == {
        "operate": "heartbeat_rsp",
        "request_id": "xxxxxx",
        "sn": SN,
        "ret": 0,
        "msg": "",
    }
    assert state(hass, CONNECTIVITY) == STATE_ON


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        pytest.param({"request_id": 17}, 0, id="number as request id"),
        pytest.param({"sn": int(SN)}, 0, id="number as sn"),
        pytest.param({"timestamp": None}, 1, id="no timestamp"),
        pytest.param({"timestamp": "soon"}, 1, id="timestamp is no number"),
        pytest.param({"request_id": None}, 1, id="no request id"),
        pytest.param({"timestamp": 0}, 2, id="clock at 1970"),
        pytest.param({"timestamp": 9_999_999_999}, 2, id="clock in the future"),
    ],
)
async def test_heartbeat_answers(
    broker: Broker, entry: ConfigEntry, changes: dict[str, Any], ret: int
) -> None:
    """Each heartbeat of a known camera is answered with what was wrong with it."""
    sent = heartbeat(**changes)
    broker.send(sent, UP)
    await broker.settle()

    (answer,) = broker.messages("heartbeat_rsp")
    assert answer["ret"] == ret
    assert answer["request_id"] == (sent["request_id"] or "")
    assert answer["msg"].isascii()


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


async def test_refresh_when_the_camera_appears(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: ConfigEntry
) -> None:
    """The first heartbeat makes us ask for the configuration, the next do not."""
    assert state(hass, HB_INTERVAL) == STATE_UNKNOWN
    await camera.send_heartbeat()
    await broker.settle()
    await camera.send_heartbeat()
    await broker.settle()

    assert [request["operate"] for request in camera.received] == ["get_dev_config"]
    assert state(hass, HB_INTERVAL) == "60"
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("snapcam", SN), entry.entry_id
    )
    assert device is not None
    assert device.connections == {(dr.CONNECTION_NETWORK_MAC, camera.config.mac)}
    assert device.serial_number == SN


async def test_refresh_is_tried_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: ConfigEntry,
) -> None:
    """A camera that does not answer is asked again with its next heartbeat."""
    camera.faults.silent = True
    await camera.send_heartbeat()
    await hass.async_block_till_done()
    await pass_time(hass, broker, freezer, 11)
    camera.faults.silent = False
    await camera.send_heartbeat()
    await broker.settle()

    assert state(hass, HB_INTERVAL) == "60"


@pytest.mark.parametrize(
    ("hb_interval", "probe_after", "offline_after"),
    [(15, 22.5, 45), (60, 90, 150), (360, 540, 900)],
)
async def test_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hb_interval: int,
    probe_after: float,
    offline_after: float,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Silence is asked about once, then the camera is offline, then it is back."""
    online.config.hb_interval = hb_interval
    await online.reboot()
    await broker.go_down()
    await broker.come_back()
    await online.send_heartbeat()
    await broker.settle()
    online.received.clear()
    online.publish = _lost

    await pass_time(hass, broker, freezer, probe_after - 1)
    assert online.received == []
    await pass_time(hass, broker, freezer, 2)
    assert [request["operate"] for request in online.received] == ["get_dev_config"]
    await pass_time(hass, broker, freezer, offline_after - probe_after - 2)
    assert state(hass, CONNECTIVITY) == STATE_ON
    await pass_time(hass, broker, freezer, 2)

    assert state(hass, CONNECTIVITY) == STATE_OFF
    assert len(online.received) == 1
    assert {state(hass, e) for e in (BUTTON, IO0, IO1, HB_INTERVAL)} == {
        STATE_UNAVAILABLE
    }
    assert state(hass, CAMERA) == "idle"
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, CONNECTIVITY) == STATE_ON
    assert caplog.text.count("Gate is offline") == 1
    assert caplog.text.count("Gate is back") == 1


async def _lost(_payload: bytes, /, *, retain: bool) -> None:
    """Lose what a camera says."""


async def test_a_probe_keeps_a_camera_online(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A camera whose heartbeats are lost but that answers is not offline."""
    for _ in range(5):
        await pass_time(hass, broker, freezer, 91)
    assert state(hass, CONNECTIVITY) == STATE_ON
    assert len(online.received) == 5


async def test_broker_down_is_not_camera_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """While the broker is down the clock stands still; then a full window passes."""
    await broker.go_down()
    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN
    assert state(hass, BUTTON) == STATE_UNAVAILABLE
    await pass_time(hass, broker, freezer, 3600)
    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN

    await broker.come_back()
    assert state(hass, CONNECTIVITY) == STATE_ON
    online.publish = _lost
    await pass_time(hass, broker, freezer, 91)
    await pass_time(hass, broker, freezer, 58)
    assert state(hass, CONNECTIVITY) == STATE_ON
    await pass_time(hass, broker, freezer, 2)
    assert state(hass, CONNECTIVITY) == STATE_OFF

    await broker.go_down()
    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN
    await broker.come_back()
    assert state(hass, CONNECTIVITY) == STATE_OFF


async def test_never_heard(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
) -> None:
    """A camera added while it is away is unknown for one window, then offline."""
    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN
    await pass_time(hass, broker, freezer, 91)
    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN
    await pass_time(hass, broker, freezer, 60)
    assert state(hass, CONNECTIVITY) == STATE_OFF


async def test_reboot_makes_outputs_unknown(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A shorter run time is a restart: nobody knows what that did to the lines."""
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": IO1}, blocking=True
    )
    assert (state(hass, IO0), state(hass, IO1)) == (STATE_OFF, STATE_ON)
    boot = dt_util.parse_datetime(state(hass, LAST_BOOT), raise_on_error=True)

    await pass_time(hass, broker, freezer, 80)
    await online.reboot()
    await pass_time(hass, broker, freezer, 11)

    assert (state(hass, IO0), state(hass, IO1)) == (STATE_UNKNOWN, STATE_UNKNOWN)
    assert dt_util.parse_datetime(
        state(hass, LAST_BOOT), raise_on_error=True
    ) - boot == timedelta(seconds=80)


async def test_drift_is_no_reboot(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A clock that drifts by seconds each time never adds up to a restart."""
    await call(hass, "switch.turn_on", IO1)
    for _ in range(12):
        await pass_time(hass, broker, freezer, 3600)
        online.booted_at += 8
        await online.send_heartbeat()
        await broker.settle()

    assert len(online.received) > 12
    assert state(hass, IO1) == STATE_ON


async def test_two_quick_reboots(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A run time that is shorter than the last one told is a restart, however soon."""
    await pass_time(hass, broker, freezer, 40)
    await call(hass, "number.set_value", HB_INTERVAL, value=30)
    await call(hass, "switch.turn_on", IO1)
    await online.reboot()
    await call(hass, "number.set_value", HB_INTERVAL, value=60)

    assert state(hass, IO1) == STATE_UNKNOWN


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


async def test_stop(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    broker: Broker,
    online: SimulatedCamera,
    entry: ConfigEntry,
) -> None:
    """What is known when Home Assistant stops is written down."""
    await hass.async_block_till_done()
    hass_storage.clear()
    await hass.async_stop(force=True)

    stored = hass_storage[f"snapcam.{entry.entry_id}"]["data"]
    assert stored["last_seen"] is not None
    assert stored["config"]["hb_interval"] == 60


async def test_the_same_boot_told_twice(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A run time that is a few seconds off is not a restart."""
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": IO1}, blocking=True
    )
    boot = state(hass, LAST_BOOT)
    online.booted_at += 50
    await pass_time(hass, broker, freezer, 91)

    assert len(online.received) == 2
    assert (state(hass, IO1), state(hass, LAST_BOOT)) == (STATE_ON, boot)


@pytest.mark.parametrize("down_for", [30, 3600])
async def test_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: ConfigEntry,
    down_for: int,
) -> None:
    """Configuration, lines, boot and picture are there again before the camera speaks.

    It counts as online if it was heard within its window, else nobody knows yet.
    """
    await online.send_snapshot()
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": IO0}, blocking=True
    )
    await broker.settle()
    entities = (IO0, IO1, HB_INTERVAL, LAST_BOOT, IMAGE)
    before = [state(hass, entity_id) for entity_id in entities]
    assert await hass.config_entries.async_unload(entry.entry_id)

    freezer.tick(timedelta(seconds=down_for))
    assert await hass.config_entries.async_setup(entry.entry_id)
    await broker.settle()

    assert [state(hass, entity_id) for entity_id in entities] == before
    assert state(hass, CONNECTIVITY) == {30: STATE_ON, 3600: STATE_UNKNOWN}[down_for]
    assert online.received[1:] == []


async def test_interval_out_of_range(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: ConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An interval like the vendor's own example is shown as it is and logged once."""
    camera.config.hb_interval = 10
    await camera.send_heartbeat()
    await broker.settle()
    await broker.go_down()
    await broker.come_back()
    await camera.send_heartbeat()
    await broker.settle()

    assert state(hass, HB_INTERVAL) == "10"
    assert len(camera.received) == 2
    assert caplog.text.count("heartbeat interval of 10 s") == 1


async def test_answer_to_nothing(
    hass: HomeAssistant,
    broker: Broker,
    entry: ConfigEntry,
) -> None:
    """An answer nobody asked for is no sign of life."""
    broker.send(
        {"operate": "get_dev_config_rsp", "request_id": "0", "sn": SN, "ret": 0}, UP
    )
    await broker.settle()

    assert state(hass, CONNECTIVITY) == STATE_UNKNOWN
    assert broker.published == []
