"""Pictures that come while their camera is reloaded or removed."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from http import HTTPStatus
import json
from pathlib import Path
import threading
from typing import Any

from aiohttp import StreamReader
from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import JPEG, state, upload
from ..const import EVENT, IMAGE, SN, UP
from ..files import jpeg
from ..simulator import SimulatedCamera
from .common import PICTURES, rets, send, stored


class Disk:
    """A disk that hangs when the first picture is to get its name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have it hang until it is told to go on."""
        self.go, self.hangs = threading.Event(), threading.Event()
        replace = Path.replace

        def replace_later(path: Path, target: Path) -> Path:
            self.hangs.set()
            assert self.go.wait(15)
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", replace_later)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Generator[Disk]:
    """Return a disk that hangs, at most until the end of the test."""
    disk = Disk(monkeypatch)
    yield disk
    disk.go.set()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Return what is set when a post is being read: its camera has been looked up."""
    being_read = asyncio.Event()
    readany = StreamReader.readany

    async def note_and_read(reader: StreamReader) -> bytes:
        being_read.set()
        return await readany(reader)

    monkeypatch.setattr(StreamReader, "readany", note_and_read)
    return being_read


class SlowPost:
    """A post that is read until it is told to go on."""

    def __init__(self, http: TestClient, entry: MockConfigEntry) -> None:
        """Begin it."""
        self.go = asyncio.Event()
        address = f"/api/snapcam/upload/{entry.data['token']}"
        self.reply = asyncio.create_task(http.post(address, data=self._body()))

    async def _body(self) -> AsyncGenerator[bytes]:
        body = json.dumps(upload()).encode()
        yield body[:10]
        await self.go.wait()
        yield body[10:]


async def test_post_while_reloaded(
    hass: HomeAssistant,
    http: TestClient,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    read: asyncio.Event,
) -> None:
    """A picture that comes meanwhile is shown by what was loaded, not by what is gone."""
    post = SlowPost(http, entry)
    await read.wait()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state(hass, IMAGE) == "unknown"
    post.go.set()
    reply = await post.reply
    await broker.settle()

    assert json.loads(await reply.read())["ret"] == 0
    assert stored(media) == [JPEG]
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "uploaded"
    assert state(hass, IMAGE) == event.attributes["captured_at"]


async def test_post_while_removed(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    http: TestClient,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    read: asyncio.Event,
) -> None:
    """A picture of a camera that is gone does not bring back what was removed."""
    await send(broker, PICTURES[0])
    assert stored(media) == PICTURES[:1]
    hass.config_entries.async_update_entry(entry, options={"delete_pictures": True})
    post = SlowPost(http, entry)
    await read.wait()
    assert await hass.config_entries.async_remove(entry.entry_id)
    post.go.set()
    reply = await post.reply
    await hass.async_block_till_done()

    assert reply.status == HTTPStatus.NOT_FOUND
    assert not (media / "snapcam" / SN).exists()
    assert f"snapcam.{entry.entry_id}" not in hass_storage


async def begin_reload(
    hass: HomeAssistant, disk: Disk, entry: MockConfigEntry
) -> asyncio.Task[bool]:
    """Reload the camera, as far as that goes while a picture is being stored."""
    assert await asyncio.to_thread(disk.hangs.wait, 10)
    reloading = asyncio.create_task(hass.config_entries.async_reload(entry.entry_id))
    while entry.state is ConfigEntryState.LOADED:
        await asyncio.sleep(0)
    await asyncio.wait({reloading}, timeout=1)
    return reloading


async def test_reload_while_a_posted_picture_is_stored(
    hass: HomeAssistant,
    http: TestClient,
    media: Path,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    disk: Disk,
) -> None:
    """It is waited for: the camera hears that it is there, and it is shown."""
    address = f"/api/snapcam/upload/{entry.data['token']}"
    posting = asyncio.create_task(http.post(address, json=upload()))
    reloading = await begin_reload(hass, disk, entry)
    assert not reloading.done()
    disk.go.set()
    assert await reloading
    reply = await posting

    assert json.loads(await reply.read())["ret"] == 0
    assert stored(media) == [JPEG]
    assert state(hass, IMAGE) != "unknown"
    assert not ir.async_get(hass).issues


async def test_reload_while_an_uploaded_picture_is_stored(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    disk: Disk,
) -> None:
    """A camera that gets no answer sends again; nobody is told that it failed."""
    message = upload()
    broker.send(message, UP)
    reloading = await begin_reload(hass, disk, entry)
    disk.go.set()
    assert await reloading
    await broker.settle()
    assert rets(broker) in ([], [0])

    broker.send(message, UP)
    await broker.settle()
    assert rets(broker)[-1] == 0
    assert set(stored(media)) == {JPEG}
    assert not ir.async_get(hass).issues


async def test_hung_disk(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    disk: Disk,
) -> None:
    """A camera that goes on sending does not fill the memory meanwhile."""
    large = [jpeg(bytes([n]) * 7 * 1024**2) for n in range(8)]
    for picture in large:
        broker.send(upload(picture), UP)
        await asyncio.sleep(0)
    assert await asyncio.to_thread(disk.hangs.wait, 10)
    # Six of them, in base64, are no more than 64 MiB.
    assert rets(broker) == [6, 6]
    disk.go.set()
    await broker.settle()

    assert rets(broker) == [6, 6] + [0] * 6
    assert stored(media) == large[:6]
