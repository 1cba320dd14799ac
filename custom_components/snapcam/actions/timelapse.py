"""Making videos of stored pictures."""

import asyncio
from typing import Any, Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.const import CONF_FILENAME
from homeassistant.core import (
    EntityServiceResponse,
    HomeAssistant,
    ServiceCall,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_batched_platform_entity_service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..helpers import translated_error
from ..protocol import SnapcamError
from ..timelapse.selection import Wish
from ..timelapse.studio import async_get_studio
from ..timelapse.wish import SCHEMA as WISH_SCHEMA, parse_wish
from .responses import async_check_filename, response_of

SERVICE_CREATE_TIMELAPSE: Final = "create_timelapse"


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_batched_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_CREATE_TIMELAPSE,
        entity_domain=CAMERA_DOMAIN,
        schema={**WISH_SCHEMA, vol.Optional(CONF_FILENAME): cv.string},
        func=_async_create_timelapses,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_create_timelapses(
    cameras: list[SnapcamCamera], call: ServiceCall
) -> EntityServiceResponse:
    """Make a video of the pictures of each camera, and return them by entity."""
    if (filename := call.data.get(CONF_FILENAME)) is not None:
        await async_check_filename(call.hass, filename, len(cameras))
    try:
        wish = parse_wish(call.data, dt_util.now())
    except SnapcamError as err:
        raise translated_error(err, "") from err
    results = await asyncio.gather(
        *(_async_create_timelapse(camera, wish, filename) for camera in cameras),
        return_exceptions=True,
    )
    return response_of(cameras, results, call)


async def _async_create_timelapse(
    camera: SnapcamCamera, wish: Wish, filename: str | None
) -> dict[str, Any]:
    """Make a video, write it where it is wanted too, and describe it."""
    coordinator = camera.coordinator
    library = coordinator.picture_store.library
    try:
        studio = async_get_studio(camera.hass)
        film = await studio.async_make(coordinator.sn, wish)
        if filename is not None:
            await studio.async_copy(film, filename)
    except SnapcamError as err:
        raise translated_error(err, coordinator.name) from err
    return {
        "media_content_id": f"media-source://{DOMAIN}/{film.name}",
        "url": f"{library.url}/{film.name}",
        "frames": film.frames,
        "skipped": film.skipped,
        "duration": round(film.seconds, 3),
    }
