"""What went wrong once with pictures, and must not again."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from http import HTTPStatus
import json
from pathlib import Path
import threading
from typing import Any

from aiohttp import StreamReader
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import JPEG, pass_time, state, upload
from ..const import EVENT, IMAGE, IO0, SN, UP
from ..simulator import SimulatedCamera
from ..test_services import control

PICTURES = [JPEG.replace(b"a picture", b"%d" % number) for number in range(9)]


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


def stored(media: Path) -> list[bytes]:
    """Return the pictures on disk, the oldest first."""
    files = sorted(media.glob("snapcam/*/*/*"))
    return [path.read_bytes() for path in files if path.is_file()]


def rets(broker: Broker) -> list[int]:
    """Return what uploads were answered."""
    return [answer["ret"] for answer in broker.messages("upload_snapshot_rsp")]


async def send(broker: Broker, *pictures: bytes) -> None:
    """Have the camera upload pictures."""
    for picture in pictures:
        broker.send(upload(picture), UP)
        await broker.settle()


async def reload(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:
    """Load the camera again, with other options."""
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_clock_was_ahead(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Pictures of days to come go first, and are not taken for the newest.

    Else every picture after the clock was put right would go at once, although it was
    answered with 0.
    """
    await reload(hass, entry, keep_count=3)
    now = dt_util.utcnow()
    freezer.move_to(now + timedelta(days=365))
    await send(broker, *PICTURES[:3])
    freezer.move_to(now)
    await send(broker, PICTURES[3])
    freezer.tick(timedelta(seconds=1))
    await send(broker, PICTURES[4])
    assert rets(broker) == [0] * 5
    # By their names, the one of next year is the last.
    assert stored(media) == [*PICTURES[3:5], PICTURES[2]]

    newest = state(hass, IMAGE)
    assert newest == dt_util.utcnow().isoformat()
    await reload(hass, entry, keep_count=3, keep_days=7)
    assert state(hass, IMAGE) == newest
    freezer.tick(timedelta(seconds=1))
    await send(broker, PICTURES[5])
    assert stored(media) == PICTURES[3:6]


@pytest.mark.parametrize(("stuck", "left"), [("folder", 3), ("file", 2)])
async def test_file_that_cannot_be_removed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    stuck: str,
    left: int,
) -> None:
    """One thing that stays does not keep all the others from being removed.

    It must not count as removed whenever that is tried.
    """
    freezer.move_to("2030-01-01 12:00:00")
    await reload(hass, entry, keep_count=3)
    day = dt_util.now().date().isoformat()
    path = media / "snapcam" / SN / day / "000000-000000.jpg"
    path.parent.mkdir(parents=True)
    {"folder": lambda: (path / "a").mkdir(parents=True), "file": path.touch}[stuck]()
    unlink = Path.unlink

    def unlink_others(other: Path, missing_ok: bool = False) -> None:
        {path: path.rmdir}.get(other, lambda: unlink(other, missing_ok))()

    monkeypatch.setattr(Path, "unlink", unlink_others)
    for picture in PICTURES:
        await send(broker, picture)
        freezer.tick(timedelta(seconds=1))

    assert rets(broker) == [0] * len(PICTURES)
    assert path.exists()
    assert [picture for picture in stored(media) if picture] == PICTURES[-left:]


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
    large = [JPEG[:4] + bytes([n]) * 7 * 1024**2 + JPEG[-2:] for n in range(8)]
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
