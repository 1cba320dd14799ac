"""The media browser: camera, day, pictures, and nothing else of the disk."""

from http import HTTPStatus
import json
from pathlib import Path
from typing import Any

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


@pytest.fixture
def browser(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Browser:
    """Return somebody who looks at the media browser."""
    return Browser(hass, hass_ws_client)


@pytest.fixture
def library(hass: HomeAssistant, media: Path) -> Path:
    """Return the folder of the pictures: two days of the gate, one of a camera gone.

    Another camera is known and has no pictures.
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


async def test_cameras(browser: Browser, library: Path) -> None:
    """All cameras are listed by name, each with its newest picture.

    Without pictures, too; one that is not set up any more by its serial number.
    """
    root = (await browser.ask("browse"))["result"]

    assert root["title"] == "SnapCam"
    assert root["can_search"]
    assert [(child["title"], child["thumbnail"]) for child in root["children"]] == [
        (GONE_SN, thumbnail(f"{GONE_SN}/{DAYS[0]}/{FILES[2]}")),
        ("attic", None),
        ("Gate", thumbnail(f"{SN}/{DAYS[1]}/{FILES[2]}")),
    ]
    assert {child["can_expand"] for child in root["children"]} == {True}
    assert await browser.titles(OTHER_SN) == []


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

    assert await browser.titles() == [GONE_SN, "attic", "Gate"]


async def test_days(browser: Browser, library: Path) -> None:
    """A camera has its days, the latest first, each with its newest picture."""
    (library / SN / "album").mkdir()
    (library / SN / "album" / FILES[0]).write_bytes(JPEG)
    (library / SN / ".0123456789abcdef.tmp").write_bytes(JPEG)
    camera = (await browser.ask("browse", SN))["result"]

    assert camera["title"] == "Gate"
    assert [(child["title"], child["thumbnail"]) for child in camera["children"]] == [
        (day, thumbnail(f"{SN}/{day}/{FILES[2]}")) for day in reversed(DAYS)
    ]
    assert {child["can_expand"] for child in camera["children"]} == {True}
    assert {child["can_search"] for child in camera["children"]} == {True}


async def test_pictures(browser: Browser, library: Path) -> None:
    """A day has its pictures by their time, the newest first, and nothing else."""
    for foreign in ("holiday.jpg", ".0123456789abcdef.tmp", "030405-000006.jpg.bak"):
        (library / SN / DAYS[0] / foreign).write_bytes(JPEG)
    day = (await browser.ask("browse", f"{SN}/{DAYS[0]}"))["result"]

    assert day["title"] == DAYS[0]
    keys = ("title", "media_content_type", "media_class", "can_play", "can_expand")
    assert [tuple(child[key] for key in keys) for child in day["children"]] == [
        ("23:59:59", "image/webp", "image", True, False),
        ("03:04:05", "image/png", "image", True, False),
        ("03:04:05", "image/jpeg", "image", True, False),
    ]
    names = [f"{SN}/{DAYS[0]}/{file}" for file in reversed(FILES)]
    assert [child["thumbnail"] for child in day["children"]] == [*map(thumbnail, names)]
    assert [child["media_content_id"] for child in day["children"]] == [
        f"media-source://snapcam/{name}" for name in names
    ]


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
    "300000000003",
    "secret.jpg",
]


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
    [*OUTSIDE, "", SN, f"{SN}/{DAYS[0]}", f"{SN}/{DAYS[0]}/010203-000004.jpg"],
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
                f"{GONE_SN}/{DAYS[0]}/{FILES[2]}",
                f"{SN}/{DAYS[1]}/{FILES[2]}",
                f"{SN}/{DAYS[0]}/{FILES[2]}",
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
