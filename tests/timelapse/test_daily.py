"""The video of each day: made by itself, one camera after the other, and kept for days."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
import shutil
import sys
from types import SimpleNamespace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.snapcam.timelapse.studio import async_get_studio

from ..broker import Broker
from ..common import upload
from ..const import OTHER_SN, SN, TOPICS, UP
from .common import DAY, close_to, create, draw, films, play, put, shades

FILE = f"{DAY}.mp4"

type Until = Callable[[str], Awaitable[None]]


@pytest.fixture
def until(hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory) -> Until:
    """Return a way to be at a local time, with all done that is due then."""

    async def until(moment: str) -> None:
        local = datetime.fromisoformat(moment).replace(
            tzinfo=dt_util.get_default_time_zone()
        )
        freezer.move_to(local)
        async_fire_time_changed(hass, local)
        await broker.settle()
        while async_get_studio(hass).night.locked():
            await asyncio.sleep(0)
            await broker.settle()

    return until


@pytest.fixture(autouse=True)
async def daily(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> MockConfigEntry:
    """Have a camera, of which the videos of days are kept for three days."""
    freezer.move_to(f"{DAY} 22:00:00-08:00")
    return await add(hass, config_entry)


async def add(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set up a camera, of which the videos of days are kept for three days."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"film_days": 3})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def test_day(
    hass: HomeAssistant, broker: Broker, media: Path, until: Until
) -> None:
    """After midnight there is a video of all that the camera has sent on the day."""
    for moment, colour in zip(
        ("00:00:00", "12:00:00", "23:59:59.9"), shades(3), strict=True
    ):
        await until(f"{DAY} {moment}")
        broker.send(upload(draw(colour), request_id=moment), UP)
        await broker.settle()
    await until(f"{DAY} 23:59:59.99")
    assert films(media) == []
    await until("2026-11-27 00:00:00")
    broker.send(upload(draw((200, 0, 0)), request_id="next day"), UP)
    await broker.settle()
    assert films(media) == []
    await until("2026-11-27 00:10:00")

    assert films(media) == [FILE]
    seen = play(media / "snapcam" / SN / "timelapse" / FILE)
    assert close_to(seen.colours(), shades(3))


async def test_restart(
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    until: Until,
    daily: MockConfigEntry,
) -> None:
    """What was not made because Home Assistant was off, is made when it is back."""
    put(media, *map(draw, shades(2)))
    await until("2026-11-27 00:10:00")
    assert await hass.config_entries.async_unload(daily.entry_id)
    put(media, *map(draw, shades(2)), day="2026-11-27")
    put(media, *map(draw, shades(2)), day="2026-11-28")
    await until("2026-11-29 08:30:00")
    assert films(media) == [FILE]
    assert await hass.config_entries.async_setup(daily.entry_id)
    await broker.settle()
    await until("2026-11-29 09:10:00")

    assert films(media) == [FILE, "2026-11-27.mp4", "2026-11-28.mp4"]


async def test_made_once(media: Path, until: Until) -> None:
    """Who deletes a video is rid of it."""
    put(media, *map(draw, shades(2)))
    await until("2026-11-27 00:10:00")
    (media / "snapcam" / SN / "timelapse" / FILE).unlink()
    await until("2026-11-27 01:10:00")

    assert films(media) == []


async def test_turned_on(media: Path, until: Until) -> None:
    """The first video is the one of yesterday, not those of all that is stored."""
    put(media, *map(draw, shades(2)), day="2026-11-24")
    put(media, *map(draw, shades(2)), day="2026-11-25")
    await until(f"{DAY} 22:10:00")

    assert films(media) == ["2026-11-25.mp4"]


async def test_off_by_default(
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    until: Until,
    daily: MockConfigEntry,
) -> None:
    """Nothing is made unless somebody wants it, and nothing removed."""
    old = "2026-01-01.mp4"
    put(media, *map(draw, shades(2)))
    (media / "snapcam" / SN / "timelapse").mkdir()
    (media / "snapcam" / SN / "timelapse" / old).write_bytes(b"video")
    hass.config_entries.async_update_entry(daily, options={})
    assert await hass.config_entries.async_reload(daily.entry_id)
    await broker.settle()
    await until("2026-11-27 00:10:00")
    await until("2026-11-27 01:10:00")

    assert films(media) == [old]


@pytest.mark.parametrize(
    "pictures", [[], [draw((9, 9, 9))], [b"no picture", draw((9, 9, 9))]]
)
async def test_too_few_pictures(
    media: Path, until: Until, caplog: pytest.LogCaptureFixture, pictures: list[bytes]
) -> None:
    """A day without two pictures has no video, and that is no failure."""
    put(media, *pictures)
    await until("2026-11-27 00:10:00")

    assert films(media) == []
    assert "no video" not in caplog.text


async def test_old_ones(
    hass: HomeAssistant, media: Path, until: Until, tmp_path: Path
) -> None:
    """Videos of days go after so many days, those that people have made never."""
    put(media, *map(draw, shades(2)))
    await until("2026-11-27 00:00:00")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    copy = media / "snapcam" / SN / "timelapse" / "mine.mp4"
    await create(hass, period="yesterday", filename=str(copy))
    mine = [file for file in films(media) if file != FILE]
    assert len(mine) == 2
    await until("2026-11-27 00:10:00")
    for hour in range(4):
        await until(f"2026-11-29 0{hour}:10:00")
    assert films(media) == sorted([FILE, *mine])
    await until("2026-11-30 00:10:00")
    assert films(media) == sorted([FILE, *mine])
    await until("2026-11-30 01:10:00")

    assert films(media) == mine


async def test_wrong_clock(media: Path, until: Until) -> None:
    """A clock that is years ahead for a while costs no video."""
    put(media, *map(draw, shades(2)))
    await until("2026-11-27 00:10:00")
    await until("2036-11-27 00:10:00")
    await until("2026-11-27 00:10:00")
    await until("2026-11-27 01:10:00")

    assert films(media) == [FILE]


async def test_several_cameras(hass: HomeAssistant, media: Path, until: Until) -> None:
    """Each camera has its own; one that cannot have any spoils none of the others'."""
    await add(
        hass,
        MockConfigEntry(
            domain="snapcam",
            unique_id=OTHER_SN,
            title="Yard",
            data={"sn": OTHER_SN, **TOPICS},
        ),
    )
    put(media, *map(draw, shades(2)))
    put(media, *map(draw, shades(2)), sn=OTHER_SN)
    (media / "snapcam" / SN / "timelapse").write_text("not a folder")
    await until("2026-11-27 00:10:00")

    assert films(media, OTHER_SN) == [FILE]


async def test_failure(
    media: Path,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A failure is told once, until it works again, and made up for then."""
    days = [DAY, "2026-11-27", "2026-11-28"]
    for day in days:
        put(media, *map(draw, shades(2)), day=day)
    full = SimpleNamespace(total=100, used=100, free=0)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: full)
        await until("2026-11-27 00:10:00")
        await until("2026-11-27 01:10:00")
        await until("2026-11-28 00:10:00")
    warnings = [x for x in caplog.messages if x.startswith("There is no video")]
    assert len(warnings) == 1
    assert warnings[0].startswith(f"There is no video of Gate of {DAY}: ")
    assert "Make room" in warnings[0]
    assert films(media) == []
    caplog.clear()
    await until("2026-11-29 00:10:00")

    assert films(media) == [f"{day}.mp4" for day in days]
    assert "There are videos of Gate again" in caplog.text


async def test_midnight_that_is_skipped(
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    until: Until,
    daily: MockConfigEntry,
) -> None:
    """Where summer time begins at midnight, the night is an hour shorter, no more."""
    await hass.config.async_set_time_zone("America/Havana")
    assert await hass.config_entries.async_reload(daily.entry_id)
    await broker.settle()
    put(media, *map(draw, shades(2)), day="2027-03-13")
    await until("2027-03-13 23:50:00")
    await until("2027-03-14 01:10:00")

    assert films(media) == ["2027-03-13.mp4"]


async def configure(hass: HomeAssistant, entry: MockConfigEntry, **changes: Any) -> Any:
    """Change settings as people do, and return what they see."""
    options = hass.config_entries.options
    flow = await options.async_init(entry.entry_id)
    flow = await options.async_configure(flow["flow_id"], {"next_step_id": "settings"})
    shown = await options.async_configure(flow["flow_id"], changes)
    await hass.async_block_till_done(wait_background_tasks=True)
    return shown


async def test_options(
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    until: Until,
    daily: MockConfigEntry,
) -> None:
    """It is turned on and off in the settings, and works without a restart."""
    put(media, *map(draw, shades(2)))
    await configure(hass, daily, film_days=0)
    await until("2026-11-27 00:10:00")
    assert films(media) == []
    await configure(hass, daily, film_days=1)
    await until("2026-11-27 01:10:00")

    assert films(media) == [FILE]


async def test_options_without_encoder(
    hass: HomeAssistant, daily: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wants videos that cannot be made is told at once, and not in a log."""
    monkeypatch.setitem(sys.modules, "av", None)
    shown = await configure(hass, daily, film_days=9, keep_days=7)
    assert shown["errors"] == {"film_days": "no_encoder"}
    assert daily.options["film_days"] == 3
    done = await configure(hass, daily, film_days=0, keep_days=7)
    assert done["type"] == "create_entry"
