"""Small versions of stored pictures, for the media browser."""

import asyncio
from functools import lru_cache
from http import HTTPStatus
import io
import logging
from pathlib import Path
import struct
from typing import Final
import zlib

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from PIL import Image

from ..const import THUMBNAIL_URL
from .disk import async_get_disk
from .library import Library
from .store import picture_library

_LOGGER = logging.getLogger(__name__)

THUMBNAIL_SIZES: Final = {"320": (320, 320), "640": (640, 640)}
THUMBNAILS_KEPT: Final = 500
"""Of some ten kilobytes each."""

MAX_PIXELS: Final = 12_000_000
"""A small file may claim to be a picture as large as the memory. A JPEG is reduced
while it is read, unless it is a progressive one; the others are not."""

THUMBNAILS_AT_ONCE: Final = 2

FORMATS: Final = ("JPEG", "PNG", "WEBP")

UNREADABLE: Final = (
    Image.DecompressionBombError,
    EOFError,
    IndexError,
    SyntaxError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for a damaged picture, besides what it should."""


class SnapcamThumbnailView(HomeAssistantView):
    """Serve a small version of a stored picture to people who have logged in."""

    url = THUMBNAIL_URL
    name = "api:snapcam:thumbnail"

    def __init__(self) -> None:
        """Initialize with no thumbnail being made."""
        self._at_once = asyncio.Semaphore(THUMBNAILS_AT_ONCE)

    async def get(
        self, request: web.Request, sn: str, day: str, file: str
    ) -> web.Response:
        """Return the thumbnail; 404 if there is no such picture, or size."""
        hass = request.app[KEY_HASS]
        if (size := THUMBNAIL_SIZES.get(request.query.get("width", "320"))) is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        async with self._at_once:
            name = f"{sn}/{day}/{file}"
            try:
                content = await async_get_disk(hass).async_share(
                    ("thumbnail", name, size),
                    _load_thumbnail,
                    picture_library(hass),
                    name,
                    size,
                )
            except OSError as err:
                _LOGGER.debug("No thumbnail of %s: %s", name, err)
                return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=content,
            content_type="image/jpeg",
            headers={hdrs.CACHE_CONTROL: "private, max-age=86400"},
        )


def _load_thumbnail(library: Library, name: str, size: tuple[int, int]) -> bytes | None:
    """Return the thumbnail of a picture; None if it is gone, or none."""
    if (path := library.path(name)) is None:
        return None
    try:
        return _make_thumbnail(path, size)
    except (*UNREADABLE, OSError, ValueError) as err:
        _LOGGER.debug("No thumbnail of %s: %s", name, err)
        return None


def reduce(image: Image.Image, mode: str, size: tuple[int, int]) -> None:
    """Have a picture that was opened read no larger than is needed.

    Args:
        image: The picture, not read yet.
        mode: Of the colours that are needed.
        size: As large as it is to be, at least.

    Raises:
        ValueError: It would take too much memory nevertheless.
    """
    if "progressive" not in image.info:
        image.draft(mode, size)
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("too many pixels")


@lru_cache(maxsize=THUMBNAILS_KEPT)
def _make_thumbnail(path: Path, size: tuple[int, int]) -> bytes:
    """Return a small version of a picture.

    Raises:
        OSError: It cannot be read, or is no picture.
        ValueError: It is too large.
    """
    with Image.open(path, formats=FORMATS) as image:
        reduce(image, "RGB", size)
        image.thumbnail(size)
        thumbnail = io.BytesIO()
        image.convert("RGB").save(thumbnail, "JPEG", quality=75)
    return thumbnail.getvalue()
