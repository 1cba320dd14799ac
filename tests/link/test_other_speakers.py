"""Nobody speaks for a camera but on a topic that is the camera's."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, heartbeat, state, upload
from ..const import CONNECTIVITY, IMAGE, IO0, OTHER_SN, SN
from ..simulator import SimulatedCamera
from .common import set_up

OTHERS_UP = f"snapcam/{OTHER_SN}/up"
OTHERS_DOWN = f"snapcam/{OTHER_SN}/down"


@pytest.mark.parametrize("message", [heartbeat, upload])
async def test_nobody_answers_for_a_strangers_topic(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, message: Any
) -> None:
    """Who speaks for a camera elsewhere is not heard, and the camera is told nothing."""
    broker.send(message(), OTHERS_UP)
    await broker.settle()

    assert broker.published == []
    assert state(hass, CONNECTIVITY) == "unknown"
    assert state(hass, IMAGE) == "unknown"


@pytest.mark.parametrize("message", [heartbeat, upload])
async def test_the_owner_of_a_topic_is_told(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, message: Any
) -> None:
    """A camera with a wrong serial number in it hears so where it listens itself."""
    await set_up(hass, OTHER_SN)
    await broker.settle()
    broker.published.clear()
    broker.send(message(request_id="mine"), OTHERS_UP)
    await broker.settle()

    (answer,) = broker.published
    assert answer.topic == OTHERS_DOWN
    assert (answer.message["ret"], answer.message["sn"]) == (7, OTHER_SN)
    assert state(hass, CONNECTIVITY) == "unknown"
    assert state(hass, IMAGE) == "unknown"


@pytest.mark.parametrize(
    ("up", "topic"),
    [("cams/up", "cams/up"), ("south/{sn}/up", f"south/{SN}/up")],
    ids=["shared", "beside"],
)
@pytest.mark.parametrize("message", [heartbeat, upload])
async def test_another_cameras_template_admits_nobody(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    message: Any,
    up: str,
    topic: str,
) -> None:
    """What a second camera is set up with is no way to speak for the first."""
    await set_up(hass, OTHER_SN, up, "cams/{sn}/down")
    await broker.settle()
    broker.published.clear()
    broker.send(message(), topic)
    await broker.settle()

    assert broker.published == []
    assert state(hass, CONNECTIVITY) == "unknown"
    assert state(hass, IMAGE) == "unknown"


async def test_a_command_is_not_acknowledged_by_another_camera(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    online: SimulatedCamera,
) -> None:
    """Who knows the number of a request does not become the camera that was asked."""
    await set_up(hass, OTHER_SN)
    await broker.settle()
    broker.disconnect(camera)
    switching = hass.async_create_task(call(hass, "switch.turn_on", IO0))
    await broker.settle()
    (asked,) = broker.messages("control_cmd")
    forged = {"operate": "control_cmd_rsp", "sn": SN, "ret": 0, "msg": ""}
    broker.send(forged | {"request_id": asked["request_id"]}, OTHERS_UP)
    await broker.settle()

    assert state(hass, IO0) == "unknown"
    switching.cancel()
