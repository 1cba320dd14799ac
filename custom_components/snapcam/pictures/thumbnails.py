"""Small versions of stored pictures, for the media browser and the panel."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
import io
import logging
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant
from PIL import Image, ImageOps

from ..const import THUMBNAIL_URL
from .disk import async_get_disk
from .history import check_free
from .library import Library
from .opening import FORMATS, UNREADABLE, reduce
from .store import picture_library
from .thumbnail_cache import SIZES, SQUARE

_LOGGER = logging.getLogger(__name__)

THUMBNAILS_AT_ONCE: Final = 2


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
        if (kind := request.query.get("width", SQUARE)) not in SIZES:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        name, library = f"{sn}/{day}/{file}", picture_library(hass)
        async with self._at_once:
            try:
                content, is_new = await async_get_disk(hass).async_share(
                    ("thumbnail", name, kind), _load_thumbnail, library, name, kind
                )
            except OSError as err:
                _LOGGER.debug("No thumbnail of %s: %s", name, err)
                return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if is_new:
            hass.async_create_background_task(
                _async_keep(hass, library, name, kind, content), "snapcam thumbnail"
            )
        return web.Response(
            body=content,
            content_type="image/jpeg",
            headers={hdrs.CACHE_CONTROL: "private, max-age=86400"},
        )


def _load_thumbnail(
    library: Library, name: str, kind: str
) -> tuple[bytes | None, bool]:
    """Return the thumbnail of a picture, and whether it was made just now.

    There is none if the picture is gone, or none.
    """
    if (path := library.path(name)) is None:
        return None, False
    if (content := library.thumbnails.read(name, kind)) is not None:
        return content, False
    try:
        return _make_thumbnail(path, kind), True
    except (*UNREADABLE, OSError, ValueError) as err:
        _LOGGER.debug("No thumbnail of %s: %s", name, err)
        return None, False


async def _async_keep(
    hass: HomeAssistant, library: Library, name: str, kind: str, content: bytes
) -> None:
    """Keep a thumbnail, which nobody waits for; if it cannot be, it is made again."""
    with suppress(OSError):
        await async_get_disk(hass).async_run(
            "thumbnails", _keep_thumbnail, library, name, kind, content
        )


def _keep_thumbnail(library: Library, name: str, kind: str, content: bytes) -> None:
    """Keep a thumbnail, unless its picture has gone meanwhile.

    Raises:
        OSError: It cannot be written, or others need the space.
    """
    library.thumbnails.root.mkdir(parents=True, exist_ok=True)
    check_free(library.thumbnails.root)
    library.thumbnails.write(name, kind, content)
    if library.path(name) is None:
        library.thumbnails.forget(name)


def _make_thumbnail(path: Path, kind: str) -> bytes:
    """Return a small version of a picture.

    Raises:
        OSError: It cannot be read, or is no picture.
        ValueError: It is too large.
    """
    size = SIZES[kind]
    with Image.open(path, formats=FORMATS) as image:
        reduce(image, "RGB", size)
        image.thumbnail(size)
        small = image.convert("RGB")
    if kind == SQUARE:
        # Home Assistant would cut off what does not fit into a square.
        side = max(small.size)
        small = ImageOps.pad(small, (side, side))
    thumbnail = io.BytesIO()
    small.save(thumbnail, "JPEG", quality=75)
    return thumbnail.getvalue()
