"""Taking a picture when somebody asks for one."""

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
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..helpers import async_write, snapshot_details, translated_error
from ..protocol import SnapcamError
from .responses import async_check_filename, response_of

SERVICE_TAKE_SNAPSHOT: Final = "take_snapshot"


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_batched_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_TAKE_SNAPSHOT,
        entity_domain=CAMERA_DOMAIN,
        schema={vol.Optional(CONF_FILENAME): cv.string},
        func=_async_take_snapshots,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_take_snapshots(
    cameras: list[SnapcamCamera], call: ServiceCall
) -> EntityServiceResponse:
    """Take a snapshot with each camera at once, and return them by entity."""
    if (filename := call.data.get(CONF_FILENAME)) is not None:
        await async_check_filename(call.hass, filename, len(cameras))
    results = await asyncio.gather(
        *(_async_take_snapshot(camera, filename) for camera in cameras),
        return_exceptions=True,
    )
    return response_of(cameras, results, call)


async def _async_take_snapshot(
    camera: SnapcamCamera, filename: str | None
) -> dict[str, Any]:
    """Take a snapshot, write it where it is wanted too, and describe it."""
    coordinator = camera.coordinator
    try:
        snapshot = await coordinator.pictures.async_capture()
    except SnapcamError as err:
        raise translated_error(err, coordinator.name) from err
    if filename is not None:
        content = await coordinator.picture_store.async_content(snapshot)
        await async_write(camera.hass, filename, content)
    return snapshot_details(
        snapshot, coordinator.sn, coordinator.picture_store.library.url
    )
