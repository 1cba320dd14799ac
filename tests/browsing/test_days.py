"""The days, hours and pictures of a camera."""

import os
from pathlib import Path

import pytest

from tests.browsing.browser import (
    DAYS,
    FILES,
    GONE_SN,
    Browser,
    children,
    fill,
    thumbnail,
)
from tests.common import JPEG
from tests.const import OTHER_SN, SN


async def test_days(browser: Browser, library: Path) -> None:
    """A camera has its latest pictures and its days, the latest first.

    Each has its newest picture, and empty days are not there.
    """
    (library / SN / "2026-01-01").mkdir()
    (library / SN / "album").mkdir()
    (library / SN / "album" / FILES[0]).write_bytes(JPEG)
    (library / SN / ".0123456789abcdef.tmp").write_bytes(JPEG)
    camera = (await browser.ask("browse", SN))["result"]

    assert camera["title"] == "Gate"
    assert children(camera, "title", "thumbnail", "can_expand", "can_search") == [
        (title, thumbnail(f"{SN}/{day}/{FILES[2]}"), True, True)
        for title, day in (
            ("Latest", DAYS[1]),
            ("Today · 3", DAYS[1]),
            ("Yesterday · 3", DAYS[0]),
        )
    ]


async def test_no_real_day(browser: Browser, library: Path) -> None:
    """A folder that looks like a day and is none is called what it is called."""
    fill(library / OTHER_SN / "2026-02-30", ["030405-000006"])

    assert await browser.titles(OTHER_SN) == ["Latest", "2026-02-30 · 1"]
    assert await browser.titles(f"{OTHER_SN}/latest") == [
        "03:04:05 · 2026-02-30 · attic"
    ]


async def test_pictures(browser: Browser, library: Path) -> None:
    """A day has its pictures by their time, the newest first, and nothing else."""
    for foreign in ("holiday.jpg", ".0123456789abcdef.tmp", "030405-000006.jpg.bak"):
        (library / SN / DAYS[0] / foreign).write_bytes(JPEG)
    day = (await browser.ask("browse", f"{SN}/{DAYS[0]}"))["result"]

    assert day["title"] == "Yesterday · 3"
    assert day["not_shown"] == 0
    keys = ("title", "media_content_type", "media_class", "can_play", "can_expand")
    assert children(day, *keys) == [
        ("23:59:59 · Yesterday · Gate", "image/webp", "image", True, False),
        ("03:04:05 · Yesterday · Gate", "image/png", "image", True, False),
        ("03:04:05 · Yesterday · Gate", "image/jpeg", "image", True, False),
    ]
    names = [f"{SN}/{DAYS[0]}/{file}" for file in reversed(FILES)]
    assert children(day, "thumbnail", "media_content_id") == [
        (thumbnail(name), f"media-source://snapcam/{name}") for name in names
    ]


async def test_hours(browser: Browser, library: Path) -> None:
    """A day of more than a hundred pictures has its hours, which have the pictures."""
    times = [f"14{minute:02}00-000000" for minute in range(60)]
    files = fill(
        library / OTHER_SN / DAYS[0],
        [*times, *(f"09{time[2:]}" for time in times[:40])],
    )
    assert len(await browser.titles(f"{OTHER_SN}/{DAYS[0]}")) == 100
    files = fill(library / OTHER_SN / DAYS[0], ["000000-000000"])
    day = (await browser.ask("browse", f"{OTHER_SN}/{DAYS[0]}"))["result"]

    assert day["title"] == "Yesterday · 101"
    root = f"{OTHER_SN}/{DAYS[0]}"
    assert children(day, "title", "media_content_id", "thumbnail", "can_expand") == [
        (title, f"media-source://snapcam/{root}/{hour}", thumbnail(newest), True)
        for title, hour, newest in (
            ("14:00 · 60", "h14", f"{root}/145900-000000.jpg"),
            ("09:00 · 40", "h09", f"{root}/093900-000000.jpg"),
            ("00:00 · 1", "h00", f"{root}/000000-000000.jpg"),
        )
    ]
    hour = (await browser.ask("browse", f"{root}/h14"))["result"]
    assert hour["title"] == "14:00 · 60"
    assert children(hour, "media_content_id") == [
        (f"media-source://snapcam/{root}/{file}",) for file in files[:60]
    ]
    assert await browser.search("14:05", f"{root}/h14") == [f"{root}/140500-000000.jpg"]
    assert await browser.search("09:05", f"{root}/h14") == []
    # Whoever has its identifier still has the hour when others are gone.
    assert await browser.titles(f"{SN}/{DAYS[0]}/h23") == [
        "23:59:59 · Yesterday · Gate"
    ]


async def test_full_hour(browser: Browser, library: Path) -> None:
    """Of more pictures than anyone looks through, the number is told."""
    times = (f"14{second // 60:02}{second % 60:02}-000000" for second in range(1005))
    files = fill(library / OTHER_SN / DAYS[0], times)
    hour = (await browser.ask("browse", f"{OTHER_SN}/{DAYS[0]}/h14"))["result"]

    assert [Path(i).name for (i,) in children(hour, "media_content_id")] == files[:1000]
    assert hour["not_shown"] == 5


async def test_latest(browser: Browser, library: Path) -> None:
    """The latest pictures of a camera are in one place, whatever day they are of."""
    fill(library / SN / DAYS[0], (f"1200{second:02}-000000" for second in range(60)))
    latest = (await browser.ask("browse", f"{SN}/latest"))["result"]

    assert (latest["title"], latest["not_shown"]) == ("Latest", 16)
    titles = [title for (title,) in children(latest, "title")]
    assert len(titles) == 50
    assert titles[2:5] == [
        "03:04:05 · Today · Gate",
        "23:59:59 · Yesterday · Gate",
        "12:00:59 · Yesterday · Gate",
    ]


async def test_kept(browser: Browser, library: Path) -> None:
    """The pictures that survive all limits are in one place, if there are any."""
    first, second = (
        f"{SN}/{day}/{time}.kept.jpg"
        for day, time in zip(DAYS, ("120000-000000", "130000-000000"), strict=True)
    )
    assert await browser.titles(f"{SN}/kept") == []
    for name in (first, second):
        (library / name).write_bytes(JPEG)
    camera = (await browser.ask("browse", SN))["result"]

    assert children(camera, "title", "thumbnail")[1] == ("Kept", thumbnail(second))
    assert await browser.titles(f"{SN}/kept") == [
        "13:00:00 · Today · Gate",
        "12:00:00 · Yesterday · Gate",
    ]
    assert await browser.titles(GONE_SN) == ["Latest", "Yesterday · 3"]
    assert await browser.search("yesterday", f"{SN}/kept") == [first]
    assert await browser.search("", f"{SN}/kept") == [second, first]


@pytest.mark.parametrize("identifier", ["all", f"{SN}/latest", f"{SN}/2026-11-01"])
async def test_an_hour_twice(browser: Browser, library: Path, identifier: str) -> None:
    """When the clock is put back, what was taken later is still the newer one."""
    for number, file in enumerate(("015500-000000.jpg", "010500-000000.jpg")):
        path = library / SN / "2026-11-01" / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(JPEG)
        os.utime(path, (1_793_524_000 + number, 1_793_524_000 + number))
    titles = await browser.titles(identifier)

    assert [title[:8] for title in titles[:2]] == ["01:05:00", "01:55:00"]
