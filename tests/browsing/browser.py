"""Somebody who looks at the media browser, and what there is to see."""

from collections.abc import Iterable
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.common import JPEG
from tests.docs import ROOT

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
