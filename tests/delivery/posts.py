"""Posts as cameras make them."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse

from ..common import JPEG

MIB = 1024 * 1024


async def answer(response: ClientResponse) -> dict[str, Any]:
    """Return the protocol's answer."""
    assert response.status == HTTPStatus.OK
    assert response.content_type == "application/json"
    message: dict[str, Any] = json.loads(await response.read())
    return message


def stored(media: Path) -> list[bytes]:
    """Return the pictures on disk."""
    return [path.read_bytes() for path in sorted(media.glob("snapcam/*/*/*"))]


async def pieces(content: bytes = JPEG, size: int = 5) -> AsyncGenerator[bytes]:
    """Return a body that does not say how long it is."""
    for start in range(0, len(content), size):
        yield content[start : start + size]
