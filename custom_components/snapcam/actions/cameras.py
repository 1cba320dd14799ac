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
    """Return all cameras, as a list that another Home Assistant takes."""
    return {CONF_CAMERAS: async_list_all(call.hass)}
