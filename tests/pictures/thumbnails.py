"""Stored pictures, and the way to their small versions."""

from collections.abc import Awaitable, Callable
import io
from pathlib import Path

from aiohttp import ClientResponse
from PIL import Image

from ..const import SN

type Get = Callable[[str], Awaitable[ClientResponse]]

DAY = "2026-01-02"
NAME = f"{SN}/{DAY}/030405-000006"


def draw(kind: str, mode: str = "RGB", size: tuple[int, int] = (1600, 900)) -> bytes:
    """Return a red picture."""
    picture = io.BytesIO()
    Image.new("RGBA", size, (250, 10, 10, 128)).convert(mode).save(picture, kind)
    return picture.getvalue()


def store(media: Path, name: str, content: bytes) -> Path:
    """Put a picture into the history."""
    path = media / "snapcam" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
