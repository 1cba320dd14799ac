"""What the actions for several cameras have in common."""

from typing import Any

from homeassistant.core import EntityServiceResponse, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..camera import SnapcamCamera
from ..const import DOMAIN
from ..helpers import async_check_path


def response_of(
    cameras: list[SnapcamCamera],
    results: list[dict[str, Any] | BaseException],
    call: ServiceCall,
) -> EntityServiceResponse:
    """Return what came of each camera, by entity.

    Raises:
        HomeAssistantError: All failed; or one did, and nobody looks at the response.
    """
    response: EntityServiceResponse = {}
    errors: list[HomeAssistantError] = []
    for camera, result in zip(cameras, results, strict=True):
        match result:
            case HomeAssistantError():
                errors.append(result)
                response[camera.entity_id] = {"error": str(result)}
            case BaseException():
                raise result
            case _:
                response[camera.entity_id] = result
    if errors and (len(errors) == len(cameras) or not call.return_response):
        raise errors[0]
    return response


async def async_check_filename(
    hass: HomeAssistant, filename: str, cameras: int
) -> None:
    """Check that a picture can go to a file.

    Raises:
        ServiceValidationError: It must not, or several would go to the same one.
    """
    if cameras > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="filename_one_camera"
        )
    await async_check_path(hass, filename)
