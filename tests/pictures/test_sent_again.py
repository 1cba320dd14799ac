"""Pictures that are sent again, and answers that are none."""

import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
import pytest

from ..broker import Broker
from ..common import JPEG, control, pass_time, state, upload
from ..const import EVENT, IO0, SN, UP
from ..simulator import SimulatedCamera
from .common import rets, stored


@pytest.fixture
def kinds(hass: HomeAssistant, online: SimulatedCamera) -> list[str]:
    """Return the kinds of the snapshot events that there are."""
    found: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        changed = event.data["new_state"]
        assert isinstance(changed, State)
        found.append(changed.attributes["event_type"])

    async_track_state_change_event(hass, EVENT, note)
    return found


async def send_again(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    message: dict[str, Any],
) -> None:
    """Have a camera send the same three times, for it is not content."""
    for _ in range(3):
        broker.send(message, UP)
        await pass_time(hass, broker, freezer, 1)


async def test_bad_picture_is_sent_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    kinds: list[str],
) -> None:
    """Every try is answered, but only the first one is news."""
    await send_again(hass, broker, freezer, upload(b"no picture"))

    assert rets(broker) == [4, 4, 4]
    assert kinds == ["failed"]


async def test_unstored_picture_is_sent_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    kinds: list[str],
) -> None:
    """It may be stored one day, but is the same picture."""
    folder = media / "snapcam" / SN
    folder.parent.mkdir(parents=True)
    folder.write_text("no folder")
    message = upload()
    await send_again(hass, broker, freezer, message)
    assert rets(broker) == [6, 6, 6]
    folder.unlink()
    broker.send(message, UP)
    await broker.settle()

    assert rets(broker)[-1] == 0
    assert stored(media) == [JPEG]
    assert kinds == ["uploaded"]


async def test_answer_of_an_output_is_no_picture(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    kinds: list[str],
) -> None:
    """Some firmware puts data into every answer; only a snapshot's is a picture."""
    publish = online.publish

    async def add_data(payload: bytes, /, *, retain: bool) -> None:
        message = json.loads(payload)
        message["cmd_data"]["data"] = "ok"
        await publish(json.dumps(message).encode(), retain=retain)

    online.publish = add_data
    await control(hass, io0=True)
    await broker.settle()

    assert state(hass, IO0) == "on"
    assert kinds == []
