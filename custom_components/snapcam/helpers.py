"""Where what is inside meets people: errors, pictures and files in their terms."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .models import Snapshot
from .protocol import SnapcamError


def translated_error(err: SnapcamError, name: str) -> HomeAssistantError:
    """Return what to tell a person of a camera's error.

    Args:
        err: What went wrong.
        name: The name of the camera.
    """
    kind = ServiceValidationError if err.is_mistake else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=err.translation_key,
        translation_placeholders={"name": name, **err.placeholders},
    )


async def async_to_the_end(
    hass: HomeAssistant, work: Coroutine[Any, Any, None], name: str
) -> None:
    """Await work that goes on if its caller is cancelled.

    Raises:
        SnapcamError: As the work does; unheard if nobody waits any more.
    """

    async def caught() -> SnapcamError | None:
        try:
            await work
        except SnapcamError as err:
            return err
        return None

    task = hass.async_create_background_task(caught(), name)
    await asyncio.wait([task])
    if (error := await task) is not None:
        raise error


def snapshot_details(snapshot: Snapshot, sn: str, url: str) -> dict[str, Any]:
    """Return what automations need to know of a picture.

    Args:
        snapshot: The picture; without an address if it could not be stored.
        sn: The serial number of its camera.
        url: Where Home Assistant serves the folder of all pictures.
    """
    name = snapshot.name
    return {
        "captured_at": snapshot.captured_at.isoformat(),
        "content_type": snapshot.content_type,
        "size": snapshot.size,
        "media_content_id": name and f"media-source://{DOMAIN}/{name}",
        "url": name and f"{url}/{name}",
        "panel_url": panel_url(sn, name),
        "request_id": snapshot.request_id,
    }


def panel_url(sn: str, name: str | None = None) -> str:
    """Return where the panel shows a picture; without one, all pictures of a camera."""
    if name is None:
        return f"/{DOMAIN}/{sn}"
    folder, _, file = name.rpartition("/")
    # By its time alone it is found also once it is kept, which renames it.
    return f"/{DOMAIN}/{folder}/{file.partition('.')[0]}"


def own_entities(hass: HomeAssistant, entities: set[str]) -> set[str]:
    """Return those of some entities that are this integration's."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entities
        if (entry := registry.async_get(entity_id)) and entry.platform == DOMAIN
    }


async def async_check_path(hass: HomeAssistant, filename: str) -> None:
    """Check that Home Assistant may use a file.

    Raises:
        ServiceValidationError: It may not.
    """

    def is_allowed() -> bool:
        # Home Assistant does not follow a link to what does not exist yet.
        path = Path(filename).resolve()
        is_special = path.exists() and not (path.is_file() or path.is_dir())
        return not is_special and hass.config.is_allowed_path(str(path))

    if "\0" in filename or not await hass.async_add_executor_job(is_allowed):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="filename_not_allowed",
            translation_placeholders={"filename": filename},
        )


async def async_write(
    hass: HomeAssistant, filename: str, content: bytes | None
) -> None:
    """Write a picture to a file.

    Args:
        hass: Home Assistant.
        filename: The file; missing folders are made.
        content: The picture; None if it is gone.

    Raises:
        HomeAssistantError: It cannot be written.
    """

    def write(content: bytes) -> None:
        path = Path(filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    try:
        if content is None:
            raise FileNotFoundError("the picture is gone")
        await hass.async_add_executor_job(write, content)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="filename_not_written",
            translation_placeholders={
                "filename": filename,
                "error": err.strerror or str(err),
            },
        ) from err
