"""Offering a firmware."""

from pathlib import Path
from typing import Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.const import CONF_FILENAME
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..camera import SnapcamCamera
from ..const import CONF_NOTES, CONF_PACKAGE_URL, CONF_VERSION, DOMAIN
from ..firmware.offers import async_change_offer
from ..firmware.packages import Copy, check_url, check_version, package_store
from ..helpers import async_check_path, translated_error
from ..models import Offer
from ..protocol import SnapcamError

SERVICE_OFFER_FIRMWARE: Final = "offer_firmware"
SERVICE_WITHDRAW_FIRMWARE: Final = "withdraw_firmware"

OFFER: Final[VolDictType] = {
    vol.Required(CONF_VERSION): cv.string,
    vol.Exclusive(CONF_PACKAGE_URL, "package"): cv.string,
    vol.Exclusive(CONF_FILENAME, "package"): cv.string,
    vol.Optional(CONF_NOTES, default=""): cv.string,
}
"""What describes a firmware, and where its package is."""


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions."""
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_OFFER_FIRMWARE,
        admin_only=True,
        entity_domain=CAMERA_DOMAIN,
        schema=OFFER,
        func=_async_offer_firmware,
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_WITHDRAW_FIRMWARE,
        admin_only=True,
        entity_domain=CAMERA_DOMAIN,
        schema={},
        func=_async_withdraw_firmware,
    )


async def _async_offer_firmware(camera: SnapcamCamera, call: ServiceCall) -> None:
    """Offer a firmware to a camera.

    Raises:
        ServiceValidationError: It cannot be offered.
    """
    coordinator = camera.coordinator
    try:
        offer, copy = await async_read_offer(camera.hass, call)
        await async_change_offer(camera.hass, coordinator.config_entry, offer, copy)
    except SnapcamError as err:
        raise translated_error(err, coordinator.name) from err
    except OSError as err:
        raise error_not_read(call.data.get(CONF_FILENAME), err) from err


async def async_read_offer(
    hass: HomeAssistant, call: ServiceCall
) -> tuple[Offer, Copy | None]:
    """Return the firmware that somebody wants to offer, and a copy of its package.

    Raises:
        ServiceValidationError: There is no package, or Home Assistant may not use it.
        SnapcamError: It is not one that can be offered.
        OSError: It cannot be read, or the copy not be written.
    """
    filename, address = call.data.get(CONF_FILENAME), call.data.get(CONF_PACKAGE_URL)
    url = copy = None
    version = check_version(call.data[CONF_VERSION])
    if address is not None:
        url = check_url(address)
    elif filename is not None:
        copy = await _async_copy(hass, Path(filename))
    else:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="file_or_url"
        )
    package = copy.package if copy else None
    return Offer(
        version=version, notes=call.data[CONF_NOTES], url=url, package=package
    ), copy


def error_not_read(filename: str | None, err: OSError) -> ServiceValidationError:
    """Return what to tell a person of a package that cannot be read."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="filename_not_read",
        translation_placeholders={
            "filename": filename or "",
            "error": err.strerror or str(err),
        },
    )


async def _async_copy(hass: HomeAssistant, path: Path) -> Copy:
    """Copy a package that Home Assistant may use.

    Raises:
        ServiceValidationError: It may not.
        SnapcamPackageError: It is no package.
        OSError: It cannot be read, or the copy not be written.
    """
    await async_check_path(hass, str(path))
    return await hass.async_add_executor_job(package_store(hass).copy, path, path.name)


async def _async_withdraw_firmware(camera: SnapcamCamera, call: ServiceCall) -> None:
    """Offer nothing to a camera any more."""
    entry = camera.coordinator.config_entry
    await async_change_offer(camera.hass, entry, None)
