"""Where what is inside meets people: errors and pictures, in Home Assistant's terms."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .addresses import SnapcamNoLanAddressError
from .const import DOMAIN
from .delivery import (
    SnapcamNotDeliveredError,
    SnapcamNotRestoredError,
    SnapcamNoUploadAddressError,
    SnapcamUploadAddressError,
)
from .entity import SnapcamEntity
from .firmware import (
    SnapcamInstallingError,
    SnapcamNotBackError,
    SnapcamNotFetchedError,
    SnapcamNothingOfferedError,
    SnapcamNotRestartedError,
    SnapcamOtherVersionError,
    SnapcamPackageGoneError,
    SnapcamReloadedError,
)
from .library import Library, Snapshot
from .packages import SnapcamPackageError, SnapcamPackageUrlError, SnapcamVersionError
from .protocol import (
    SnapcamBusyError,
    SnapcamError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    SnapcamPictureError,
    SnapcamRefusedError,
)

_TRANSLATION_KEYS: dict[type[SnapcamError], str] = {
    SnapcamBusyError: "busy",
    SnapcamInstallingError: "installing",
    SnapcamMessageError: "invalid_answer",
    SnapcamNoAnswerError: "no_answer",
    SnapcamNoLanAddressError: "no_lan_address",
    SnapcamNotBackError: "not_back",
    SnapcamNotConnectedError: "not_connected",
    SnapcamNotDeliveredError: "not_delivered",
    SnapcamNotFetchedError: "not_fetched",
    SnapcamNothingOfferedError: "nothing_offered",
    SnapcamNotRestartedError: "not_restarted",
    SnapcamNotRestoredError: "not_restored",
    SnapcamNoUploadAddressError: "no_upload_addr",
    SnapcamOtherVersionError: "other_version",
    SnapcamPackageError: "invalid_package",
    SnapcamPackageGoneError: "package_gone",
    SnapcamPackageUrlError: "invalid_package_url",
    SnapcamPictureError: "invalid_picture",
    SnapcamRefusedError: "refused",
    SnapcamReloadedError: "reloaded",
    SnapcamUploadAddressError: "invalid_upload_addr",
    SnapcamVersionError: "invalid_version",
}

_USER_MISTAKES = (
    SnapcamInstallingError,
    SnapcamNothingOfferedError,
    SnapcamNoUploadAddressError,
    SnapcamPackageError,
    SnapcamPackageGoneError,
    SnapcamPackageUrlError,
    SnapcamUploadAddressError,
    SnapcamVersionError,
)


def error_reason(err: SnapcamError) -> str:
    """Return the kind of an error, for automations."""
    kinds = (kind for kind in type(err).__mro__ if kind in _TRANSLATION_KEYS)
    return _TRANSLATION_KEYS[next(kinds)]


def translated_error(err: SnapcamError, name: str) -> HomeAssistantError:
    """Return what to tell a person of a camera's error.

    Args:
        err: What went wrong.
        name: The name of the camera.
    """
    placeholders = {"name": name}
    match err:
        case SnapcamRefusedError():
            placeholders |= {"ret": str(err.ret), "msg": err.msg or "–"}
        case SnapcamNotDeliveredError():
            placeholders |= {"address": err.origin}
        case SnapcamOtherVersionError():
            placeholders |= {"version": str(err)}
    kind = (
        ServiceValidationError
        if isinstance(err, _USER_MISTAKES)
        else HomeAssistantError
    )
    return kind(
        translation_domain=DOMAIN,
        translation_key=error_reason(err),
        translation_placeholders=placeholders,
    )


def camera_command[EntityT: SnapcamEntity, **P](
    func: Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]]:
    """Decorate anything that asks something of a camera."""

    @wraps(func)
    async def handler(self: EntityT, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await func(self, *args, **kwargs)
        except SnapcamError as err:
            raise translated_error(err, self.coordinator.name) from err

    return handler


def snapshot_details(library: Library, snapshot: Snapshot) -> dict[str, Any]:
    """Return what automations need to know of a picture.

    Args:
        library: Where it is stored.
        snapshot: The picture; without an address if it could not be stored.
    """
    name = snapshot.name
    return {
        "captured_at": snapshot.captured_at.isoformat(),
        "content_type": snapshot.content_type,
        "size": snapshot.size,
        "media_content_id": name and f"media-source://{DOMAIN}/{name}",
        "url": name and f"{library.url}/{name}",
        "request_id": snapshot.request_id,
    }


def own_entities(hass: HomeAssistant, entities: set[str]) -> set[str]:
    """Return those of some entities that are this integration's."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entities
        if (entry := registry.async_get(entity_id)) and entry.platform == DOMAIN
    }
