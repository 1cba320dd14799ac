"""Pictures are found by camera and time."""

from pathlib import Path
from typing import Any

import pytest

from tests.browsing.browser import DAYS, FILES, GONE_SN, Browser
from tests.common import JPEG
from tests.const import SN


@pytest.mark.parametrize(
    ("query", "identifier", "more", "found"),
    [
        pytest.param("GAT", "", {}, [SN], id="part of a name"),
        pytest.param("0000", "", {}, [GONE_SN], id="serial number"),
        pytest.param("nothing", "", {}, [], id="nothing"),
        pytest.param(
            DAYS[1],
            "",
            {},
            [f"{SN}/{DAYS[1]}", *(f"{SN}/{DAYS[1]}/{f}" for f in FILES[::-1])],
            id="day",
        ),
        pytest.param(
            "23:59",
            "",
            {},
            [
                f"{SN}/{DAYS[1]}/{FILES[2]}",
                f"{SN}/{DAYS[0]}/{FILES[2]}",
                f"{GONE_SN}/{DAYS[0]}/{FILES[2]}",
            ],
            id="time",
        ),
        pytest.param(
            "23:59",
            SN,
            {},
            [f"{SN}/{DAYS[1]}/{FILES[2]}", f"{SN}/{DAYS[0]}/{FILES[2]}"],
            id="time of a camera",
        ),
        pytest.param(
            "23:59",
            f"{SN}/{DAYS[0]}",
            {},
            [f"{SN}/{DAYS[0]}/{FILES[2]}"],
            id="time of a day",
        ),
        pytest.param(
            f"{DAYS[1]} 23",
            "",
            {},
            [f"{SN}/{DAYS[1]}/{FILES[2]}"],
            id="day and time",
        ),
        pytest.param(
            DAYS[1],
            "",
            {"media_filter_classes": ["image"]},
            [f"{SN}/{DAYS[1]}/{file}" for file in reversed(FILES)],
            id="images only",
        ),
        pytest.param("", "", {"media_filter_classes": ["video"]}, [], id="videos only"),
        pytest.param(
            "gate 3:04 yester",
            "",
            {},
            [f"{SN}/{DAYS[0]}/{file}" for file in FILES[1::-1]],
            id="camera, time and day in words",
        ),
        pytest.param(
            "23:59",
            "removed",
            {},
            [f"{GONE_SN}/{DAYS[0]}/{FILES[2]}"],
            id="removed cameras",
        ),
        pytest.param(
            "23:59 2026-01-02",
            "all",
            {},
            [f"{SN}/{DAYS[0]}/{FILES[2]}", f"{GONE_SN}/{DAYS[0]}/{FILES[2]}"],
            id="all cameras",
        ),
        pytest.param(
            "TODAY 23",
            f"{SN}/latest",
            {},
            [f"{SN}/{DAYS[1]}/{FILES[2]}"],
            id="latest",
        ),
        pytest.param(
            "gate today",
            "",
            {"media_filter_classes": ["image"]},
            [f"{SN}/{DAYS[1]}/{file}" for file in reversed(FILES)],
            id="images of a camera",
        ),
        pytest.param(
            "gate",
            "",
            {"media_filter_classes": ["image"]},
            [f"{SN}/{day}/{file}" for day in DAYS[::-1] for file in FILES[::-1]],
            id="all images of a camera",
        ),
    ],
)
async def test_search(
    browser: Browser,
    library: Path,
    query: str,
    identifier: str,
    more: dict[str, Any],
    found: list[str],
) -> None:
    """People find a camera by its name, a day, and pictures by when they were taken."""
    assert await browser.search(query, identifier, **more) == found


async def test_search_is_limited(browser: Browser, library: Path) -> None:
    """A browser gets no more than a hundred results, the newest pictures."""
    for number in range(150):
        (library / SN / DAYS[1] / f"120000-{number:06}.jpg").write_bytes(JPEG)
    found = await browser.search("12:00", SN)

    assert found == [
        f"{SN}/{DAYS[1]}/120000-{number:06}.jpg" for number in range(149, 49, -1)
    ]


async def test_search_says_where(browser: Browser, library: Path) -> None:
    """What is found says by itself which camera and which day it is of."""
    answer = await browser.ask("search", search_query="2026-01-02 gate")
    titles = [found["title"] for found in answer["result"]["result"]]

    assert titles[:2] == ["Gate · Yesterday · 3", "23:59:59 · Gate · Yesterday"]
