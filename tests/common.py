"""What tests do again and again."""

import asyncio
import base64
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.snapcam.pictures.disk import PATIENCE_SECONDS, async_get_disk

from .broker import Broker
from .const import CAMERA, SN
from .files import jpeg, png
from .simulator import SimulatedCamera

type Response = dict[str, dict[str, Any]]

JPEG = jpeg(b" a picture ")
PNG = png(b"another picture")


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity."""
    entity = hass.states.get(entity_id)
    assert entity is not None
    return entity.state


async def pass_time(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and all that follows from it happen."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await broker.settle()


async def come_back(broker: Broker, camera: SimulatedCamera) -> None:
    """Let a camera be heard again."""
    broker.connect(camera)
    await camera.send_heartbeat()
    await broker.settle()


def heartbeat(**changes: Any) -> dict[str, Any]:
    """Return a heartbeat as the vendor's page has it."""
    return {
        "operate": "heartbeat",
        "request_id": "xxxxxx",
        "timestamp": int(dt_util.utcnow().timestamp()),
        "sn": SN,
    } | changes


def upload(picture: bytes = JPEG, **changes: Any) -> dict[str, Any]:
    """Return an upload_snapshot as the vendor's page has it."""
    data = base64.b64encode(picture).decode()
    return heartbeat(operate="upload_snapshot", data=data) | changes


async def wait_in_vain[ResultT](
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    asked: Coroutine[Any, Any, ResultT],
) -> ResultT:
    """Ask for something in a folder that hangs, and wait until nobody waits any more."""
    task = asyncio.create_task(asked)
    while not async_get_disk(hass).running:
        await asyncio.sleep(0)
    freezer.tick(timedelta(seconds=PATIENCE_SECONDS + 1))
    return await task


async def call(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action on an entity."""
    await hass.services.async_call(
        *action.split("."), {"entity_id": entity_id, **data}, blocking=True
    )


async def enable(hass: HomeAssistant, entry: MockConfigEntry, entity_id: str) -> None:
    """Enable an entity that is hidden at first."""
    er.async_get(hass).async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def respond(
    hass: HomeAssistant, action: str, *entity_ids: str, **data: Any
) -> Response:
    """Perform one of our actions, and return the response."""
    response: Any = await hass.services.async_call(
        "snapcam",
        action,
        {"entity_id": entity_ids, **data},
        blocking=True,
        return_response=True,
    )
    return response


async def take(hass: HomeAssistant, *entity_ids: str, **data: Any) -> Response:
    """Take snapshots, and return the response."""
    return await respond(hass, "take_snapshot", *entity_ids, **data)


async def control(hass: HomeAssistant, **data: Any) -> None:
    """Control the IO lines of the camera."""
    await call(hass, "snapcam.control_io", CAMERA, **data)
