"""Pictures where the world is rough: clocks, shares and file managers."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
import errno
import os
from pathlib import Path
import stat
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockPahoClient,
)

from custom_components.snapcam.device.device import Occurrence

from ..broker import Broker
from ..common import JPEG, PNG, pass_time, state, upload
from ..const import EVENT, IMAGE, SN, UP
from ..simulator import SimulatedCamera
from .common import PICTURES, rets, send, shown, stored


@pytest.fixture
def folder(media: Path) -> Path:
    """Return the folder of the camera's pictures."""
    return media / "snapcam" / SN


async def reload(hass: HomeAssistant, broker: Broker, entry: MockConfigEntry) -> None:
    """Load the camera again."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await broker.settle()


async def test_picture_is_on_the_disk_before_it_is_answered(
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    online: SimulatedCamera,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First its bytes, then its name, then the answer: a power cut may come between."""
    await send(broker, PNG)
    steps = note_steps(mqtt_client, monkeypatch)
    await send(broker, JPEG)

    assert steps == ["sync the file", "rename", "sync the folder", "answer"]


async def test_pictures_that_wait_share_a_sync_of_the_folder(
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stream costs fewer syncs; each is answered after one that began after its rename."""
    await send(broker, PNG)
    steps = note_steps(mqtt_client, monkeypatch)
    for picture in PICTURES:
        broker.send(upload(picture), UP)
    await broker.settle()

    assert rets(broker) == [0] * 10
    assert stored(media) == [PNG, *PICTURES]
    counted = Counter(steps)
    assert counted["sync the file"] == counted["rename"] == counted["answer"] == 9
    assert counted["sync the folder"] == 2
    renamed = synced = answered = 0
    for step in steps:
        renamed += step == "rename"
        synced = renamed if step == "sync the folder" else synced
        answered += step == "answer"
        assert answered <= synced


async def test_pictures_that_wait_are_each_answered_for_themselves(
    broker: Broker, online: SimulatedCamera, media: Path
) -> None:
    """What is no picture spoils no other, and what is sent again is stored once."""
    again = upload(PICTURES[1])
    broker.send(upload(PICTURES[0]), UP)
    for message in (again, upload(b"no picture"), again, upload(PICTURES[2]), again):
        broker.send(message, UP)
    await broker.settle()

    assert rets(broker) == [0, 0, 4, 0, 0, 0]
    assert stored(media) == PICTURES[:3]


async def test_pictures_that_wait_for_a_folder_that_cannot_be_synced(
    broker: Broker,
    online: SimulatedCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None of them is answered with success, and nothing is left of them."""
    await send(broker, PNG)

    def fail(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    for picture in PICTURES[:4]:
        broker.send(upload(picture), UP)
    await broker.settle()

    assert rets(broker) == [0, 6, 6, 6, 6]
    assert stored(media) == [PNG]


def note_steps(
    mqtt_client: MqttMockPahoClient, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Return a list that becomes what is done with pictures from now on."""
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
    return steps


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
