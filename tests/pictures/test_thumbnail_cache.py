"""Where small pictures are kept, and when they go."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
import os
from pathlib import Path
import shutil
from types import SimpleNamespace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time
from ..const import CAMERA, SN
from ..simulator import SimulatedCamera
from .thumbnails import DAY, NAME, Get, draw, store

type Cached = Callable[[], Awaitable[list[Path]]]


@pytest.fixture
def cached(hass: HomeAssistant) -> Cached:
    """Return how to see what is in the cache folder, once all is written."""
    folder = Path(hass.config.cache_path("snapcam", "thumbnails"))

    async def cached() -> list[Path]:
        await hass.async_block_till_done(wait_background_tasks=True)
        return sorted(path for path in folder.rglob("*") if path.is_file())

    return cached


async def test_made_once(media: Path, get: Get, cached: Cached) -> None:
    """A thumbnail is made when it is first asked for, also after it was kept.

    No restart has it made again, because it is a file.
    """
    path = store(media, f"{NAME}.jpg", draw("JPEG"))
    first = await (await get(f"{NAME}.jpg")).read()
    assert len(await cached()) == 1
    path.write_bytes(b"not read again")
    assert await (await get(f"{NAME}.jpg")).read() == first

    kept = path.rename(path.with_suffix(".kept.jpg"))
    assert await (await get(f"{NAME}.kept.jpg")).read() == first
    kept.unlink()
    assert (await get(f"{NAME}.jpg")).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:2000], id="cut off"),
        pytest.param(lambda content: bytes(len(content)), id="zeros"),
        pytest.param(lambda _: b"", id="empty"),
    ],
)
async def test_damaged_cache(
    media: Path, get: Get, cached: Cached, damage: Callable[[bytes], bytes]
) -> None:
    """What a power cut leaves is not shown: it is made again, and kept again."""
    store(media, f"{NAME}.jpg", draw("JPEG"))
    first = await (await get(f"{NAME}.jpg")).read()
    (file,) = await cached()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert await (await get(f"{NAME}.jpg")).read() == first
    assert await cached() == [file]
    assert file.read_bytes() == whole


async def test_oldest_go(
    hass: HomeAssistant, media: Path, get: Get, cached: Cached
) -> None:
    """The cache has a limit; what was made last stays."""
    folder = Path(hass.config.cache_path("snapcam", "thumbnails", SN, DAY))
    folder.mkdir(parents=True)
    for number in range(3):
        old = folder / f"000000-00000{number}.jpg.320"
        with old.open("wb") as file:
            file.truncate(50 * 1024**2)
        os.utime(old, (1_700_000_000 + number, 1_700_000_000 + number))
    store(media, f"{NAME}.jpg", draw("JPEG"))
    await get(f"{NAME}.jpg")

    assert [path.name for path in await cached()] == [
        "000000-000002.jpg.320",
        "030405-000006.jpg.square",
    ]


async def test_goes_with_its_picture(
    hass: HomeAssistant, media: Path, get: Get, cached: Cached
) -> None:
    """Who deletes a picture does not want a small version of it to remain."""
    for name in (f"{NAME}.jpg", f"{SN}/{DAY}/040506-000007.jpg"):
        store(media, name, draw("JPEG"))
        for query in ("", "?width=320", "?width=640"):
            await get(f"{name}{query}")
    assert len(await cached()) == 6
    await call(
        hass,
        "snapcam.delete_pictures",
        CAMERA,
        media_content_id=f"media-source://snapcam/{NAME}.jpg",
    )

    assert {path.name[:6] for path in await cached()} == {"040506"}


@pytest.mark.parametrize(
    "options", [{"keep_count": 1}, {"keep_days": 1}], ids=["too many", "too old"]
)
async def test_goes_with_old_pictures(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
    get: Get,
    cached: Cached,
    options: dict[str, int],
) -> None:
    """What the limits cost is gone as a whole."""
    store(media, f"{NAME}.jpg", draw("JPEG"))
    await get(f"{NAME}.jpg")
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await online.send_snapshot()
    await broker.settle()
    for _ in range(2):
        await pass_time(hass, broker, freezer, 3600)

    assert await cached() == []


async def test_goes_with_its_camera(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    media: Path,
    get: Get,
    cached: Cached,
) -> None:
    """If the pictures of a camera go with it, their small versions do, too."""
    store(media, f"{NAME}.jpg", draw("JPEG"))
    await get(f"{NAME}.jpg")
    assert len(await cached()) == 1
    hass.config_entries.async_update_entry(entry, options={"delete_pictures": True})
    assert await hass.config_entries.async_remove(entry.entry_id)

    assert await cached() == []


async def test_cache_that_cannot_be_written(
    hass: HomeAssistant, media: Path, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    """It is made each time then, and nobody is told of an error."""
    Path(hass.config.cache_path()).write_text("no folder")
    store(media, f"{NAME}.jpg", draw("JPEG"))
    for _ in range(2):
        assert (await get(f"{NAME}.jpg")).status == HTTPStatus.OK
        await hass.async_block_till_done(wait_background_tasks=True)

    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]


async def test_full_disk(
    media: Path, get: Get, cached: Cached, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of a full disk is for others."""
    full = SimpleNamespace(total=10**12, used=10**12, free=10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    store(media, f"{NAME}.jpg", draw("JPEG"))

    assert (await get(f"{NAME}.jpg")).status == HTTPStatus.OK
    assert await cached() == []
