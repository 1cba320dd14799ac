"""The media browser: camera, day, hour, pictures, and nothing else of the disk."""

from collections.abc import Iterable
from http import HTTPStatus
import json
import os
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_source import async_resolve_media
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from .broker import Broker
from .common import JPEG, PNG, upload
from .const import EVENT, OTHER_SN, SN, TOPICS, UP
from .docs import ROOT
from .simulator import SimulatedCamera

INTEGRATION = ROOT / "custom_components/snapcam"
GONE_SN = "100000000000"
DAYS = ("2026-01-02", "2026-01-03")
FILES = ("030405-000006.jpg", "030405-000007.png", "235959-999999.webp")
ALL = ("All cameras", "attic", "Gate", "Removed cameras")


def message(key: str) -> str:
    """Return what people are told, without the full stop Home Assistant takes away."""
    translations = json.loads((INTEGRATION / "translations/en.json").read_text("utf-8"))
    text: str = translations["exceptions"][key]["message"]
    return text.rstrip(".")


class Browser:
    """Somebody who looks at the media browser."""

    def __init__(self, hass: HomeAssistant, connect: WebSocketGenerator) -> None:
        """Initialize before the first look."""
        self._hass = hass
        self._connect = connect

    async def ask(self, verb: str, identifier: str = "", **more: Any) -> dict[str, Any]:
        """Return the answer to a command about something of the integration."""
        client = await self._connect(self._hass)
        content_id = f"media-source://snapcam{'/' * bool(identifier)}{identifier}"
        await client.send_json_auto_id(
            {
                "type": f"media_source/{verb}_media",
                "media_content_id": content_id,
                **more,
            }
        )
        answer: dict[str, Any] = await client.receive_json()
        await client.close()
        return answer

    async def titles(self, identifier: str = "") -> list[str]:
        """Return the titles of what is below a node."""
        answer = await self.ask("browse", identifier)
        return [child["title"] for child in answer["result"]["children"]]

    async def search(self, query: str, identifier: str = "", **more: Any) -> list[str]:
        """Return what is found below a node, by its identifier."""
        answer = await self.ask("search", identifier, search_query=query, **more)
        ids = [found["media_content_id"] for found in answer["result"]["result"]]
        return [
            content_id.removeprefix("media-source://snapcam/") for content_id in ids
        ]


@pytest.fixture(autouse=True)
def today(freezer: FrozenDateTimeFactory) -> None:
    """Have it be the later one of the days, where Home Assistant is."""
    freezer.move_to("2026-01-04T05:00:00Z")


@pytest.fixture
def browser(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Browser:
    """Return somebody who looks at the media browser."""
    return Browser(hass, hass_ws_client)


@pytest.fixture
def library(hass: HomeAssistant, media: Path) -> Path:
    """Return the folder of the pictures: two days of the gate, one of a camera gone.

    The later day is today. Another camera is known and has no pictures.
    """
    folder = media / "snapcam"
    for sn, days in ((SN, DAYS), (GONE_SN, DAYS[:1])):
        for day in days:
            (folder / sn / day).mkdir(parents=True)
            for file in FILES:
                (folder / sn / day / file).write_bytes(JPEG)
    data = {"sn": OTHER_SN, **TOPICS}
    attic = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, title="attic", data=data
    )
    attic.add_to_hass(hass)
    return folder


def thumbnail(name: str) -> str:
    """Return where the small version of a picture is."""
    return f"/api/snapcam/thumbnail/{name}"


def children(node: dict[str, Any], *keys: str) -> list[tuple[Any, ...]]:
    """Return what is known of what is below a node."""
    return [tuple(child[key] for key in keys) for child in node["children"]]


def fill(folder: Path, times: Iterable[str]) -> list[str]:
    """Put pictures into a day, and return the names of all, the latest first."""
    folder.mkdir(parents=True, exist_ok=True)
    for time in times:
        (folder / f"{time}.jpg").write_bytes(JPEG)
    return sorted((path.name for path in folder.iterdir()), reverse=True)


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


@pytest.mark.parametrize(
    ("picture", "mime_type"), [(JPEG, "image/jpeg"), (PNG, "image/png")]
)
async def test_resolve(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    browser: Browser,
    picture: bytes,
    mime_type: str,
) -> None:
    """The event's media content ID leads to the bytes, for those who have logged in.

    The address a browser gets is signed, so it needs no more; Home Assistant's own
    integrations get the file.
    """
    broker.send(upload(picture), UP)
    await broker.settle()
    event = hass.states.get(EVENT)
    assert event is not None
    content_id = event.attributes["media_content_id"]
    name = content_id.removeprefix("media-source://snapcam/")
    resolved = (await browser.ask("resolve", name))["result"]
    played = await async_resolve_media(hass, content_id, None)

    assert resolved["mime_type"] == played.mime_type == mime_type
    assert played.path == media / "snapcam" / name
    assert played.url == event.attributes["url"] == f"/media/local/snapcam/{name}"
    member, guest = await hass_client(), await hass_client_no_auth()
    for client, url in ((member, played.url), (guest, resolved["url"])):
        response = await client.get(url)
        assert response.status == HTTPStatus.OK
        assert response.content_type == mime_type
        assert await response.read() == picture
    assert (await guest.get(played.url)).status == HTTPStatus.UNAUTHORIZED


OUTSIDE = [
    "..",
    "../..",
    ".",
    f"{SN}/..",
    f"{SN}/../..",
    f"{SN}/../{SN}/{DAYS[0]}",
    f"{SN}/{DAYS[0]}/..",
    f"{SN}/{DAYS[0]}/../../secret.jpg",
    f"{SN}/{DAYS[0]}/../../../{FILES[0]}",
    f"x/{DAYS[0]}/../../secret.jpg",
    f"../{DAYS[0]}/{FILES[0]}",
    f"..%2f{DAYS[0]}%2f{FILES[0]}",
    f"%2e%2e/{DAYS[0]}/{FILES[0]}",
    f"{SN}//etc/passwd",
    f"{SN}\\..\\..",
    f"{SN}\0",
    f"{SN}/{DAYS[0]}\0",
    f"{SN}/{DAYS[0]}/{FILES[0]}\0",
    f"{SN}/2026-01-09",
    f"{SN}/{DAYS[0]}/h04",
    f"{SN}/{DAYS[0]}/h03//",
    f"{SN}/{DAYS[0]}/h",
    f"{SN}/latest//",
    f"{SN}/h03",
    "removed/x",
    "300000000003",
    "secret.jpg",
]


@pytest.mark.parametrize(
    "identifier",
    ["all", SN, f"{SN}/latest", f"{SN}/{DAYS[0]}", f"{SN}/{DAYS[0]}/h03", "removed"],
)
async def test_slash_at_the_end(
    browser: Browser, library: Path, identifier: str
) -> None:
    """Some gallery cards put one there; it is the same folder."""
    plain = await browser.ask("browse", identifier)
    assert plain["result"]["children"]

    with_slash = await browser.ask("browse", f"{identifier}/")
    assert with_slash["result"] == plain["result"]


@pytest.mark.parametrize("identifier", OUTSIDE)
async def test_browse_outside(browser: Browser, library: Path, identifier: str) -> None:
    """Nobody sees what is in other folders; who asks is told that nothing is there."""
    for folder in (library, library.parent, library.parent.parent):
        (folder / DAYS[0]).mkdir()
        (folder / DAYS[0] / FILES[0]).write_bytes(JPEG)
    answer = await browser.ask("browse", identifier)

    assert answer["error"]["code"] == "browse_media_failed"
    assert answer["error"]["message"] == message("folder_not_found")
    assert await browser.search("", identifier) == []


@pytest.mark.parametrize(
    "identifier",
    [
        *OUTSIDE,
        "",
        "all",
        "removed",
        SN,
        f"{SN}/latest",
        f"{SN}/{DAYS[0]}",
        f"{SN}/{DAYS[0]}/h03",
        f"{SN}/{DAYS[0]}/010203-000004.jpg",
    ],
)
async def test_resolve_outside(
    browser: Browser, library: Path, identifier: str
) -> None:
    """Nobody gets anything but a picture; who asks is told that it is not there."""
    for folder in (library, library.parent, library.parent.parent):
        (folder / DAYS[0]).mkdir()
        (folder / DAYS[0] / FILES[0]).write_bytes(JPEG)
        (folder / "secret.jpg").write_bytes(JPEG)
    answer = await browser.ask("resolve", identifier)

    assert answer["error"]["code"] == "resolve_media_failed"
    assert answer["error"]["message"] == message("picture_not_found")


@pytest.mark.parametrize("verb", ["browse", "resolve"])
@pytest.mark.parametrize("path", ["/etc/passwd", "//etc", "/"])
async def test_absolute_paths(browser: Browser, verb: str, path: str) -> None:
    """A path from the root is no identifier at all."""
    answer = await browser.ask(verb, path)

    assert answer["error"]["code"] == f"{verb}_media_failed"


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
