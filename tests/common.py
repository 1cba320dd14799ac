"""What tests do again and again."""

import base64
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from .broker import Broker
from .const import SN

JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n another picture"


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


async def call(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action on an entity."""
    await hass.services.async_call(
        *action.split("."), {"entity_id": entity_id, **data}, blocking=True
    )
