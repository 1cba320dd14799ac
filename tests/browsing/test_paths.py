"""Pictures can be opened, and nothing else of the disk."""

from http import HTTPStatus
from pathlib import Path

from homeassistant.components.media_source import async_resolve_media
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.broker import Broker
from tests.browsing.browser import DAYS, FILES, Browser, message
from tests.common import JPEG, PNG, upload
from tests.const import EVENT, SN, UP
from tests.simulator import SimulatedCamera


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
