"""Taking a list of all cameras along."""

from typing import Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import async_register_admin_service

from ..const import CONF_CAMERAS, DOMAIN
from ..flows.camera_list import ListedCamera, write_camera_list
from ..flows.fleet import async_list_all

SERVICE_EXPORT_CAMERAS: Final = "export_cameras"


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_EXPORT_CAMERAS,
        _async_export_cameras,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_export_cameras(call: ServiceCall) -> ServiceResponse:
    """Return all cameras, and the list of them that another Home Assistant takes."""
    cameras = async_list_all(call.hass)
    lines = [ListedCamera(sn=x["sn"], name=x["name"], area=x["area"]) for x in cameras]
    return {
        CONF_CAMERAS: [{**camera} for camera in cameras],
        "list": write_camera_list(lines),
    }
