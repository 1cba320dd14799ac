"""The clock of a camera."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from ..broker import Broker
from ..common import call, heartbeat, state
from ..const import CONNECTIVITY, HB_INTERVAL, IMAGE, IO1, UP
from ..simulator import SimulatedCamera


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
