"""What Home Assistant serves: the address for uploads, firmware, and thumbnails."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from hmac import compare_digest
from http import HTTPStatus
import io
from ipaddress import ip_address
import logging
from pathlib import Path
import struct
from typing import Final, override
import zlib

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import is_cloud_connection
from homeassistant.util.network import is_local
from PIL import Image

from .const import DOMAIN, FIRMWARE_URL, THUMBNAIL_URL, UPLOAD_URL
from .coordinator import SnapcamCoordinator
from .firmware import Firmware
from .library import Library
from .packages import package_store
from .pictures import picture_library
from .posts import TooLargeError, async_read_post, async_take_post, refusal
from .protocol import Ret, SnapcamMessageError, encode_message

_LOGGER = logging.getLogger(__name__)

POSTS_AT_ONCE: Final = 4
"""Of one camera, which sends one after the other; each is held in memory."""

THUMBNAIL_SIZE: Final = (320, 320)
THUMBNAILS_KEPT: Final = 500
"""Of some ten kilobytes each."""

MAX_PIXELS: Final = 12_000_000
"""A small file may claim to be a picture as large as the memory. A JPEG is reduced
while it is read, the others are not."""

THUMBNAILS_AT_ONCE: Final = 2

UNREADABLE: Final = (
    Image.DecompressionBombError,
    EOFError,
    IndexError,
    SyntaxError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for a damaged picture, besides what it should."""


class SnapcamUploadView(HomeAssistantView):
    """Take what a camera posts. The address is the secret; there is no log-in."""

    url = UPLOAD_URL
    name = "api:snapcam:upload"
    requires_auth = False

    def __init__(self) -> None:
        """Initialize with nothing being read."""
        self._reading: Counter[str] = Counter()

    async def post(self, request: web.Request, token: str) -> web.Response:
        """Take a message, and answer it."""
        hass = request.app[KEY_HASS]
        coordinator = _find_camera(hass, lambda camera: camera.token, token)
        if coordinator is None or not _is_local(request):
            return _nobody()
        if self._reading[coordinator.sn] >= POSTS_AT_ONCE:
            return _reply(refusal(Ret.NOT_STORED), HTTPStatus.TOO_MANY_REQUESTS)
        self._reading[coordinator.sn] += 1
        try:
            return await self._async_take(request, coordinator)
        finally:
            self._reading[coordinator.sn] -= 1

    put = post

    @staticmethod
    async def _async_take(
        request: web.Request, coordinator: SnapcamCoordinator
    ) -> web.Response:
        """Read a message, and answer it."""
        try:
            post = await async_read_post(request)
        except TooLargeError:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return _reply(refusal(Ret.TOO_LARGE), status)
        except TimeoutError:
            return _reply(refusal(Ret.MALFORMED), HTTPStatus.REQUEST_TIMEOUT)
        except SnapcamMessageError:
            return _reply(refusal(Ret.MALFORMED), HTTPStatus.OK)
        except (web.RequestPayloadError, OSError) as err:
            _LOGGER.debug("%s did not finish a post: %s", coordinator.name, err)
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        # It may have been reloaded meanwhile, or be gone.
        hass = coordinator.hass
        present = _find_camera(hass, lambda camera: camera.token, coordinator.token)
        if present is None:
            return _nobody()
        response = await async_take_post(present, post)
        return _reply(encode_message(response), HTTPStatus.OK)


class PackageResponse(web.FileResponse):
    """A package, or the part of it that is asked for; the install follows it."""

    def __init__(self, path: Path, size: int, firmware: Firmware) -> None:
        """Initialize with whose package it is."""
        super().__init__(
            path,
            headers={
                hdrs.CACHE_CONTROL: "no-store",
                hdrs.CONTENT_TYPE: "application/octet-stream",
            },
        )
        self._size = size
        self._firmware = firmware

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send it; it does not count as sent if the camera hangs up."""
        if request.method != hdrs.METH_GET:
            return await super().prepare(request)
        try:
            start, stop, _ = request.http_range.indices(self._size)
        except ValueError:
            start, stop = 0, self._size
        self._firmware.async_begun(start, stop)
        writer = await super().prepare(request)
        if self.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            self._firmware.async_sent(stop)
        return writer


class SnapcamFirmwareView(HomeAssistantView):
    """Serve a package to the camera that is to install it, and only as long as that."""

    url = FIRMWARE_URL
    name = "api:snapcam:firmware"
    requires_auth = False

    async def get(
        self, request: web.Request, token: str, filename: str
    ) -> web.StreamResponse:
        """Send the package, or a part of it."""
        hass = request.app[KEY_HASS]
        coordinator = _find_camera(hass, lambda camera: camera.firmware.token, token)
        package = coordinator.firmware.served if coordinator else None
        if (
            coordinator is None
            or package is None
            or package.filename != filename
            or not _is_local(request)
        ):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        path = await hass.async_add_executor_job(package_store(hass).path, package)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return PackageResponse(path, package.size, coordinator.firmware)

    head = get


class SnapcamThumbnailView(HomeAssistantView):
    """Serve a small version of a stored picture to who has logged in."""

    url = THUMBNAIL_URL
    name = "api:snapcam:thumbnail"

    def __init__(self) -> None:
        """Initialize with no thumbnail being made."""
        self._at_once = asyncio.Semaphore(THUMBNAILS_AT_ONCE)

    async def get(
        self, request: web.Request, sn: str, day: str, file: str
    ) -> web.Response:
        """Return the thumbnail; 404 if there is no such picture."""
        hass = request.app[KEY_HASS]
        async with self._at_once:
            content = await hass.async_add_executor_job(
                _load_thumbnail, picture_library(hass), f"{sn}/{day}/{file}"
            )
        if content is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=content,
            content_type="image/jpeg",
            headers={hdrs.CACHE_CONTROL: "private, max-age=86400"},
        )


def _find_camera(
    hass: HomeAssistant, token_fn: Callable[[SnapcamCoordinator], str], token: str
) -> SnapcamCoordinator | None:
    """Return the camera an address is for, in a time that tells nothing of others."""
    found = None
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        coordinator: SnapcamCoordinator = entry.runtime_data
        wanted = token_fn(coordinator)
        if wanted and compare_digest(wanted.encode(), token.encode()):
            found = coordinator
    return found


def _is_local(request: web.Request) -> bool:
    """Tell whether a request comes from the local network."""
    if request.remote is None or is_cloud_connection(request.app[KEY_HASS]):
        return False
    try:
        return is_local(ip_address(request.remote))
    except ValueError:
        return False


def _nobody() -> web.Response:
    """Return the answer at an address that is nobody's.

    It is not 401, which would count as a failed log-in.
    """
    return _reply(refusal(Ret.UNKNOWN_CAMERA), HTTPStatus.NOT_FOUND)


def _reply(body: bytes, status: HTTPStatus) -> web.Response:
    """Return the protocol's answer; a refused sender need not send the rest."""
    response = web.Response(body=body, status=status, content_type="application/json")
    if status is not HTTPStatus.OK:
        response.force_close()
    return response


def _load_thumbnail(library: Library, name: str) -> bytes | None:
    """Return the thumbnail of a picture; None if it is gone, or none."""
    if (path := library.path(name)) is None:
        return None
    try:
        return _make_thumbnail(path)
    except (*UNREADABLE, OSError, ValueError) as err:
        _LOGGER.debug("No thumbnail of %s: %s", name, err)
        return None


@lru_cache(maxsize=THUMBNAILS_KEPT)
def _make_thumbnail(path: Path) -> bytes:
    """Return a small version of a picture.

    Raises:
        OSError: It cannot be read, or is no picture.
        ValueError: It is too large.
    """
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
        image.draft("RGB", THUMBNAIL_SIZE)
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        image.thumbnail(THUMBNAIL_SIZE)
        thumbnail = io.BytesIO()
        image.convert("RGB").save(thumbnail, "JPEG", quality=75)
    return thumbnail.getvalue()
