"""A Home Assistant, a broker and cameras, as the measurements want them."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
import shutil
import time
from typing import Any

import aiomqtt

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_heard
from tests.live.home import Home
from tests.live.process import HOST, free_port
from tests.simulator import draw_picture, pad_picture


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is there to be measured."""

    home: Home
    broker: MqttBroker
    client: aiomqtt.Client


@asynccontextmanager
async def set_up(folder: Path) -> AsyncGenerator[Stage]:
    """Start a broker, and a Home Assistant that knows nothing but the broker."""
    folder.mkdir(parents=True)
    async with AsyncExitStack() as stack:
        broker = MqttBroker.below(folder)
        await broker.start()
        stack.push_async_callback(broker.stop)
        home = Home(folder, free_port(), name="Bench")
        shutil.copytree(
            Path(__file__).with_name("answering"),
            home.config / "custom_components/answering",
        )
        with (home.config / "configuration.yaml").open("a") as file:
            file.write("answering:\n")
        await home.start()
        stack.push_async_callback(home.close)
        await home.api.create_owner("Bench", "bench", "bench")
        await home.until_running()
        await flows.add_mqtt(home.api, broker.home_port)
        client = await stack.enter_async_context(
            aiomqtt.Client(HOST, broker.camera_port)
        )
        yield Stage(home=home, broker=broker, client=client)


async def restart(home: Home) -> None:
    """Stop Home Assistant and start it again, with no more log than is usual."""
    await home.stop()
    await home.start()
    await home.until_running()
    await quiet_log(home)


async def quiet_log(home: Home) -> None:
    """Log no more than is usual."""
    await home.api.request(
        "POST",
        "/api/services/logger/set_level",
        {"custom_components.snapcam": "warning"},
    )


async def add_camera(home: Home, cameras: Cameras, sn: str, **options: object) -> str:
    """Add a camera; return the address at which Home Assistant takes its pictures."""
    camera = await cameras.start(sn, hb_interval=360)
    entry = await flows.add_camera(home.api, sn)
    await until_heard(camera)
    delivery = (await home.api.entities(sn))["select.delivery"]
    await home.api.act("select.select_option", delivery, option="http_home_assistant")
    if options:
        await flows.set_options(home.api, entry["result"]["entry_id"], **options)
    return camera.config.upload_addr


async def discover(
    client: aiomqtt.Client, platform: str, key: str, **config: Any
) -> None:
    """Have Home Assistant's own MQTT integration make an entity."""
    entity = {"name": key, "unique_id": f"bench_{key}"} | config
    topic = f"homeassistant/{platform}/bench_{key}/config"
    await client.publish(topic, json.dumps(entity), qos=1)


def heartbeat(number: int, sn: str) -> str:
    """Return a heartbeat."""
    return json.dumps(
        {
            "operate": "heartbeat",
            "request_id": f"{number:06}",
            "timestamp": int(time.time()),
            "sn": sn,
        }
    )


def upload(number: int, sn: str, data: str) -> str:
    """Return an upload of a picture in base64."""
    envelope = json.loads(heartbeat(number, sn))
    return json.dumps(envelope | {"operate": "upload_snapshot", "data": data})


def picture(size: int) -> bytes:
    """Return a picture of so many bytes."""
    drawn = draw_picture(
        sn="200000000001",
        taken_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        io0=0,
        io1=0,
        size=(320, 180) if size < 100_000 else (1280, 720),
        counter=0,
    )
    return pad_picture(drawn, size)
