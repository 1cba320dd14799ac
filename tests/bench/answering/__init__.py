"""The least a server of these cameras can do: nothing, answer, or keep a picture."""

from functools import partial
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
import orjson
import pybase64

DOMAIN = "answering"

UNSYNCED = patch.object(os, "fsync", lambda _fd: None)
"""Has a sync do nothing, whoever in this process asks for it."""


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Subscribe as the integration does."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        return False
    folder = Path(hass.config.media_dirs["local"], DOMAIN)
    await hass.async_add_executor_job(partial(folder.mkdir, exist_ok=True))

    @callback
    def ignore(msg: mqtt.ReceiveMessage) -> None:
        """Do nothing."""

    @callback
    def answer(msg: mqtt.ReceiveMessage) -> None:
        """Answer a heartbeat, whatever it says."""
        hass.async_create_background_task(
            async_answer("answer", orjson.loads(msg.payload)),
            "answer",
            eager_start=True,
        )

    @callback
    def keep(msg: mqtt.ReceiveMessage) -> None:
        """Keep a picture, show and announce it, and answer."""
        request = orjson.loads(msg.payload)
        content = pybase64.b64decode(request["data"], validate=True)
        hass.async_create_background_task(
            async_keep(request, content), "keep", eager_start=True
        )

    @callback
    def set_sync(msg: mqtt.ReceiveMessage) -> None:
        """Have a sync do something or nothing, for comparison."""
        UNSYNCED.stop()
        if msg.payload == b"off":
            UNSYNCED.start()

    async def async_keep(request: dict[str, Any], content: bytes) -> None:
        sn = request["sn"]
        name = f"{sn}-{request['request_id']}.jpg"
        await hass.async_add_executor_job(store, folder, name, content)
        now = dt_util.utcnow().isoformat()
        hass.states.async_set(f"image.least_{sn}", now)
        hass.states.async_set(f"event.least_{sn}", now, {"event_type": "uploaded"})
        await async_answer("least", request)

    async def async_answer(prefix: str, request: dict[str, Any]) -> None:
        response = {
            "operate": f"{request['operate']}_rsp",
            "request_id": request["request_id"],
            "sn": request["sn"],
            "ret": 0,
            "msg": "",
        }
        topic = f"{prefix}/{request['sn']}/down"
        await mqtt.async_publish(hass, topic, orjson.dumps(response), 0)

    await mqtt.async_subscribe(hass, "ignore/+/up", ignore, 1, encoding=None)
    await mqtt.async_subscribe(hass, "answer/+/up", answer, 1, encoding=None)
    await mqtt.async_subscribe(hass, "least/+/up", keep, 1, encoding=None)
    await mqtt.async_subscribe(hass, "sync", set_sync, 1, encoding=None)
    return True


def store(folder: Path, name: str, content: bytes) -> None:
    """Write a file as a whole or not at all, and so that a power cut spares it."""
    temporary = f"{folder}/.{name}"
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, f"{folder}/{name}")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
