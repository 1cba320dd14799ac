"""What cameras cost that are merely there: start-up, memory, and being heard."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import batched
import json
import os
from pathlib import Path
from statistics import median
import sys
import time

import aiomqtt

from tests.live.home import Home
from tests.live.process import HOST
from tests.simulator import SimulatedCamera

from .devices import ENABLED, discovery
from .meter import Meter
from .report import Ratio, Results
from .stage import Stage, heartbeat, picture, quiet_log, set_up

COUNTS = (10, 100, 1000)
HISTORIES = 100
"""So many cameras also start with as many pictures as are kept by default."""

AT_ONCE = 400
"""Home Assistant loses events when it is started with 10,000 new entities."""

STARTS = 3
HB_INTERVAL = 60.0
PICTURE_EVERY = timedelta(minutes=5)
PICTURE_BYTES = 20_000
PICTURES = 5000
QUIET_WINDOWS = 4

CAMERAS, DEVICES = "SnapCam cameras", "MQTT devices"
FULL_CAMERAS = f"{CAMERAS} of {PICTURES} pictures"
START_TIME, START_WORK = "start-up, ms", "start-up, ms of processor time"
READY_TIME = "start-up until all is set up, ms"
STOP_TIME = "stop, ms"
MEMORY, HEARD = "memory, KiB", "heartbeats, µs of processor time a second"
TARGETS = {
    START_TIME: 1.0,
    READY_TIME: None,
    START_WORK: 1.0,
    STOP_TIME: None,
    MEMORY: 1.0,
    HEARD: None,
}

MEASURED = [
    *((count, kind) for count in COUNTS for kind in (CAMERAS, DEVICES)),
    (HISTORIES, FULL_CAMERAS),
]

SET_UP_ENTITIES = """\
{{ states | rejectattr('attributes.restored', 'defined') | map(attribute='entity_id')
| select('search', '4000[0-9]{8}') | list | count }}"""


def ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most.

    What ten of them use is lost in the noise of what Home Assistant itself does.
    """
    compared = [
        Ratio(f"{what}: {count} {CAMERAS}", f"{what}: {count} {DEVICES}", target)
        for what, target in TARGETS.items()
        for count in COUNTS[1:]
    ]
    for what in TARGETS:
        few = f"{what}: {HISTORIES} {CAMERAS}"
        compared += [
            Ratio(f"{what}: 1000 {CAMERAS}", few),
            Ratio(f"{what}: {HISTORIES} {FULL_CAMERAS}", few),
        ]
    return compared


async def run(folder: Path) -> Results:
    """Return what each one costs, by what that is, and by kind and number."""
    nothing = await measure(folder / "nothing", CAMERAS, 0)
    results: Results = {}
    for count, kind in MEASURED:
        used = await measure(folder / f"{count} {kind}", kind, count)
        for what, values in used.items():
            base = median(nothing[what])
            shares = [(value - base) / count for value in values]
            results[f"{what}: {count} {kind}"] = shares
        print(f"{count} {kind}", file=sys.stderr)
    return results


async def measure(folder: Path, kind: str, count: int) -> Results:
    """Return what a Home Assistant uses that knows so many of them."""
    sns = [f"4000{number:08}" for number in range(count)]
    used: Results = {what: [] for what in TARGETS}
    async with set_up(folder) as stage:
        # The first start registers them; it is not what happens every day.
        for some in batched(sns, AT_ONCE, strict=False):
            if kind != DEVICES:
                await stage.home.stop()
                add_entries(stage.home, some)
                await stage.home.start()
            else:
                await announce(stage.client, some)
            await Meter(stage.home.pid).until_quiet(QUIET_WINDOWS)
        if kind == FULL_CAMERAS:
            await asyncio.to_thread(fill, stage.home, sns)
        for _ in range(STARTS):
            stopped = time.monotonic()
            await stage.home.stop()
            started = time.monotonic()
            await stage.home.start()
            await stage.home.until_running()
            ready = time.monotonic()
            meter = Meter(stage.home.pid)
            quiet_at = await meter.until_quiet(QUIET_WINDOWS)
            used[STOP_TIME].append((started - stopped) * 1e3)
            used[READY_TIME].append((ready - started) * 1e3)
            used[START_TIME].append((quiet_at - started) * 1e3)
            used[START_WORK].append(meter.seconds() * 1e3)
        await check(stage.home, count)
        await quiet_log(stage.home)
        async with heard(stage, kind, sns):
            # In the first minute they are asked what they are set to.
            await asyncio.sleep(HB_INTERVAL)
            used[HEARD].append(await meter.share(HB_INTERVAL) * 1e6)
        used[MEMORY].append(meter.kib())
        return used


async def announce(client: aiomqtt.Client, sns: Sequence[str]) -> None:
    """Have Home Assistant's own MQTT integration discover devices."""
    for sn in sns:
        topic, device = discovery(sn)
        await client.publish(topic, json.dumps(device), qos=1, retain=True)


def add_entries(home: Home, sns: Sequence[str]) -> None:
    """Add cameras to what Home Assistant reads when it starts."""
    file = home.config / ".storage/core.config_entries"
    stored = json.loads(file.read_text())
    entries = stored["data"]["entries"]
    template = entries[-1] | {"domain": "snapcam", "version": 1, "minor_version": 1}
    entries += [
        template
        | {
            "entry_id": f"{sn:0>26}",
            "unique_id": sn,
            "title": sn,
            "options": {},
            "data": {
                "sn": sn,
                "token": f"{sn:0>43}",
                "up": "snapcam/{sn}/up",
                "down": "snapcam/{sn}/down",
            },
        }
        for sn in sns
    ]
    file.write_text(json.dumps(stored))


def fill(home: Home, sns: Sequence[str]) -> None:
    """Give each camera pictures of its last days, all of them the same one."""
    now = datetime.now(UTC)
    names = [
        f"{now - number * PICTURE_EVERY:%Y-%m-%d/%H%M%S-%f}.jpg"
        for number in range(PICTURES)
    ]
    for sn in sns:
        folder = home.pictures(sn)
        for day in {name.partition("/")[0] for name in names}:
            (folder / day).mkdir(parents=True, exist_ok=True)
        first = folder / names[0]
        first.write_bytes(picture(PICTURE_BYTES))
        for name in names[1:]:
            # Hundreds of thousands of files are too many to be written one by one.
            os.link(first, folder / name)


async def check(home: Home, count: int) -> None:
    """See whether all entities are there."""
    found = await home.api.render(SET_UP_ENTITIES)
    if int(found) != count * ENABLED:
        raise RuntimeError(f"{found} entities are set up instead of {count * ENABLED}")


@asynccontextmanager
async def heard(stage: Stage, kind: str, sns: list[str]) -> AsyncGenerator[None]:
    """Have all of them heard once a minute."""
    async with aiomqtt.Client(HOST, stage.broker.camera_port) as client:
        work = devices(client, sns) if kind == DEVICES else fleet(client, sns)
        working = asyncio.create_task(work)
        yield
        working.cancel()


async def fleet(client: aiomqtt.Client, sns: list[str]) -> None:
    """Simulate cameras that share a connection."""
    cameras = {sn: SimulatedCamera(sn=sn) for sn in sns}
    await client.subscribe("snapcam/+/down", qos=1)

    async def serve() -> None:
        async for message in client.messages:
            await cameras[message.topic.value.split("/")[1]].handle(message.payload)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve())
        for number, camera in enumerate(cameras.values()):
            add_publish(client, camera)
            tasks.create_task(beat(camera, number * HB_INTERVAL / len(sns)))


def add_publish(client: aiomqtt.Client, camera: SimulatedCamera) -> SimulatedCamera:
    """Have a camera speak by a connection that it shares; return it."""

    async def publish(payload: bytes, /, *, retain: bool) -> None:
        await client.publish(f"snapcam/{camera.sn}/up", payload)

    camera.publish = publish
    return camera


async def beat(camera: SimulatedCamera, delay: float) -> None:
    """Send heartbeats, the first one after a while."""
    await asyncio.sleep(delay)
    await camera.run()


async def devices(client: aiomqtt.Client, sns: list[str]) -> None:
    """Publish the same heartbeats for MQTT devices."""
    while True:
        for number, sn in enumerate(sns):
            await client.publish(f"devices/{sn}/up", heartbeat(number, sn))
            await asyncio.sleep(HB_INTERVAL / len(sns))
