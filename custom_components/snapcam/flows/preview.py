"""What a camera sees, shown to who is about to add it."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final, override

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from ..const import CONF_SN, DOMAIN
from ..link.captures import Wanted
from ..link.hub import async_get_hub
from ..protocol import Picture, SnapcamError
from .steps import SnapcamSteps, lines_fields

PREVIEW_SECONDS: Final = 5.0
"""How long to wait for a picture; none is no error."""

PREVIEWS_KEPT: Final = 8
"""Dialogs that may show one: a picture has up to 8 MiB."""

VALID: Final = timedelta(hours=1)

PREVIEWS: HassKey[dict[str, Picture]] = HassKey(f"{DOMAIN}.previews")


@singleton(PREVIEWS)
@callback
def _async_get_previews(hass: HomeAssistant) -> dict[str, Picture]:
    """Return the pictures that flows show, by flow, and serve them from now on.

    The first camera is shown before the integration is set up.
    """
    hass.http.register_view(SnapcamPreviewView)
    return {}


class SnapcamPreviewView(HomeAssistantView):
    """Serve the picture that a flow shows, and that is not stored."""

    url = f"/api/{DOMAIN}/preview/{{flow_id}}"
    name = f"api:{DOMAIN}:preview"

    async def get(self, request: web.Request, flow_id: str) -> web.Response:
        """Return the picture; 404 if the flow has ended, or shows none."""
        picture = _async_get_previews(request.app[KEY_HASS]).get(flow_id)
        if picture is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=picture.content,
            content_type=picture.content_type,
            headers={hdrs.CACHE_CONTROL: "no-store"},
        )


class PreviewSteps(SnapcamSteps):
    """Have a camera that has answered take a picture, and show it."""

    _has_preview = False

    @callback
    @override
    def async_remove(self) -> None:
        """Let go of the picture."""
        super().async_remove()
        _async_get_previews(self.hass).pop(self.flow_id, None)

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the camera sees, if it is known, before it is added."""
        if user_input is not None or not self._has_preview:
            return await self.async_step_lines(user_input)
        # An image in a dialog is loaded without a log-in.
        path = SnapcamPreviewView.url.format(flow_id=self.flow_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(lines_fields()),
            description_placeholders={
                CONF_SN: self._sn,
                "picture": async_sign_path(self.hass, path, VALID),
            },
        )

    async def _async_preview(self) -> None:
        """Have the camera take a picture to be shown, if it does so in time."""
        picture = await _async_take(self.hass, self._sn)
        self._has_preview = picture is not None
        if picture is not None:
            previews = _async_get_previews(self.hass)
            previews[self.flow_id] = picture
            if len(previews) > PREVIEWS_KEPT:
                del previews[next(iter(previews))]


async def _async_take(hass: HomeAssistant, sn: str) -> Picture | None:
    """Return a picture of a camera that has just answered; None if none comes."""
    if (probed := async_get_hub(hass).probed.get(sn)) is None:
        return None
    with suppress(SnapcamError, TimeoutError):
        async with asyncio.timeout(PREVIEW_SECONDS):
            return await probed.client.take_snapshot(Wanted.BY_US)
    return None
