"""Whether a camera is there, told from its silence."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest

from ..broker import Broker
from ..common import call, pass_time, state
from ..const import BUTTON, CAMERA, CONNECTIVITY, HB_INTERVAL, IO0, IO1, SN
from ..simulator import SimulatedCamera


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
    assert STATE_UNAVAILABLE not in {
        state(hass, e) for e in (BUTTON, IO0, IO1, HB_INTERVAL)
    }
    assert state(hass, CAMERA) == "idle"
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, CONNECTIVITY) == STATE_ON
    assert caplog.text.count("Gate is offline") == 1
    assert caplog.text.count("Gate is back") == 1


async def test_a_silent_camera_is_asked_in_vain(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Home Assistant would skip what is unavailable; that nothing happened is told."""
    broker.disconnect(online)
    for _ in range(3):
        await pass_time(hass, broker, freezer, 60)
    assert state(hass, CONNECTIVITY) == STATE_OFF
    pressed = asyncio.create_task(call(hass, "button.press", BUTTON))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await pressed

    assert raised.value.translation_key == "no_answer"


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
