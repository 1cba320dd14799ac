"""The view that serves a package to the camera that installs it."""

from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from typing import override

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, FIRMWARE_URL
from ..delivery.addresses import is_local_request
from .install import Firmware
from .packages import package_store

INSTALLS: HassKey[set[Firmware]] = HassKey(f"{DOMAIN}_installs")
"""The firmware of each camera that is loaded."""


class PackageResponse(web.FileResponse):
    """A package, or the range that is requested; the install is told of it."""

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
        """Send it; if the camera disconnects, it does not count as sent."""
        if request.method != hdrs.METH_GET:
            return await super().prepare(request)
        try:
            start, stop, _ = request.http_range.indices(self._size)
        except ValueError:
            start, stop = 0, self._size
        if firmware := _find_install(self._hass, self._token):
            firmware.progress.async_requested(start, stop)
        writer = await super().prepare(request)
        if self.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            # The camera may have been reloaded meanwhile.
            if firmware := _find_install(self._hass, self._token):
                firmware.progress.async_sent(stop)
        return writer


class SnapcamFirmwareView(HomeAssistantView):
    """Serve a package to the camera that installs it, during the install only."""

    url = FIRMWARE_URL
    name = "api:snapcam:firmware"
    requires_auth = False

    async def get(
        self, request: web.Request, token: str, filename: str
    ) -> web.StreamResponse:
        """Send the package, or a range of it."""
        hass = request.app[KEY_HASS]
        firmware = _find_install(hass, token)
        package = firmware.served if firmware else None
        if (
            firmware is None
            or package is None
            or package.filename != filename
            or not is_local_request(request)
        ):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        path = await hass.async_add_executor_job(package_store(hass).path, package)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return PackageResponse(hass, path, package.size, token)

    head = get


@callback
def async_serve(hass: HomeAssistant, firmware: Firmware) -> CALLBACK_TYPE:
    """Serve the package a camera installs, until the returned function is called."""
    installs = hass.data.setdefault(INSTALLS, set())
    installs.add(firmware)
    return lambda: installs.discard(firmware)


def _find_install(hass: HomeAssistant, token: str) -> Firmware | None:
    """Return the firmware for the secret in an address, in constant time."""
    found = None
    for firmware in hass.data.get(INSTALLS, ()):
        if compare_digest(firmware.token.encode(), token.encode()):
            found = firmware
    return found
