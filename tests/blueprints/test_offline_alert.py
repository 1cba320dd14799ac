"""The blueprint that tells when a camera is offline."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
from homeassistant.util import dt as dt_util
import pytest

from ..broker import Broker
from ..common import come_back, pass_time, state
from ..const import CONNECTIVITY, SN
from ..simulator import SimulatedCamera
from .common import UseBlueprint, go_offline


def alert(text: str) -> list[dict[str, Any]]:
    """Return actions that tell what an offline alert knows."""
    known = {
        name: f"{{{{ {name} | default('') }}}}"
        for name in (
            "camera_name",
            "count",
            "minutes",
            "offline_since",
            "panel_url",
            "summary",
        )
    }
    return [{"event": "told", "event_data": {"text": text} | known}]


@pytest.fixture(autouse=True)
def clock(freezer: FrozenDateTimeFactory) -> None:
    """Begin at the same second of a minute, since alerts come by the minute."""
    freezer.tick((80 - dt_util.utcnow().second) % 60)


@pytest.fixture
async def watched(
    online: SimulatedCamera, use_blueprint: UseBlueprint
) -> SimulatedCamera:
    """Return a camera of which people are told when it is offline, and when it is back."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    return online


async def pass_minutes(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory, minutes: int
) -> None:
    """Let some minutes pass, one by one, as a clock does."""
    for _ in range(minutes):
        await pass_time(hass, broker, freezer, 60 - dt_util.utcnow().second)


@pytest.mark.parametrize(
    "duration",
    [
        pytest.param({}, id="default"),
        pytest.param({"duration": {"minutes": 5}}, id="by the editor"),
        pytest.param({"duration": "00:05:00"}, id="text"),
        pytest.param({"duration": 300}, id="seconds"),
    ],
)
async def test_offline_alert(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
    duration: dict[str, Any],
) -> None:
    """Once when it has been offline for so long, and once when it is back."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
        **duration,
    )
    await go_offline(hass, broker, freezer, online)
    since = dt_util.now().isoformat()
    await pass_minutes(hass, broker, freezer, 5)
    assert told == []
    await pass_minutes(hass, broker, freezer, 2)
    known = {
        "camera_name": "Gate",
        "offline_since": since,
        "panel_url": f"/snapcam/{SN}",
    }
    assert [event.data for event in told] == [
        {
            "text": "offline",
            "minutes": 6,
            "summary": "1 camera offline: Gate",
            "count": 1,
            **known,
        }
    ]

    await pass_minutes(hass, broker, freezer, 10)
    assert len(told) == 1
    await come_back(broker, online)
    assert [event.data | known for event in told[1:]] == [
        {"text": "back", "minutes": 16, "summary": "", "count": "", **known}
    ]
    # As people read it: nobody is offline for 5.0 minutes.
    assert [str(event.data["minutes"]) for event in told] == ["6", "16"]


async def test_short_interruption(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    watched: SimulatedCamera,
    told: list[Event],
) -> None:
    """Who was not told that it is offline is not told that it is back."""
    await go_offline(hass, broker, freezer, watched)
    await pass_minutes(hass, broker, freezer, 4)
    await come_back(broker, watched)
    assert state(hass, CONNECTIVITY) == "on"
    await pass_minutes(hass, broker, freezer, 4)

    assert told == []


async def test_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    watched: SimulatedCamera,
    told: list[Event],
) -> None:
    """It says nothing of the cameras, so nobody is woken up for it."""
    await broker.go_down()
    assert state(hass, CONNECTIVITY) == "unknown"
    await pass_time(hass, broker, freezer, 3600)
    await broker.come_back()
    await watched.send_heartbeat()
    await broker.settle()
    assert state(hass, CONNECTIVITY) == "on"

    assert told == []


async def test_broker_is_down_before_the_alert(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """The time in which nobody knows does not count, but the alert comes."""
    await use_blueprint(
        "offline_alert", cameras=[CONNECTIVITY], offline_actions=alert("offline")
    )
    await go_offline(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 200)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 3600)
    await broker.come_back()
    await pass_minutes(hass, broker, freezer, 5)
    assert told == []
    await pass_minutes(hass, broker, freezer, 3)

    assert [event.data["minutes"] for event in told] == [6]


@pytest.mark.parametrize("chosen", ["none", "sensors", "label"])
async def test_two_cameras_are_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
    chosen: str,
) -> None:
    """One message of those that go offline together, chosen or not at all."""
    label = lr.async_get(hass).async_create("Outside")
    devices = dr.async_get(hass)
    for entry in hass.config_entries.async_entries("snapcam"):
        (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
        devices.async_update_device(device.id, labels={label.label_id})
    inputs: dict[str, dict[str, Any]] = {
        "none": {},
        "sensors": {"cameras": [CONNECTIVITY, "binary_sensor.side_door_connectivity"]},
        "label": {"target": {"label_id": label.label_id}},
    }
    await use_blueprint(
        "offline_alert", offline_actions=alert("offline"), **inputs[chosen]
    )
    broker.disconnect(online)
    await pass_time(hass, broker, freezer, 45)
    await side_door.send_heartbeat()
    broker.disconnect(side_door)
    # Half a minute apart, in two minutes of the clock.
    for _ in range(15):
        await pass_time(hass, broker, freezer, 15)
    await pass_minutes(hass, broker, freezer, 9)

    assert [event.data["summary"] for event in told] == [
        "2 cameras offline: Gate, Side door"
    ]
    assert told[0].data["panel_url"] == "/snapcam"


async def test_another_camera_is_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """Only those that were chosen are told of."""
    await use_blueprint(
        "offline_alert",
        cameras=["binary_sensor.side_door_connectivity"],
        offline_actions=alert("offline"),
    )
    await go_offline(hass, broker, freezer, online, side_door)
    await pass_minutes(hass, broker, freezer, 9)

    assert [event.data["camera_name"] for event in told] == ["Side door"]


async def test_chinese(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """The message is in the language of the blueprint."""
    await use_blueprint("offline_alert.zh-Hans", offline_actions=alert("offline"))
    await go_offline(hass, broker, freezer, online)
    await pass_minutes(hass, broker, freezer, 8)

    assert [event.data["summary"] for event in told] == ["1 台摄像头离线：Gate"]


async def test_back_of_an_area(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """A camera that is watched because of its area is told of when it is back."""
    area = ar.async_get(hass).async_create("Garden")
    (entry,) = hass.config_entries.async_entries("snapcam")
    devices = dr.async_get(hass)
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    devices.async_update_device(device.id, area_id=area.id)
    await use_blueprint(
        "offline_alert",
        target={"area_id": [area.id]},
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    await go_offline(hass, broker, freezer, online)
    await pass_minutes(hass, broker, freezer, 8)
    await come_back(broker, online)

    assert [event.data["text"] for event in told] == ["offline", "back"]
