"""How soon Home Assistant answers while pictures come, and how soon a snapshot is there."""

import asyncio
import base64
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
import json
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
import sys
import time

import aiomqtt

from tests.live import flows
from tests.live.api import Api
from tests.live.cameras import Cameras, until_heard
from tests.live.process import HOST, ServerError
from tests.simulator import SimulatedCamera

from .answers import ANSWER_SECONDS, SpoiledError, repeated
from .meter import Meter
from .report import Ratio, Results
from .stage import Stage, discover, heartbeat, picture, restart, set_up, upload

SNS = [f"3000000000{number:02}" for number in range(10)]
ROUNDS = 5
SECONDS = 10.0
PICTURE_BYTES = 200_000
PER_SECOND = 5 * len(SNS)
"""Of all together: five pictures of 200 kB are 1 MB a second of each camera."""

BEGUN = "bench/begun"
"""On this topic is told that pictures come."""

MAX_DELAY = 1.0
"""So many seconds late the pictures may be at their end."""

PAUSE = 0.01
SNAPSHOTS = 50

IDLE, MQTT_CAMERAS, SNAPCAM = "nothing comes", "10 MQTT cameras", "10 SnapCam cameras"
LEAST = "10 times the least there is to do"
LOADS = (IDLE, MQTT_CAMERAS, LEAST, SNAPCAM)
BARE = "command and answer by the broker alone"
TAKEN = "snapcam.take_snapshot"


def ping_ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most."""
    return [
        Ratio(f"ping {which}, {ours}", f"ping {which}, {other}", target)
        for ours, other, which, target in (
            (SNAPCAM, MQTT_CAMERAS, "p50", None),
            (SNAPCAM, MQTT_CAMERAS, "p99", 1.0),
            (SNAPCAM, LEAST, "p99", None),
            (LEAST, MQTT_CAMERAS, "p99", None),
        )
    ]


def snapshot_ratios() -> list[Ratio]:
    """Return what is compared."""
    return [Ratio(TAKEN, BARE)]


async def run(folder: Path) -> tuple[Results, Results]:
    """Return milliseconds: of pings by what comes meanwhile, and of snapshots."""
    async with set_up(folder) as stage, AsyncExitStack() as stack:
        await restart(stage.home)
        cameras = Cameras(stage.broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        for sn in SNS:
            camera = await cameras.start(sn, hb_interval=360)
            await flows.add_camera(stage.home.api, sn)
            await until_heard(camera)
            await discover(
                stage.client, "camera", sn, topic=f"bench/{sn}", image_encoding="b64"
            )
        snapshots = await measure_snapshots(stage, camera)
        pool = stack.enter_context(
            ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        )
        return await measure_pings(stage, pool), snapshots


async def measure_pings(stage: Stage, pool: ProcessPoolExecutor) -> Results:
    """Ping Home Assistant while nothing comes, and while much does."""
    results: Results = {}
    meter = Meter(stage.home.pid)
    for number in range(ROUNDS + 1):
        for load in LOADS:
            p50, p99 = await repeated(
                f"ping, {load}", partial(ping_under, load, stage, meter, pool)
            )
            # The first round is for caches to fill.
            if number:
                results.setdefault(f"ping p50, {load}", []).append(p50)
                results.setdefault(f"ping p99, {load}", []).append(p99)
            print(f"round {number}  ping, {load}", file=sys.stderr)
    return results


async def ping_under(
    load: str, stage: Stage, meter: Meter, pool: ProcessPoolExecutor
) -> tuple[float, float]:
    """Return the median and the 99th percentile of pings while pictures come.

    Raises:
        SpoiledError: They did not come as they should.
    """
    # What came before is no part of it.
    await meter.until_quiet()
    loop, port = asyncio.get_running_loop(), stage.broker.camera_port
    async with aiomqtt.Client(HOST, port) as client:
        await client.subscribe(BEGUN)
        sending = loop.run_in_executor(pool, flood, port, load, SECONDS + 3)
        await until_come(client, load.encode())
        figures = await ping(stage.home.api, SECONDS)
        if (delay := await sending) > MAX_DELAY:
            raise SpoiledError(f"the last picture came {delay:.1f} s late")
    return figures


async def until_come(client: aiomqtt.Client, wanted: bytes) -> None:
    """Wait for a message with something in it.

    Raises:
        SpoiledError: None has come.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            async for message in client.messages:
                if wanted in bytes(message.payload):
                    return
    except TimeoutError:
        raise SpoiledError(f"{wanted.decode()} has not come") from None


async def ping(api: Api, seconds: float) -> tuple[float, float]:
    """Return the median and the 99th percentile of pings, in milliseconds."""
    times: list[float] = []
    async with api.connect() as socket:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            started = time.perf_counter()
            await socket.send_json({"id": len(times) + 1, "type": "ping"})
            await socket.receive()
            times.append((time.perf_counter() - started) * 1e3)
            await asyncio.sleep(PAUSE)
    cuts = quantiles(times, n=100)
    return cuts[49], cuts[98]


def flood(port: int, load: str, seconds: float) -> float:
    """Send pictures, in a process of its own: it must not hold up the pings.

    Returns:
        How many seconds late the last one was.
    """
    return asyncio.run(_flood(port, load, seconds))


async def _flood(port: int, load: str, seconds: float) -> float:
    """Send pictures of all cameras in turn, at a steady pace."""
    data = base64.b64encode(picture(PICTURE_BYTES)).decode()
    loop = asyncio.get_running_loop()
    async with aiomqtt.Client(HOST, port) as client:
        started = loop.time()
        for number in range(int(PER_SECOND * seconds)):
            sn = SNS[number % len(SNS)]
            if load == MQTT_CAMERAS:
                await client.publish(f"bench/{sn}", data)
            elif load != IDLE:
                topic = f"{'snapcam' if load == SNAPCAM else 'least'}/{sn}/up"
                await client.publish(topic, upload(number, sn, data))
            if number == PER_SECOND:
                await client.publish(BEGUN, load)
            pause = started + number / PER_SECOND - loop.time()
            await asyncio.sleep(pause)
        return -pause


async def measure_snapshots(stage: Stage, camera: SimulatedCamera) -> Results:
    """Take snapshots with a camera that answers at once, and without Home Assistant."""
    camera.picture = picture(PICTURE_BYTES)
    entity = (await stage.home.api.entities(camera.sn))["camera.snapshot"]
    results: Results = {BARE: [], TAKEN: []}
    async with aiomqtt.Client(HOST, stage.broker.camera_port) as client:
        await client.subscribe(f"snapcam/{camera.sn}/up")
        numbers = count(1)
        for _ in range(SNAPSHOTS):
            for name, attempt in (
                (BARE, partial(take_bare, client, camera.sn, numbers)),
                (TAKEN, partial(take_snapshot, stage.home.api, entity)),
            ):
                results[name].append(await repeated(name, attempt))
    return results


async def take_bare(client: aiomqtt.Client, sn: str, numbers: Iterator[int]) -> float:
    """Return the milliseconds until the answer of a camera has come.

    Raises:
        SpoiledError: It has not.
    """
    request_id = f"bare {next(numbers)};"
    envelope = json.loads(heartbeat(0, sn)) | {"request_id": request_id}
    command = {"operate": "control_cmd", "cmd_data": {"type": "take_snapshot"}}
    started = time.perf_counter()
    await client.publish(f"snapcam/{sn}/down", json.dumps(envelope | command))
    await until_come(client, request_id.encode())
    return (time.perf_counter() - started) * 1e3


async def take_snapshot(api: Api, entity: str) -> float:
    """Return the milliseconds until Home Assistant has a snapshot.

    Raises:
        SpoiledError: It has none.
    """
    started = time.perf_counter()
    try:
        await api.respond(TAKEN, entity)
    except ServerError as err:
        raise SpoiledError(str(err)) from err
    return (time.perf_counter() - started) * 1e3
