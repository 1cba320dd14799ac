"""The cameras that are not set up any more: what is stored of them, until it is deleted."""

from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.common import JPEG, wait_in_vain
from tests.const import SN

from .common import DAYS, FILES, GONE_SN, ask


async def removed(client: MockHAClientWebSocket) -> Any:
    """Return what there is of removed cameras."""
    return (await ask(client, "removed"))["result"]["cameras"]


async def test_removed(client: MockHAClientWebSocket, library: Path) -> None:
    """A camera is among them if there are pictures of it; one that is set up is not."""
    (library / "notes").mkdir()
    (library / "300000000003" / DAYS[0]).mkdir(parents=True)

    assert await removed(client) == [
        {"sn": GONE_SN, "count": len(FILES), "size": len(FILES) * len(JPEG)}
    ]


async def test_disabled_is_not_removed(
    hass: HomeAssistant,
    client: MockHAClientWebSocket,
    entry: MockConfigEntry,
    library: Path,
) -> None:
    """Who disables a camera wants it back, with its pictures."""
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )

    assert [camera["sn"] for camera in await removed(client)] == [GONE_SN]
    answer = await ask(client, "delete_removed", sn=SN)
    assert answer["error"]["translation_key"] == "camera_not_removed"
    assert (library / SN / DAYS[0] / FILES[0]).exists()


async def test_delete(client: MockHAClientWebSocket, library: Path) -> None:
    """All of it goes, kept pictures and videos, too; the cameras that are set up stay."""
    kept = library / GONE_SN / DAYS[0] / "040000-000000.kept.jpg"
    video = library / GONE_SN / "timelapse" / f"{DAYS[0]}.mp4"
    video.parent.mkdir()
    for path in (kept, video):
        path.write_bytes(JPEG)
    assert (await ask(client, "delete_removed", sn=GONE_SN))["success"]

    assert await removed(client) == []
    assert [path.name for path in library.iterdir()] == [SN]


@pytest.mark.parametrize(
    "sn", [SN, "300000000003", "..", ".", "", f"../snapcam/{GONE_SN}"]
)
async def test_delete_nothing_else(
    client: MockHAClientWebSocket, library: Path, sn: str
) -> None:
    """Neither a camera that is set up can be deleted, nor what is no camera."""
    before = sorted(library.rglob("*"))
    answer = await ask(client, "delete_removed", sn=sn)

    assert answer["error"]["translation_key"] == "camera_not_removed"
    assert sorted(library.rglob("*")) == before


async def test_guests(guest: MockHAClientWebSocket, library: Path) -> None:
    """Who may see one camera alone does not learn of others; only administrators delete."""
    assert await removed(guest) == []
    answer = await ask(guest, "delete_removed", sn=GONE_SN)

    assert answer["error"]["code"] == "unauthorized"
    assert (library / GONE_SN).exists()


async def test_cannot_be_deleted(
    client: MockHAClientWebSocket, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why it could not be done is told."""

    def refuse(path: Path, **_options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    answer = await ask(client, "delete_removed", sn=GONE_SN)

    assert answer["error"]["translation_key"] == "pictures_not_changed"
    assert answer["error"]["translation_placeholders"] == {
        "name": GONE_SN,
        "error": "Permission denied",
    }


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("removed", {}),
        ("delete_removed", {"sn": GONE_SN}),
        ("days", {}),
        ("days", {"sn": SN}),
        ("pictures", {"day": DAYS[0]}),
        ("pictures", {"sn": SN, "day": DAYS[0]}),
    ],
)
async def test_folder_that_does_not_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    library: Path,
    hass_ws_client: WebSocketGenerator,
    hanging_folder: None,
    command: str,
    more: dict[str, str],
) -> None:
    """While the folder for media hangs, the panel is told so, and asks again later."""
    client = await hass_ws_client(hass)
    answer = await wait_in_vain(hass, freezer, ask(client, command, **more))

    assert answer["error"]["translation_key"] == "folder_silent"
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"
