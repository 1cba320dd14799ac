"""Keeping and deleting stored pictures."""

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..pictures.choice import Choice

SERVICE_KEEP_PICTURES: Final = "keep_pictures"
SERVICE_DELETE_PICTURES: Final = "delete_pictures"

CONF_MEDIA_CONTENT_ID: Final = "media_content_id"
CONF_START: Final = "start"
CONF_END: Final = "end"
CONF_KEEP: Final = "keep"

MEDIA_CONTENT_ID: Final = rf"^media-source://{DOMAIN}/[^/]+/[^/]+/[^/]+$"


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    choice: VolDictType = {
        vol.Optional(CONF_MEDIA_CONTENT_ID): vol.All(
            cv.ensure_list, [vol.Match(MEDIA_CONTENT_ID)]
        ),
        vol.Optional(CONF_START): cv.datetime,
        vol.Optional(CONF_END): cv.datetime,
    }
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_KEEP_PICTURES,
        entity_domain=CAMERA_DOMAIN,
        schema={**choice, vol.Optional(CONF_KEEP, default=True): cv.boolean},
        func=_async_keep_pictures,
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_DELETE_PICTURES,
        admin_only=True,
        entity_domain=CAMERA_DOMAIN,
        schema=choice,
        func=_async_delete_pictures,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_keep_pictures(
    camera: SnapcamCamera, call: ServiceCall
) -> dict[str, Any]:
    """Have pictures of a camera survive all limits, or no longer."""
    keep = camera.coordinator.async_keep_pictures
    return await _async_count(camera, keep(_choice(call), kept=call.data[CONF_KEEP]))


async def _async_delete_pictures(
    camera: SnapcamCamera, call: ServiceCall
) -> dict[str, Any]:
    """Remove pictures of a camera."""
    delete = camera.coordinator.async_delete_pictures
    return await _async_count(camera, delete(_choice(call)))


async def _async_count(
    camera: SnapcamCamera, work: Coroutine[Any, Any, int]
) -> dict[str, Any]:
    """Return with how many pictures something was done.

    Raises:
        HomeAssistantError: It could not be done with all of them.
    """
    try:
        return {"count": await work}
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="pictures_not_changed",
            translation_placeholders={
                "name": camera.coordinator.name,
                "error": err.strerror or str(err),
            },
        ) from err


def _choice(call: ServiceCall) -> Choice:
    """Return which pictures somebody means.

    Raises:
        ServiceValidationError: All there are, which nobody means by saying nothing.
    """
    ids = call.data.get(CONF_MEDIA_CONTENT_ID, [])
    start, end = call.data.get(CONF_START), call.data.get(CONF_END)
    if not ids and start is None and end is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_pictures_chosen"
        )
    return Choice(
        names=tuple(name.removeprefix(f"media-source://{DOMAIN}/") for name in ids),
        start=start and _local(start),
        end=end and _local(end),
    )


def _local(time: datetime) -> datetime:
    """Return a time by Home Assistant's clock; one without a zone already is."""
    return dt_util.as_local(time) if time.tzinfo else time
