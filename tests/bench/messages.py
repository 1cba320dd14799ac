"""What a message costs: processor time of the whole `hass` process."""

import asyncio
import base64
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
import random
import sys
import time

import aiomqtt

from tests.live.cameras import Cameras
from tests.simulator.http import post

from .meter import Meter
from .report import Ratio, Results
from .stage import add_camera, discover, heartbeat, picture, restart, set_up, upload

SN = "200000000001"
"""Keeps its pictures as every camera does."""

SN_ONE = "200000000002"
"""Keeps one picture."""

ROUNDS = 5
SECONDS = 4.0
HEARTBEATS_PER_SECOND = 300
SIZES = {"20 kB": (20_000, 40), "200 kB": (200_000, 20), "2 MB": (2_000_000, 3)}
"""The bytes of a picture, and how many are sent in a second."""

IGNORED = "heartbeat: nothing done"
ANSWERED = "heartbeat: only answered"
BINARY_SENSOR = "heartbeat: MQTT binary_sensor"
HEARTBEAT = "heartbeat: SnapCam"
MQTT_CAMERA = "MQTT camera"
MQTT_IMAGE = "MQTT image"
LEAST = "the least there is to do"
MQTT, HTTP = "SnapCam by MQTT", "SnapCam by HTTP"
MQTT_ONE, HTTP_ONE = f"{MQTT}, history off", f"{HTTP}, history off"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of message to one listener."""

    name: str
    to: str
    """A topic, or the address it is posted to."""
    per_second: int
    message: Callable[[int], str]
    answered: bool = False


def bare(_number: int, data: str) -> str:
    """Return a picture as an MQTT camera takes it."""
    return data


def scenarios(addresses: dict[str, str]) -> list[Scenario]:
    """Return what is measured."""

    def beat(name: str, to: str, *, answered: bool = False) -> Scenario:
        return Scenario(
            name=name,
            to=to,
            per_second=HEARTBEATS_PER_SECOND,
            message=partial(heartbeat, sn=SN),
            answered=answered,
        )

    listed = [
        beat(IGNORED, f"ignore/{SN}/up"),
        beat(ANSWERED, f"answer/{SN}/up", answered=True),
        beat(BINARY_SENSOR, "bench/alive"),
        beat(HEARTBEAT, f"snapcam/{SN}/up", answered=True),
    ]
    for size, (length, per_second) in SIZES.items():
        data = base64.b64encode(picture(length)).decode()
        listed += [
            Scenario(
                name=f"{size}: {name}",
                to=f"bench/{name}",
                per_second=per_second,
                message=partial(bare, data=data),
            )
            for name in (MQTT_CAMERA, MQTT_IMAGE)
        ]
        listed += [
            Scenario(
                name=f"{size}: {name}",
                to=to,
                per_second=per_second,
                message=partial(upload, sn=sn, data=data),
                answered=True,
            )
            for name, to, sn in (
                (LEAST, f"least/{SN}/up", SN),
                (MQTT, f"snapcam/{SN}/up", SN),
                (HTTP, addresses[SN], SN),
                (MQTT_ONE, f"snapcam/{SN_ONE}/up", SN_ONE),
                (HTTP_ONE, addresses[SN_ONE], SN_ONE),
            )
        ]
    return listed


def ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most."""
    compared = [
        Ratio(HEARTBEAT, ANSWERED, 1.2),
        Ratio(HEARTBEAT, IGNORED),
        Ratio(HEARTBEAT, BINARY_SENSOR),
    ]
    for size in SIZES:
        off, on = (0.9, 1.4) if size == "200 kB" else (None, None)
        for name, target in ((MQTT_ONE, off), (HTTP_ONE, off), (MQTT, on), (HTTP, on)):
            compared.append(Ratio(f"{size}: {name}", f"{size}: {MQTT_CAMERA}", target))
        compared += [
            Ratio(f"{size}: {MQTT}", f"{size}: {MQTT_IMAGE}"),
            Ratio(f"{size}: {MQTT}", f"{size}: {LEAST}"),
            Ratio(f"{size}: {LEAST}", f"{size}: {MQTT_CAMERA}"),
        ]
    return compared


async def send(
    client: aiomqtt.Client, scenario: Scenario, first: int, answers: list[bytes]
) -> int:
    """Send messages at a steady pace; return how many."""
    count = int(scenario.per_second * SECONDS)
    loop = asyncio.get_running_loop()
    started = loop.time()
    for number in range(count):
        message = scenario.message(first + number)
        if scenario.to.startswith("http://"):
            body, content_type = message.encode(), "application/json"
            answers.append(await post(scenario.to, body, content_type=content_type))
        else:
            await client.publish(scenario.to, message)
        await asyncio.sleep(started + number / scenario.per_second - loop.time())
    return count


async def listen(client: aiomqtt.Client, answers: list[bytes]) -> None:
    """Collect the answers that cameras get."""
    async for message in client.messages:
        payload = bytes(message.payload)
        if b"_rsp" in payload:
            answers.append(payload)


async def run(folder: Path) -> Results:
    """Return the microseconds for each message, by scenario and round."""
    async with set_up(folder) as stage, AsyncExitStack() as stack:
        cameras = Cameras(stage.broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        await restart(stage.home)
        addresses = {
            SN: await add_camera(stage.home, cameras, SN),
            SN_ONE: await add_camera(stage.home, cameras, SN_ONE, keep_count=1),
        }
        await discover(
            stage.client,
            "binary_sensor",
            "alive",
            state_topic="bench/alive",
            value_template="{{ 'ON' if value_json.operate == 'heartbeat' else 'OFF' }}",
            expire_after=150,
        )
        await discover(
            stage.client,
            "camera",
            "picture",
            topic=f"bench/{MQTT_CAMERA}",
            image_encoding="b64",
        )
        await discover(
            stage.client,
            "image",
            "image",
            image_topic=f"bench/{MQTT_IMAGE}",
            content_type="image/jpeg",
            image_encoding="b64",
        )
        await stage.client.subscribe("+/+/down")
        answers: list[bytes] = []
        counting = asyncio.create_task(listen(stage.client, answers))
        stack.callback(counting.cancel)
        meter = Meter(stage.home.pid)
        await asyncio.sleep(5)
        await meter.calibrate()
        return await measure(stage.client, meter, answers, scenarios(addresses))


async def measure(
    client: aiomqtt.Client, meter: Meter, answers: list[bytes], listed: list[Scenario]
) -> Results:
    """Send each kind of message in each round, in an order that is drawn."""
    results: Results = {scenario.name: [] for scenario in listed}
    sent = 0
    for number in range(ROUNDS + 1):
        for scenario in random.sample(listed, len(listed)):
            answers.clear()
            before, started = meter.seconds(), time.monotonic()
            count = await send(client, scenario, sent, answers)
            sent += count
            await asyncio.sleep(1)
            good = sum(b'"ret":0' in answer for answer in answers)
            if scenario.answered and good != count:
                raise RuntimeError(
                    f"{scenario.name}: {good} of {count} answered, {answers[-1:]!r}"
                )
            # The first round is for caches to fill.
            if number:
                results[scenario.name].append(meter.net(before, started) / count * 1e6)
            print(f"round {number}  {scenario.name}", file=sys.stderr)
    return results
