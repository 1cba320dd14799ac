"""Videos that are not made: given up, no space, no encoder; never is half a one left."""

import asyncio
from collections.abc import Callable, Iterator
import errno
import os
from pathlib import Path
import resource
import shutil
import sys
from threading import Event
from types import SimpleNamespace
from typing import Any

import av
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from PIL import Image
import pytest

from ..const import CAMERA, SN
from .common import DAY, create, draw, films, play, put, shades

pytestmark = pytest.mark.usefixtures("now")

GIB = 1024**3
FILE = f"{DAY}-0600_{DAY}-0604.mp4"


class Gate:
    """Hold each video at its beginning."""

    def __init__(self, real: Callable[..., Any]) -> None:
        """Initialize with the gate closed."""
        self._real = real
        self.reached, self.opened = Event(), Event()
        self.inside = 0
        self.most_inside = 0
        self.passed = 0

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Open a container when the gate is open."""
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        self.reached.set()
        assert self.opened.wait(30)
        self.inside -= 1
        self.passed += 1
        return self._real(*args, **kwargs)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Return what holds each video at its beginning."""
    gate = Gate(av.open)
    monkeypatch.setattr(av, "open", gate.open)
    yield gate
    gate.opened.set()


async def begin(hass: HomeAssistant, gate: Gate) -> asyncio.Task[Any]:
    """Begin a video, and return when it is under way."""
    task = asyncio.create_task(create(hass, period="yesterday"))
    assert await asyncio.to_thread(gate.reached.wait, 30)
    return task


async def test_given_up(hass: HomeAssistant, media: Path, gate: Gate) -> None:
    """Who does not wait any more stops it; the next one is made as ever."""
    put(media, *map(draw, shades(5)))
    task = await begin(hass, gate)
    assert [name[-4:] for name in films(media)] == [".tmp"]
    task.cancel()
    gate.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert films(media) == []

    assert (await create(hass, period="yesterday"))[CAMERA]["frames"] == 5
    assert films(media) == [FILE]


async def test_given_up_before_its_turn(
    hass: HomeAssistant, media: Path, gate: Gate
) -> None:
    """Who waits for another one's video can give up as well."""
    put(media, *map(draw, shades(5)))
    first = await begin(hass, gate)
    second = asyncio.create_task(create(hass, period="yesterday", fps=5))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.opened.set()

    assert (await first)[CAMERA]["duration"] == 0.5


async def test_shutdown(hass: HomeAssistant, media: Path, gate: Gate) -> None:
    """Home Assistant does not wait for a video, and whoever does is told."""
    put(media, *map(draw, shades(5)))
    task = await begin(hass, gate)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    gate.opened.set()
    with pytest.raises(HomeAssistantError) as raised:
        await task

    assert raised.value.translation_key == "film_stopped"
    assert films(media) == []


async def test_given_up_while_pictures_are_looked_at(
    hass: HomeAssistant, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To find out what is new in them takes long as well, and can be stopped."""
    put(media, *[draw((90, 90, 90), (64, 36))] * 250)
    gate = Gate(Image.open)
    monkeypatch.setattr(Image, "open", gate.open)
    task = asyncio.create_task(create(hass, period="yesterday", only_changed=True))
    assert await asyncio.to_thread(gate.reached.wait, 30)
    task.cancel()
    gate.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert gate.passed < 250
    assert films(media) == []


async def test_one_at_a_time(hass: HomeAssistant, media: Path, gate: Gate) -> None:
    """However many are asked for, the processor makes one."""
    put(media, *map(draw, shades(5)))
    first = await begin(hass, gate)
    others = [
        asyncio.create_task(create(hass, period="yesterday", fps=fps))
        for fps in range(1, 6)
    ]
    gate.opened.set()
    durations = [(await task)[CAMERA]["duration"] for task in (first, *others)]

    assert durations == [0.5, 5, 2.5, 1.667, 1.25, 1]
    assert gate.most_inside == 1


async def test_what_a_power_cut_has_left(hass: HomeAssistant, media: Path) -> None:
    """The next video takes away half a one; what is not ours stays."""
    put(media, *map(draw, shades(5)))
    folder = media / "snapcam" / SN / "timelapse"
    folder.mkdir()
    (folder / ".0123456789abcdef.tmp").write_bytes(b"half")
    (folder / ".mine.tmp").write_bytes(b"somebody's")
    await create(hass, period="yesterday")

    assert films(media) == [".mine.tmp", FILE]


async def test_replaced_when_whole(
    hass: HomeAssistant, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A video that cannot be made again stays as it was."""
    put(media, *map(draw, shades(5)))
    await create(hass, period="yesterday")
    full = SimpleNamespace(total=100 * GIB, used=96 * GIB, free=4 * GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday", fps=1)

    assert raised.value.translation_key == "no_space"
    assert films(media) == [FILE]
    seen = play(media / "snapcam" / SN / "timelapse" / FILE)
    assert float(seen.seconds) == 0.5


async def test_space_runs_out(
    hass: HomeAssistant, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The free space is looked at again and again while a long video is made."""
    put(media, *[draw((90, 90, 90), (64, 36))] * 200)
    left = iter(range(9, 2, -2))

    def disk_usage(_: object) -> SimpleNamespace:
        free = next(left) * GIB
        return SimpleNamespace(total=100 * GIB, used=100 * GIB - free, free=free)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "no_space"
    assert [*left] == []
    assert films(media) == []


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond some kilobytes."""
    _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_disk_refuses(
    hass: HomeAssistant, media: Path, request: pytest.FixtureRequest
) -> None:
    """What the disk says is told, and nothing is left."""
    put(media, *[draw((n, 255 - n, n * 7 % 255)) for n in range(250)])
    request.getfixturevalue("small_files")
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "film_failed"
    placeholders = raised.value.translation_placeholders or {}
    assert placeholders["error"] == os.strerror(errno.EFBIG)
    assert films(media) == []


async def test_folder_is_a_file(hass: HomeAssistant, media: Path) -> None:
    """Who has put something else where videos belong is told what is wrong."""
    put(media, *map(draw, shades(5)))
    (media / "snapcam" / SN / "timelapse").write_text("not a folder")
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "film_failed"


async def test_no_pyav(
    hass: HomeAssistant, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has nothing to make videos with is told what to do."""
    put(media, *map(draw, shades(5)))
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "no_encoder"


@pytest.fixture
def encoders(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the encoders that PyAV has."""
    real = av.codec.Codec
    there = {"libx264", "libvpx"}

    def find(name: str, mode: str) -> Any:
        return real(name if name in there else f"{name} without license", mode)

    monkeypatch.setattr(av.codec, "Codec", find)
    return there


async def test_no_h264(hass: HomeAssistant, media: Path, encoders: set[str]) -> None:
    """A PyAV that may not make H.264 makes what browsers play as well."""
    encoders.remove("libx264")
    put(media, *map(draw, shades(5)))
    response = (await create(hass, period="yesterday"))[CAMERA]
    file = FILE.replace("mp4", "webm")
    seen = play(media / "snapcam" / SN / "timelapse" / file)

    assert response["url"] == f"/media/local/snapcam/{SN}/timelapse/{file}"
    assert (seen.codec, len(seen.pictures)) == ("vp8", 5)
    assert seen.size == (320, 180)


async def test_no_encoder(hass: HomeAssistant, media: Path, encoders: set[str]) -> None:
    """A PyAV that makes neither is as good as none."""
    encoders.clear()
    put(media, *map(draw, shades(5)))
    with pytest.raises(HomeAssistantError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "no_encoder"
