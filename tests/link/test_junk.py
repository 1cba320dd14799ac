"""What is no message of a camera."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.snapcam.link.hub import async_get_hub

from ..broker import Broker
from ..common import heartbeat, state
from ..const import CONNECTIVITY, SN, UP
from ..simulator import SimulatedCamera
from .common import logged


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"hello", id="not JSON"),
        pytest.param(b"[1, 2]", id="not an object"),
        pytest.param(b"[" * 100_000, id="deeply nested"),
        pytest.param({"operate": "reboot", "sn": SN}, id="unknown operate"),
        pytest.param({"operate": ["heartbeat"], "sn": SN}, id="operate is a list"),
        pytest.param({"operate": "heartbeat"}, id="no sn"),
        pytest.param({"operate": "heartbeat", "sn": "../up"}, id="sn is a path"),
        pytest.param({"operate": "heartbeat", "sn": "+"}, id="sn is a wildcard"),
        pytest.param({"operate": "control_cmd", "sn": SN}, id="only we send that"),
        pytest.param(b'{"a": "' + b"x" * 16_777_216 + b'"}', id="too long"),
    ],
)
async def test_junk(
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
    message: bytes | dict[str, Any],
) -> None:
    """Junk gets no answer and one line in the log, which does not quote it."""
    for _ in range(3):
        broker.send(message, UP)
    await broker.settle()

    assert broker.published == []
    (line,) = logged(caplog)
    assert line.startswith(f"Dropped a message on {UP}: ")
    assert len(line) < 120


async def test_ten_thousand_junk_messages(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Ten thousand of them, on a thousand topics, are counted; few are logged."""
    for number in range(10_000):
        broker.send(b"junk", f"snapcam/{number % 1000}/up")
    await broker.settle()

    assert len(logged(caplog)) == 100
    assert async_get_hub(hass).dropped == {"not JSON": 10_000}
    await online.send_heartbeat()
    await broker.settle()
    assert online.answers[-1]["ret"] == 0


async def test_junk_is_logged_again_after_an_hour(
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A topic that is still wrong an hour later is mentioned again."""
    for _ in range(3):
        broker.send(b"junk", UP)
        freezer.tick(timedelta(minutes=31))

    assert len(logged(caplog)) == 2


async def test_retained_messages(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """What the broker kept from long ago is no sign of life and no new picture."""
    broker.send(heartbeat(), UP, retain=True)
    await broker.settle()

    assert broker.published == []
    assert state(hass, CONNECTIVITY) == "unknown"
