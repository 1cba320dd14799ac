"""A disk that hangs, while pictures are read and stored, and cameras come and go."""

import asyncio
from collections.abc import Callable, Generator
from datetime import timedelta
import errno
import logging
import os
from pathlib import Path
import shutil
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import async_browse_media
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.snapcam.pictures.disk import async_get_disk

from ..broker import Broker
from ..common import JPEG, upload, wait_in_vain
from ..const import CAMERA, EVENT, SN, UP
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


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Generator[threading.Event]:
    """Have the folder for media hang, too, and fail once it is set."""
    answers = threading.Event()

    def disk_usage(_path: Path) -> Any:
        answers.wait()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

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


async def test_disk_that_hangs_while_a_picture_is_read(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often a card is refreshed, one thread waits, and none of Home Assistant's."""
    await send(broker, JPEG)
    await reload(hass, broker, entry)
    client = await hass_client()
    disk = async_get_disk(hass)
    answers, read = threading.Event(), Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if folder in path.parents:
            answers.wait()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
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
        answers.set()
    await broker.settle()


async def test_disk_that_hangs_while_somebody_browses(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hanging_folder: None,
) -> None:
    """The media browser says that the folder does not answer."""
    browse = async_browse_media(hass, f"media-source://snapcam/{SN}")
    with pytest.raises(BrowseError) as raised:
        await wait_in_vain(hass, freezer, browse)

    assert raised.value.translation_key == "folder_silent"


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


async def test_disk_that_fails_when_nobody_waits_any_more(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    breaks: threading.Event,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The camera has its answer, and the log one warning: that is no error of ours."""
    broker.send(upload(JPEG), UP)
    await go_on()
    freezer.tick(timedelta(seconds=9))
    await go_on()
    assert rets(broker) == [6]

    breaks.set()
    while async_get_disk(hass).running:
        await asyncio.sleep(0)
    await broker.settle()
    assert [x for x in caplog.records if x.levelno > logging.WARNING] == []


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
