"""The blueprint that tells when a camera is offline."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from ..broker import Broker
from ..common import pass_time, state
from ..const import CONNECTIVITY, SN
from ..simulator import SimulatedCamera
from .common import UseBlueprint, come_back, go_offline


def alert(text: str) -> list[dict[str, Any]]:
    """Return actions that tell what an offline alert knows."""
    known = {
        name: f"{{{{ {name} }}}}"
        for name in ("camera_name", "minutes", "offline_since", "panel_url")
    }
    return [{"event": "told", "event_data": {"text": text} | known}]


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
    await pass_time(hass, broker, freezer, 298)
    assert told == []
    await pass_time(hass, broker, freezer, 3)
    known = {
        "camera_name": "Gate",
        "offline_since": since,
        "panel_url": f"/snapcam/{SN}",
    }
    assert [event.data for event in told] == [
        {"text": "offline", "minutes": 5, **known}
    ]

    await pass_time(hass, broker, freezer, 600)
    assert len(told) == 1
    await come_back(broker, online)
    assert [event.data for event in told[1:]] == [
        {"text": "back", "minutes": 15, **known}
    ]
    # As people read it: nobody is offline for 5.0 minutes.
    assert [str(event.data["minutes"]) for event in told] == ["5", "15"]


async def test_short_interruption(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """Who was not told that it is offline is not told that it is back."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    await go_offline(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 290)
    await come_back(broker, online)
    assert state(hass, CONNECTIVITY) == "on"
    await pass_time(hass, broker, freezer, 20)

    assert told == []


async def test_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """It says nothing of the cameras, so nobody is woken up for it."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    await broker.go_down()
    assert state(hass, CONNECTIVITY) == "unknown"
    await pass_time(hass, broker, freezer, 3600)
    await broker.come_back()
    await online.send_heartbeat()
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
    await pass_time(hass, broker, freezer, 299)
    assert told == []
    await pass_time(hass, broker, freezer, 2)

    assert [event.data["minutes"] for event in told] == [5]


async def test_two_cameras_are_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """The alert for one camera does not wait for that of another to be done."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY, "binary_sensor.side_door_connectivity"],
        offline_actions=[*alert("offline"), {"delay": 60}, *alert("still offline")],
    )
    await go_offline(hass, broker, freezer, online, side_door)
    await pass_time(hass, broker, freezer, 301)
    names = ["Gate", "Side door"]
    assert sorted(event.data["camera_name"] for event in told) == names
    await pass_time(hass, broker, freezer, 61)
    assert sorted(event.data["camera_name"] for event in told[2:]) == names
