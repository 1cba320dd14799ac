"""Setting the IO lines."""

import asyncio
from typing import Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_batched_platform_entity_service
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..helpers import translated_error
from ..protocol import SnapcamError

SERVICE_CONTROL_IO: Final = "control_io"

CONF_IO0: Final = "io0"
CONF_IO1: Final = "io1"
CONF_PULSE: Final = "pulse"

PULSE_MIN: Final = 0.1
PULSE_MAX: Final = 60.0


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_batched_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_CONTROL_IO,
        entity_domain=CAMERA_DOMAIN,
        schema={
            vol.Optional(CONF_IO0): cv.boolean,
            vol.Optional(CONF_IO1): cv.boolean,
            vol.Optional(CONF_PULSE): vol.All(
                vol.Coerce(float), vol.Range(PULSE_MIN, PULSE_MAX)
            ),
        },
        func=_async_control_ios,
    )


async def _async_control_ios(cameras: list[SnapcamCamera], call: ServiceCall) -> None:
    """Set IO lines of each camera at once.

    Raises:
        ServiceValidationError: No line is named.
        HomeAssistantError: A camera did not do it; the others have.
    """
    lines = {n: call.data[n] for n in (CONF_IO0, CONF_IO1) if n in call.data}
    if not lines:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_io_line"
        )
    results = await asyncio.gather(
        *(
            _async_control_io(camera, lines, call.data.get(CONF_PULSE))
            for camera in cameras
        ),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _async_control_io(
    camera: SnapcamCamera, lines: dict[str, bool], pulse: float | None
) -> None:
    """Set IO lines, for a time if one is given."""
    outputs = camera.coordinator.outputs
    try:
        if pulse is None:
            await outputs.async_set(**lines)
        else:
            await outputs.async_pulse(lines, pulse)
    except SnapcamError as err:
        raise translated_error(err, camera.coordinator.name) from err
