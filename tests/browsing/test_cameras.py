"""Cameras, those that were removed, and all of them together."""

from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.browsing.browser import (
    ALL,
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


async def test_cameras(browser: Browser, library: Path) -> None:
    """All cameras are listed by name, each with its newest picture.

    Without pictures, too; those that are not set up any more are apart.
    """
    root = (await browser.ask("browse"))["result"]

    assert root["title"] == "SnapCam"
    assert root["can_search"]
    newest = thumbnail(f"{SN}/{DAYS[1]}/{FILES[2]}")
    assert children(root, "title", "thumbnail", "can_expand", "can_search") == [
        ("All cameras", newest, True, True),
        ("attic", None, True, True),
        ("Gate", newest, True, True),
        ("Removed cameras", None, True, True),
    ]
    assert await browser.titles(OTHER_SN) == []
    assert await browser.titles(f"{OTHER_SN}/latest") == []


async def test_removed_cameras(browser: Browser, library: Path) -> None:
    """Pictures of cameras that are not set up any more are found by serial number."""
    removed = (await browser.ask("browse", "removed"))["result"]

    assert removed["title"] == "Removed cameras"
    assert children(removed, "title", "media_content_id", "thumbnail") == [
        (
            GONE_SN,
            f"media-source://snapcam/{GONE_SN}",
            thumbnail(f"{GONE_SN}/{DAYS[0]}/{FILES[2]}"),
        )
    ]
    assert await browser.titles(GONE_SN) == ["Latest", "Yesterday · 3"]


async def test_nothing_yet(
    browser: Browser, entry: MockConfigEntry, media: Path
) -> None:
    """What is empty is not shown, and can still be opened by whoever knows it."""
    assert await browser.titles() == ["Gate"]
    for identifier in ("all", "removed", SN, f"{SN}/latest"):
        assert await browser.titles(identifier) == []


@pytest.mark.parametrize(
    "foreign", ["notes.txt", "album/holiday.jpg", f"{OTHER_SN}0/.keep"]
)
async def test_foreign_files_are_no_cameras(
    browser: Browser, library: Path, foreign: str
) -> None:
    """Only who has pictures, or is set up, is a camera.

    The last is what remains of a removed camera that had no pictures.
    """
    (library / foreign).parent.mkdir(exist_ok=True)
    (library / foreign).write_bytes(JPEG)

    assert await browser.titles() == [*ALL]
    assert await browser.titles("removed") == [GONE_SN]


async def test_all_cameras(browser: Browser, library: Path) -> None:
    """The newest pictures of all cameras are one stream, by when they were taken."""
    fill(library / GONE_SN / DAYS[1], ["120000-000000"])
    fill(library / OTHER_SN / DAYS[1], (f"0400{s:02}-000000" for s in range(60)))
    fill(library / OTHER_SN / "2026-01-01", (f"0400{s:02}-000000" for s in range(60)))
    everything = (await browser.ask("browse", "all"))["result"]

    assert (everything["title"], everything["not_shown"]) == ("All cameras", 30)
    titles = [title for (title,) in children(everything, "title")]
    assert len(titles) == 100
    assert titles[:3] == [
        "23:59:59 · Gate · Today",
        f"12:00:00 · {GONE_SN} · Today",
        "04:00:59 · attic · Today",
    ]
    assert titles[-1] == "04:00:30 · attic · Thu, Jan 1"


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        (
            "en",
            [
                "Latest",
                "Today · 1",
                "Yesterday · 1",
                "Thu, Jan 1 · 1",
                "Wed, Dec 31, 2025 · 1",
            ],
        ),
        (
            "de",
            [
                "Neueste",
                "Heute · 1",
                "Gestern · 1",
                "Do., 1. Jan. · 1",
                "Mi., 31. Dez. 2025 · 1",
            ],
        ),
        (
            "zh-Hans",
            [
                "最新",
                "今天 · 1",
                "昨天 · 1",
                "1月1日 周四 · 1",
                "2025年12月31日 周三 · 1",
            ],
        ),
        (
            "ja",
            [
                "最新",
                "今日 · 1",
                "昨日 · 1",
                "1月1日(木) · 1",
                "2025年12月31日(水) · 1",
            ],
        ),
        (
            "it",
            [
                "Latest",
                "Today · 1",
                "Yesterday · 1",
                "Thu, Jan 1 · 1",
                "Wed, Dec 31, 2025 · 1",
            ],
        ),
    ],
)
async def test_language(
    hass: HomeAssistant,
    browser: Browser,
    library: Path,
    language: str,
    titles: list[str],
) -> None:
    """Days are called what people call them, in Home Assistant's language."""
    hass.config.language = language
    for day in (*DAYS, "2026-01-01", "2025-12-31"):
        fill(library / OTHER_SN / day, ["030405-000006"])

    assert await browser.titles(OTHER_SN) == titles
