"""The actions of the integration."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.const import CONF_FILENAME
from homeassistant.core import (
    EntityServiceResponse,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import (
    async_register_admin_service,
    async_register_batched_platform_entity_service,
    async_register_platform_entity_service,
)
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .camera import SnapcamCamera
from .const import CONF_CAMERAS, CONF_NOTES, CONF_PACKAGE_URL, CONF_VERSION, DOMAIN
from .firmware.offers import async_change_offer
from .firmware.packages import Copy, check_url, check_version, package_store
from .flows.fleet import async_list_all
from .helpers import async_check_path, async_write, snapshot_details, translated_error
from .models import Offer
from .pictures.choice import Choice
from .protocol import SnapcamError
from .timelapse.selection import Wish
from .timelapse.studio import async_get_studio
from .timelapse.wish import SCHEMA as WISH_SCHEMA, parse_wish

SERVICE_TAKE_SNAPSHOT: Final = "take_snapshot"
SERVICE_CONTROL_IO: Final = "control_io"
SERVICE_CREATE_TIMELAPSE: Final = "create_timelapse"
SERVICE_OFFER_FIRMWARE: Final = "offer_firmware"
SERVICE_WITHDRAW_FIRMWARE: Final = "withdraw_firmware"
SERVICE_EXPORT_CAMERAS: Final = "export_cameras"
SERVICE_KEEP_PICTURES: Final = "keep_pictures"
SERVICE_DELETE_PICTURES: Final = "delete_pictures"

CONF_IO0: Final = "io0"
CONF_IO1: Final = "io1"
CONF_PULSE: Final = "pulse"

CONF_MEDIA_CONTENT_ID: Final = "media_content_id"
CONF_START: Final = "start"
CONF_END: Final = "end"
CONF_KEEP: Final = "keep"

MEDIA_CONTENT_ID: Final = rf"^media-source://{DOMAIN}/[^/]+/[^/]+/[^/]+$"

PULSE_MIN: Final = 0.1
PULSE_MAX: Final = 60.0


@callback
def async_setup_services(hass: HomeAssistant) -> None:
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
    async_register_batched_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_CREATE_TIMELAPSE,
        entity_domain=CAMERA_DOMAIN,
        schema={**WISH_SCHEMA, vol.Optional(CONF_FILENAME): cv.string},
        func=_async_create_timelapses,
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_OFFER_FIRMWARE,
        admin_only=True,
        entity_domain=CAMERA_DOMAIN,
        schema={
            vol.Required(CONF_VERSION): cv.string,
            vol.Exclusive(CONF_PACKAGE_URL, "package"): cv.string,
            vol.Exclusive(CONF_FILENAME, "package"): cv.string,
            vol.Optional(CONF_NOTES, default=""): cv.string,
        },
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
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_EXPORT_CAMERAS,
        _async_export_cameras,
        supports_response=SupportsResponse.ONLY,
    )
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


async def _async_take_snapshots(
    cameras: list[SnapcamCamera], call: ServiceCall
) -> EntityServiceResponse:
    """Take a snapshot with each camera at once, and return them by entity."""
    if (filename := call.data.get(CONF_FILENAME)) is not None:
        await _async_check_filename(call.hass, filename, len(cameras))
    results = await asyncio.gather(
        *(_async_take_snapshot(camera, filename) for camera in cameras),
        return_exceptions=True,
    )
    return _response(cameras, results, call)


def _response(
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


async def _async_check_filename(
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


async def _async_create_timelapses(
    cameras: list[SnapcamCamera], call: ServiceCall
) -> EntityServiceResponse:
    """Make a video of the pictures of each camera, and return them by entity."""
    if (filename := call.data.get(CONF_FILENAME)) is not None:
        await _async_check_filename(call.hass, filename, len(cameras))
    try:
        wish = parse_wish(call.data, dt_util.now())
    except SnapcamError as err:
        raise translated_error(err, "") from err
    results = await asyncio.gather(
        *(_async_create_timelapse(camera, wish, filename) for camera in cameras),
        return_exceptions=True,
    )
    return _response(cameras, results, call)


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


async def _async_offer_firmware(camera: SnapcamCamera, call: ServiceCall) -> None:
    """Offer a firmware to a camera.

    Raises:
        ServiceValidationError: It cannot be offered.
    """
    hass, coordinator = camera.hass, camera.coordinator
    filename, address = call.data.get(CONF_FILENAME), call.data.get(CONF_PACKAGE_URL)
    url = copy = None
    try:
        version = check_version(call.data[CONF_VERSION])
        if address is not None:
            url = check_url(address)
        elif filename is not None:
            copy = await _async_copy(hass, Path(filename))
        else:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="file_or_url"
            )
        offer = Offer(
            version=version,
            notes=call.data[CONF_NOTES],
            url=url,
            package=copy.package if copy else None,
        )
        await async_change_offer(hass, coordinator.config_entry, offer, copy)
    except SnapcamError as err:
        raise translated_error(err, coordinator.name) from err
    except OSError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="filename_not_read",
            translation_placeholders={
                "filename": filename or "",
                "error": err.strerror or str(err),
            },
        ) from err


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


async def _async_export_cameras(call: ServiceCall) -> ServiceResponse:
    """Return all cameras, as a list that another Home Assistant takes."""
    return {CONF_CAMERAS: async_list_all(call.hass)}


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
