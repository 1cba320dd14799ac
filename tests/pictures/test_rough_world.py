"""Pictures where the world is rough: clocks, shares, file managers and disks that hang."""

import asyncio
from collections.abc import Callable, Generator
from datetime import timedelta
import os
from pathlib import Path
import shutil
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockPahoClient,
)

from custom_components.snapcam.device.device import Occurrence
from custom_components.snapcam.pictures.disk import async_get_disk

from ..broker import Broker
from ..common import JPEG, PNG, pass_time, state, upload
from ..const import CAMERA, EVENT, IMAGE, SN, UP
from ..simulator import SimulatedCamera
from .common import PICTURES, rets, send, shown, stored


@pytest.fixture
def folder(media: Path) -> Path:
    """Return the folder of the camera's pictures."""
    return media / "snapcam" / SN


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Generator[threading.Event]:
    """Have the folder for media hang whenever a picture is stored, until it is set."""
    answers = threading.Event()
    usage = shutil.disk_usage

    def disk_usage(path: Path) -> Any:
        answers.wait()
        return usage(path)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    yield answers
    answers.set()


async def reload(hass: HomeAssistant, broker: Broker, entry: MockConfigEntry) -> None:
    """Load the camera again."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await broker.settle()


async def go_on() -> None:
    """Let all go on that can, while something hangs."""
    for _ in range(200):
        await asyncio.sleep(0)


async def test_picture_is_on_the_disk_before_it_is_answered(
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    online: SimulatedCamera,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First its bytes, then its name, then the answer: a power cut may come between."""
    await send(broker, PNG)
    steps: list[str] = []
    sync, replace, publish = os.fsync, Path.replace, mqtt_client.publish.side_effect

    def note_sync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        steps.append("sync the folder" if path.is_dir() else "sync the file")
        sync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(path, target)

    def note_publish(*args: Any) -> Any:
        steps.append("answer")
        return publish(*args)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    mqtt_client.publish.side_effect = note_publish
    await send(broker, JPEG)

    assert steps == ["sync the file", "rename", "sync the folder", "answer"]


async def test_clock_is_a_year_ahead_for_an_hour(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
) -> None:
    """A clock that is put right by the next look costs no picture."""
    await send(broker, *PICTURES[:3])
    freezer.tick(timedelta(days=365))
    await pass_time(hass, broker, freezer, 3601)
    assert stored(media) == PICTURES[:3]

    freezer.move_to(dt_util.utcnow() - timedelta(days=365))
    for _ in range(3):
        await pass_time(hass, broker, freezer, 3601)
    assert stored(media) == PICTURES[:3]


async def test_clock_that_is_wrong_at_a_start(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
) -> None:
    """A small computer has no time before it has a network: no picture goes for that."""
    await send(broker, *PICTURES[:3])
    freezer.tick(timedelta(days=365))
    await reload(hass, broker, entry)
    await send(broker, PICTURES[3])

    assert stored(media) == PICTURES[:4]


@pytest.mark.parametrize("left", [".DS_Store", "@eaDir/thumb.jpg", "Thumbs.db", ""])
async def test_what_file_managers_leave_behind(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
    left: str,
) -> None:
    """A day without pictures is none, whatever else is in its folder."""
    day = folder / "2020-01-01"
    (day / left).parent.mkdir(parents=True)
    if left:
        (day / left).write_bytes(b"x")
    await reload(hass, broker, entry)

    assert not day.exists()


async def test_day_with_somebody_elses_file_stays(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """We remove what nobody would miss, and nothing else."""
    notes = folder / "2020-01-01" / "notes.txt"
    notes.parent.mkdir(parents=True)
    notes.write_text("mine")
    (notes.parent / ".DS_Store").write_text("x")
    await reload(hass, broker, entry)

    assert {path.name for path in notes.parent.iterdir()} == {"notes.txt", ".DS_Store"}


async def test_empty_file_is_one_picture_less(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
    media: Path,
) -> None:
    """When an empty file goes, no real picture has to go for it."""
    hass.config_entries.async_update_entry(entry, options={"keep_count": 3})
    await send(broker, *PICTURES[:2])
    empty = folder / "2020-01-01" / "120000-000000.jpg"
    empty.parent.mkdir()
    empty.touch()
    await reload(hass, broker, entry)
    await send(broker, PICTURES[2])

    assert stored(media) == PICTURES[:3]


async def test_share_that_keeps_no_times(
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some shares refuse to set a file's time; its name tells it."""

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    await send(broker, JPEG)

    assert rets(broker) == [0]
    assert stored(media) == [JPEG]


async def test_no_folder_for_media(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Without one in the configuration there is still Home Assistant's own."""
    hass.config.media_dirs = {}
    await reload(hass, broker, entry)
    await send(broker, JPEG)

    assert rets(broker) == [0]
    assert stored(Path(hass.config.path("media"))) == [JPEG]


async def test_share_that_is_not_mounted(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
    issues: Callable[[], set[str]],
) -> None:
    """Nothing is written where the share would hide it; the picture is shown."""
    await send(broker, PNG)
    mounted = media.rename(media.with_name("elsewhere"))
    await send(broker, JPEG)
    assert rets(broker) == [0, 6]
    assert not media.exists()
    assert issues() == {"storage_failed"}
    assert await shown(hass, hass_client) == ("image/jpeg", JPEG)

    mounted.rename(media)
    await send(broker, PICTURES[1])
    assert rets(broker) == [0, 6, 0]
    assert issues() == set()


async def test_hour_that_comes_twice(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
) -> None:
    """On the day that has 25 hours, the file's time tells which picture is newer."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2030-10-27 00:59:00")
    for picture in PICTURES[:3]:
        await send(broker, picture)
        freezer.tick(timedelta(minutes=2))
    newest = state(hass, IMAGE)
    hass.config_entries.async_update_entry(entry, options={"keep_count": 2})
    await reload(hass, broker, entry)

    assert state(hass, IMAGE) == newest
    assert set(stored(media)) == set(PICTURES[1:3])


async def test_disk_that_hangs_while_a_picture_is_read(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """However often a card is refreshed, one thread waits, and none of Home Assistant's."""
    await send(broker, JPEG)
    await reload(hass, broker, entry)
    (picture,) = folder.glob("*/*")
    picture.unlink()
    os.mkfifo(picture)
    client = await hass_client()
    disk = async_get_disk(hass)
    refreshes = [
        asyncio.create_task(client.get(f"/api/camera_proxy/{CAMERA}"))
        for _ in range(100)
    ]
    try:
        while not disk.running:
            await asyncio.sleep(0)
        assert await hass.async_add_executor_job(lambda: "free") == "free"
        assert len(disk.running) == 1
        freezer.tick(timedelta(seconds=9))
        responses = await asyncio.gather(*refreshes)
        assert {response.status for response in responses} == {200}
    finally:
        os.close(os.open(picture, os.O_RDWR))
    await broker.settle()


async def test_disk_that_hangs_while_a_picture_is_stored(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
    issues: Callable[[], set[str]],
    hang: threading.Event,
) -> None:
    """Each camera is told that its picture could not be stored; it is shown."""
    for picture in PICTURES[:3]:
        broker.send(upload(picture), UP)
    for _ in range(3):
        await go_on()
        freezer.tick(timedelta(seconds=9))
    await go_on()
    assert rets(broker) == [6, 6, 6]
    assert issues() == {"storage_failed"}
    assert await shown(hass, hass_client) == ("image/jpeg", PICTURES[2])

    hang.set()
    await broker.settle()
    await send(broker, PICTURES[4])
    assert rets(broker)[-1] == 0
    assert PICTURES[4] in stored(media)
    assert issues() == set()


async def test_picture_that_comes_while_the_camera_is_set_up(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    media: Path,
) -> None:
    """What is answered with 0 is announced: it waits until all that does it is there."""

    @callback
    def first_entity(_event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        stop()
        broker.send(upload(), UP)

    stop = hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, first_entity)
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await broker.settle()

    assert rets(broker) == [0]
    entity = hass.states.get(EVENT)
    assert entity is not None
    assert entity.attributes["event_type"] == "uploaded"


@pytest.mark.parametrize("end", ["async_reload", "async_unload", "async_remove"])
async def test_picture_that_is_being_stored_when_its_camera_goes(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
    hang: threading.Event,
    end: str,
) -> None:
    """It is stored, announced and answered before the entities are gone."""
    seen: list[str] = []
    hass.bus.async_listen(
        "state_changed",
        callback(
            lambda event: (
                seen.append(event.data["new_state"].attributes.get("event_type"))
                if event.data["entity_id"] == EVENT and event.data["new_state"]
                else None
            )
        ),
    )
    broker.send(upload(), UP)
    await go_on()
    ending = hass.async_create_task(
        getattr(hass.config_entries, end)(entry.entry_id), eager_start=False
    )
    await go_on()
    hang.set()
    await ending
    await broker.settle()

    assert rets(broker) == [0]
    assert "uploaded" in seen
    assert stored(media) == [JPEG]


async def test_pictures_are_deleted_with_the_one_that_is_being_stored(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
    hang: threading.Event,
) -> None:
    """Who wants no pictures left has none left."""
    hass.config_entries.async_update_entry(entry, options={"delete_pictures": True})
    broker.send(upload(), UP)
    await go_on()
    removing = hass.async_create_task(
        hass.config_entries.async_remove(entry.entry_id), eager_start=False
    )
    await go_on()
    hang.set()
    await removing
    await broker.settle()

    assert list((media / "snapcam").iterdir()) == []


async def test_listener_that_fails(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The store decides what is answered; showing and announcing cannot change it."""

    def fail() -> None:
        raise ZeroDivisionError

    for occurrence in Occurrence:
        entry.runtime_data.async_listen(occurrence, fail)
    await send(broker, JPEG)

    assert rets(broker) == [0]
    assert stored(media) == [JPEG]
    assert state(hass, IMAGE) != "unknown"
    entity = hass.states.get(EVENT)
    assert entity is not None
    assert entity.attributes["event_type"] == "uploaded"
    assert "Could not update what follows Gate" in caplog.text
