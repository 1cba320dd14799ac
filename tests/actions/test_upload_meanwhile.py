"""What a camera uploads while it is asked for a picture."""

import asyncio
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
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import JPEG, PNG, pass_time, take, upload
from ..const import CAMERA, EVENT, UP
from ..pictures.common import rets
from ..simulator import SimulatedCamera


@pytest.fixture
def kinds(hass: HomeAssistant, online: SimulatedCamera) -> list[tuple[str, str]]:
    """Return the kinds of the snapshot events that there are, and their pictures."""
    found: list[tuple[str, str]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        changed = event.data["new_state"]
        assert isinstance(changed, State)
        if (kind := changed.attributes.get("event_type")) is not None:
            path = str(changed.attributes.get("media_content_id"))
            found.append((kind, Path(path).suffix))

    async_track_state_change_event(hass, EVENT, note)
    return found


@pytest.mark.parametrize("picture", [PNG, b"no picture"])
async def test_upload_while_a_snapshot_is_taken(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    kinds: list[tuple[str, str]],
    media: Path,
    picture: bytes,
) -> None:
    """What the camera sends by itself meanwhile is not what was asked for."""
    handle = online.handle

    async def upload_first(payload: bytes) -> None:
        online.handle = handle  # type: ignore[method-assign]
        broker.send(upload(picture), UP)
        await handle(payload)

    online.handle = upload_first  # type: ignore[method-assign]
    response = await take(hass, CAMERA)
    await broker.settle()

    assert response[CAMERA]["content_type"] == "image/jpeg"
    first = ("uploaded", ".png") if picture == PNG else ("failed", "")
    assert sorted(kinds) == sorted([first, ("captured", ".jpg")])
    files = [path.read_bytes() for path in media.glob("snapcam/*/*/*")]
    assert online.last_picture in files


class Hasty:
    """A camera that uploads the picture that was asked for before it answers."""

    def __init__(self, broker: Broker) -> None:
        """Initialize with nothing asked for."""
        self._broker = broker
        self._asked: dict[str, Any] = {}

    async def handle(self, payload: bytes) -> None:
        """Upload a picture, and answer later."""
        message = json.loads(payload)
        if message["operate"] == "control_cmd":
            self._asked = message
            self._broker.send(upload(PNG), UP)

    async def answer(self) -> None:
        """Answer without a picture."""
        command = {"cmd_data": {"type": "take_snapshot"}, "ret": 0, "msg": ""}
        operate = {"operate": "control_cmd_rsp"}
        self._broker.send(self._asked | command | operate, UP)
        await self._broker.settle()


@pytest.fixture
def hasty(broker: Broker, online: SimulatedCamera) -> Hasty:
    """Return what the camera does instead of what it is told."""
    hasty = Hasty(broker)
    online.handle = hasty.handle  # type: ignore[method-assign]
    return hasty


async def test_upload_before_the_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    hasty: Hasty,
    kinds: list[tuple[str, str]],
) -> None:
    """What the action returns is announced as captured, and only as that."""
    taken = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    assert rets(broker) == [0]
    await hasty.answer()
    assert kinds == []
    await pass_time(hass, broker, freezer, 2.1)

    response = (await taken)[CAMERA]
    assert response["content_type"] == "image/png"
    assert kinds == [("captured", ".png")]


async def test_uploads_before_and_after_the_answer(
    hass: HomeAssistant, broker: Broker, hasty: Hasty, kinds: list[tuple[str, str]]
) -> None:
    """The first one after an answer without a picture is the one that was asked for."""
    taken = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    await hasty.answer()
    broker.send(upload(JPEG), UP)
    await broker.settle()

    assert (await taken)[CAMERA]["content_type"] == "image/jpeg"
    assert kinds == [("uploaded", ".png"), ("captured", ".jpg")]


async def test_upload_without_an_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    hasty: Hasty,
    kinds: list[tuple[str, str]],
) -> None:
    """The camera sent it by itself, for all we know."""
    taken = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    await pass_time(hass, broker, freezer, 20.1)

    with pytest.raises(HomeAssistantError):
        await taken
    assert kinds == [("uploaded", ".png"), ("failed", "")]


async def test_upload_when_the_camera_goes_before_it_answers(
    hass: HomeAssistant,
    broker: Broker,
    hasty: Hasty,
    entry: MockConfigEntry,
    kinds: list[tuple[str, str]],
) -> None:
    """It was answered with success, so it is announced while the entities are there."""
    taken = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    assert await hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(HomeAssistantError):
        await taken
    assert kinds == [("uploaded", ".png")]
