"""What Home Assistant serves to cameras: the address for uploads, and firmware."""

from collections import Counter
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
import logging
from pathlib import Path
from typing import Final, override

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.network import is_cloud_connection
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.network import is_local

from .const import DOMAIN, FIRMWARE_URL, UPLOAD_URL
from .coordinator import SnapcamCoordinator
from .firmware import Firmware
from .packages import package_store
from .posts import TooLargeError, async_read_post, async_take_post, refusal
from .protocol import Ret, SnapcamMessageError, encode_message

_LOGGER = logging.getLogger(__name__)

CAMERAS: HassKey[dict[bytes, SnapcamCoordinator]] = HassKey(f"{DOMAIN}_uploads")
"""The cameras that may post, by the digest of the secret in their addresses."""

POSTS_AT_ONCE: Final = 4
"""Of one camera, which sends one after the other; each is held in memory."""


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
        coordinator = _find_camera(hass, token)
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
        present = _find_camera(coordinator.hass, coordinator.token)
        if present is None:
            return _nobody()
        response = await async_take_post(present, post)
        return _reply(encode_message(response), HTTPStatus.OK)


class PackageResponse(web.FileResponse):
    """A package, or the part of it that is asked for; the install follows it."""

    def __init__(self, hass: HomeAssistant, path: Path, size: int, token: str) -> None:
        """Initialize with the secret part of its address."""
        super().__init__(
            path,
            headers={
                hdrs.CACHE_CONTROL: "no-store",
                hdrs.CONTENT_TYPE: "application/octet-stream",
            },
        )
        self._hass = hass
        self._size = size
        self._token = token

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send it; it does not count as sent if the camera hangs up."""
        if request.method != hdrs.METH_GET:
            return await super().prepare(request)
        try:
            start, stop, _ = request.http_range.indices(self._size)
        except ValueError:
            start, stop = 0, self._size
        if firmware := _find_install(self._hass, self._token):
            firmware.async_begun(start, stop)
        writer = await super().prepare(request)
        if self.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            # The camera may have been reloaded meanwhile.
            if firmware := _find_install(self._hass, self._token):
                firmware.async_sent(stop)
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
        firmware = _find_install(hass, token)
        package = firmware.served if firmware else None
        if (
            firmware is None
            or package is None
            or package.filename != filename
            or not _is_local(request)
        ):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        path = await hass.async_add_executor_job(package_store(hass).path, package)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return PackageResponse(hass, path, package.size, token)

    head = get


@callback
def async_accept_posts(
    hass: HomeAssistant, coordinator: SnapcamCoordinator
) -> CALLBACK_TYPE:
    """Take what a camera posts until the returned function is called."""
    key = _digest(coordinator.token)
    hass.data.setdefault(CAMERAS, {})[key] = coordinator

    @callback
    def stop() -> None:
        del hass.data[CAMERAS][key]

    return stop


def _find_camera(hass: HomeAssistant, token: str) -> SnapcamCoordinator | None:
    """Return the camera an address is for."""
    return hass.data.get(CAMERAS, {}).get(_digest(token))


def _find_install(hass: HomeAssistant, token: str) -> Firmware | None:
    """Return the install a package's address is for, in a time that tells nothing."""
    found = None
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        firmware: Firmware = entry.runtime_data.firmware
        if compare_digest(firmware.token.encode(), token.encode()):
            found = firmware
    return found


def _digest(token: str) -> bytes:
    """Return what stands for a token: how long it is looked for tells nothing of it."""
    return sha256(token.encode()).digest()


def _is_local(request: web.Request) -> bool:
    """Tell whether a request comes from the local network."""
    if request.remote is None or is_cloud_connection(request.app[KEY_HASS]):
        return False
    try:
        return is_local(ip_address(request.remote))
    except ValueError:
        return False


def _nobody() -> web.Response:
    """Return the answer at an address that no camera has.

    It is not 401, which would count as a failed log-in.
    """
    return _reply(refusal(Ret.UNKNOWN_CAMERA), HTTPStatus.NOT_FOUND)


def _reply(body: bytes, status: HTTPStatus) -> web.Response:
    """Return the protocol's answer; a refused sender need not send the rest."""
    response = web.Response(body=body, status=status, content_type="application/json")
    if status is not HTTPStatus.OK:
        response.force_close()
    return response
