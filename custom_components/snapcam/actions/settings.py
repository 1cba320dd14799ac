"""The action that sends settings to many cameras."""

import asyncio
from typing import Any, Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.core import (
    EntityServiceResponse,
    HomeAssistant,
    ServiceCall,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers.service import async_register_batched_platform_entity_service
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..delivery.delivery import DeliveryOption
from ..helpers import translated_error
from ..protocol import (
    HB_INTERVAL_MAX,
    HB_INTERVAL_MIN,
    SnapcamError,
    SnapcamNoAnswerError,
)
from .responses import response_of

SERVICE_SET_CONFIG: Final = "set_config"

CONF_HB_INTERVAL: Final = "hb_interval"
CONF_DELIVERY: Final = "delivery"

AT_ONCE: Final = 4
"""So many cameras are told together: each that delivers by HTTP has to prove it."""


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_batched_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_SET_CONFIG,
        entity_domain=CAMERA_DOMAIN,
        schema={
            vol.Optional(CONF_HB_INTERVAL): vol.All(
                vol.Coerce(int), vol.Range(HB_INTERVAL_MIN, HB_INTERVAL_MAX)
            ),
            vol.Optional(CONF_DELIVERY): vol.Coerce(DeliveryOption),
        },
        func=_async_set_configs,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_set_configs(
    cameras: list[SnapcamCamera], call: ServiceCall
) -> EntityServiceResponse:
    """Tell a few cameras at a time, and return what they say they have now.

    Raises:
        Unauthorized: The user is no administrator.
        ServiceValidationError: No setting is named.
        HomeAssistantError: As `response_of`.
    """
    await _async_check_administrator(call)
    interval, delivery = call.data.get(CONF_HB_INTERVAL), call.data.get(CONF_DELIVERY)
    if interval is None and delivery is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_setting"
        )
    turns = asyncio.Semaphore(AT_ONCE)

    async def tell(camera: SnapcamCamera) -> dict[str, Any]:
        async with turns:
            return await _async_set_config(camera, interval, delivery)

    results = await asyncio.gather(*map(tell, cameras), return_exceptions=True)
    return response_of(cameras, results, call)


async def _async_check_administrator(call: ServiceCall) -> None:
    """Refuse who may not administer Home Assistant, which does so for other actions.

    Raises:
        Unauthorized: The user is no administrator.
    """
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None or not user.is_admin:
        raise Unauthorized(context=call.context)


async def _async_set_config(
    camera: SnapcamCamera, interval: int | None, delivery: DeliveryOption | None
) -> dict[str, Any]:
    """Tell a camera, and return what it says it has now.

    The delivery comes first: where that fails, nothing has changed.
    """
    coordinator = camera.coordinator
    try:
        # Hundreds that are silent would keep the others waiting for hours.
        if coordinator.data.online is False:
            raise SnapcamNoAnswerError("the camera is offline")
        if delivery is not None:
            await coordinator.delivery.async_choose(delivery)
        if interval is not None:
            await coordinator.settings.async_change(hb_interval=interval)
    except SnapcamError as err:
        raise translated_error(err, coordinator.name) from err
    return {
        CONF_HB_INTERVAL: coordinator.data.interval,
        CONF_DELIVERY: coordinator.delivery.option,
    }
