"""Thinning out what looks alike: what goes, and what stays whatever happens."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
import os
from pathlib import Path
import shutil

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import pass_time
from ..const import SN
from .images import encode, scene, with_object

NOW = "2026-11-28 12:00:00-08:00"
"""In the time zone of the tests, the day after the next."""

DAY = "2026-11-26"
LATER = "2026-11-28"

VIEW = scene().resize((320, 180))
QUIET = [encode(VIEW, 70 + number) for number in range(10)]
"""As no camera sends the same bytes twice, these differ as well."""
NEWS = encode(with_object(0.03, 240)(scene()).resize((320, 180)))


def put(media: Path, names: Sequence[str], *, news: Sequence[str] = ()) -> Path:
    """Put pictures on the disk, and return their folder."""
    for number, name in enumerate(names):
        path = media / "snapcam" / SN / f"{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(NEWS if name in news else QUIET[number % 10])
    return media / "snapcam" / SN


def stored(folder: Path) -> list[str]:
    """Return the names of all pictures, the earliest first."""
    return sorted(str(x.relative_to(folder))[:-4] for x in folder.glob("*/*.jpg"))


def times(day: str, minutes: int, count: int, start: str = "00:00") -> list[str]:
    """Return names of pictures at even distances."""
    first = datetime.fromisoformat(f"{day}T{start}")
    moments = (first + timedelta(minutes=minutes * number) for number in range(count))
    return [f"{moment:%Y-%m-%d/%H%M%S}-000000" for moment in moments]


async def load(hass: HomeAssistant, entry: MockConfigEntry, *, wanted: bool) -> None:
    """Load the camera again, with the option or without."""
    hass.config_entries.async_update_entry(entry, options={"thin_out": wanted})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def pass_hours(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory, hours: int = 1
) -> None:
    """Let hours pass, with all that is done in each."""
    for _ in range(hours):
        await pass_time(hass, broker, freezer, 3600)
        await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture(autouse=True)
async def now(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Have a camera, and be on the day after the next."""
    freezer.move_to(NOW)
    # What is done each hour is due by that, and removes empty folders.
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_one_an_hour(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Of what shows nothing new, the first of each hour stays; all else does anyway."""
    names = times(DAY, 10, 144)
    news, kept, broken = names[9], names[20], names[32]
    folder = put(media, [*names, *times(LATER, 10, 20)], news=[news])
    (folder / f"{kept}.jpg").rename(folder / f"{kept}.kept.jpg")
    (folder / f"{broken}.jpg").write_bytes(b"no picture")
    await load(hass, entry, wanted=True)
    assert len(stored(folder)) == 164
    await pass_hours(hass, broker, freezer)

    # The first of all cannot be compared with any before it.
    hours = [names[1], *names[6::6]]
    expected = [names[0], *hours, news, f"{kept}.kept", broken, *times(LATER, 10, 20)]
    assert stored(folder) == sorted(expected)
    await pass_hours(hass, broker, freezer, 2)
    assert stored(folder) == sorted(expected)


async def test_not_wanted(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Unless people want it nothing goes, and no picture is even opened."""
    opened: list[object] = []
    folder = put(media, [*times(DAY, 10, 144), *times(LATER, 10, 20)])
    monkeypatch.setattr(Image, "open", opened.append)
    await load(hass, entry, wanted=False)
    await pass_hours(hass, broker, freezer, 3)

    assert len(stored(folder)) == 164
    assert opened == []


@pytest.mark.parametrize("days", [(DAY,), ("2026-11-27", LATER)])
async def test_last_day_and_young_ones(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    days: tuple[str, ...],
) -> None:
    """The last day with pictures stays as it is, and what is not over for a day."""
    folder = put(media, [name for day in days for name in times(day, 10, 30)])
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer, 3)

    assert len(stored(folder)) == 30 * len(days)


async def test_clock_that_is_wrong_for_a_while(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """As after a start without a network; then no picture is lost."""
    folder = put(media, [*times("2026-11-27", 10, 30), *times(LATER, 10, 30)])
    freezer.move_to("2031-01-01 12:00:00-08:00")
    await load(hass, entry, wanted=True)
    freezer.move_to(NOW)
    await pass_hours(hass, broker, freezer, 2)

    assert len(stored(folder)) == 60


async def test_restart_in_the_middle(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was found is remembered: the same pictures stay as without a restart."""
    names = times(DAY, 10, 40)
    folder = put(media, [*names, *times(LATER, 10, 5)], news=names[12:14])
    touch, unlink = Path.touch, Path.unlink
    removed: list[Path] = []

    def cut_power(path: Path, **options: bool) -> None:
        if path.parent.name == DAY and path.suffix == ".jpg":
            if len(removed) == 6:
                raise OSError
            removed.append(path)
        unlink(path, **options)

    def refuse(path: Path) -> None:
        raise OSError(path)

    monkeypatch.setattr(Path, "unlink", cut_power)
    monkeypatch.setattr(Path, "touch", refuse)
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer)
    assert len(removed) == 6
    monkeypatch.setattr(Path, "unlink", unlink)
    monkeypatch.setattr(Path, "touch", touch)
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer)

    # Of the hour with the news in it, the first picture that shows none stays, too.
    expected = [
        *names[:2],
        *names[6:30:6],
        *names[12:14],
        names[14],
        names[30],
        names[36],
    ]
    assert stored(folder) == sorted({*expected, *times(LATER, 10, 5)})


async def test_once(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is left is never compared anew, even when nobody remembers what was found."""
    names = times(DAY, 10, 40)
    folder = put(media, [*names, *times(LATER, 10, 5)], news=names[12:20])
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer)
    left = stored(folder)
    assert len(left) < 25
    shutil.rmtree(hass.config.cache_path("snapcam"))
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer, 2)

    assert stored(folder) == left


async def test_hour_that_comes_twice(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """When summer time ends, one picture of each of the two hours stays."""
    day = "2026-11-01"
    midnight = dt_util.start_of_local_day(date(2026, 11, 1)).timestamp()
    names = []
    for number in range(18):
        moment = midnight + 600 * number
        local = dt_util.as_local(dt_util.utc_from_timestamp(moment))
        name = f"{day}/{local:%H%M%S}-00000{local.fold}"
        put(media, [name])
        os.utime(media / "snapcam" / SN / f"{name}.jpg", (moment, moment))
        names.append(name)
    folder = put(media, times("2026-11-05", 10, 3))
    await load(hass, entry, wanted=True)
    await pass_hours(hass, broker, freezer)

    left = [name for name in stored(folder) if name.startswith(day)]
    assert left == sorted([names[0], names[1], names[6], names[12]])
