"""Messages become state and answers."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from .broker import Broker
from .common import call, heartbeat, pass_time, state
from .const import CONNECTIVITY, DOWN, HB_INTERVAL, IMAGE, IO0, IO1, LAST_BOOT, SN, UP
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
        pytest.param({"request_id": None}, 0, id="no request id"),
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
