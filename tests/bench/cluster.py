"""What pictures cost when several Home Assistants share a cluster of brokers."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
import os
from pathlib import Path
import sys
import time

from tests.live import flows
from tests.live.cameras import Cameras, until_heard
from tests.live.home import Home
from tests.live.pictures import Stream
from tests.live.process import free_port
from tests.simulator import SimulatedCamera
from tests.slow.rabbitmq import Balancer, Cluster

from .meter import Meter
from .report import Ratio, Results
from .stage import quiet_log

HOMES = (1, 2, 4)
CAMERAS_EACH = 2
ROUNDS = 3
SECONDS = 12.0

RATE = "pictures of 200 kB a second"
HOME = "Home Assistants, ms of processor time a picture"
NODES = "nodes, ms of processor time a picture"
MEASURED = (RATE, HOME, NODES)


def name(what: str, homes: int) -> str:
    """Return what a figure is called."""
    return f"{what}: {homes}"


def ratios() -> list[Ratio]:
    """Return what is compared: how it grows with the number of Home Assistants."""
    return [
        Ratio(name(what, homes), name(what, HOMES[0]))
        for what in MEASURED
        for homes in HOMES[1:]
    ]


async def run(folder: Path) -> Results:
    """Return the figures, by what they are and for how many Home Assistants."""
    folder.mkdir(parents=True)
    results: Results = {name(what, n): [] for what in MEASURED for n in HOMES}
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(folder))
        nodes = [Meter(node.pid) for node in cluster.nodes]
        homes: list[Meter] = []
        cameras: list[SimulatedCamera] = []
        for count in HOMES:
            while len(homes) < count:
                home, its_cameras = await add_home(stack, folder, cluster, len(homes))
                homes.append(Meter(home.pid))
                cameras += its_cameras
            for number in range(ROUNDS + 1):
                figures = await measure(cameras, homes, nodes)
                # The first round is for caches to fill.
                if number:
                    for what, figure in zip(MEASURED, figures, strict=True):
                        results[name(what, count)].append(figure)
                load = os.getloadavg()[0]
                print(f"{count}, round {number}  load {load:.1f}", file=sys.stderr)
    return results


async def add_home(
    stack: AsyncExitStack, folder: Path, cluster: Cluster, number: int
) -> tuple[Home, list[SimulatedCamera]]:
    """Start one more Home Assistant, with a prefix and cameras on other nodes."""
    nodes = [*cluster.nodes, *cluster.nodes]
    first = number % len(cluster.nodes)
    near, far = [
        await stack.enter_async_context(Balancer(nodes[n : n + len(cluster.nodes)]))
        for n in (first, first + 1)
    ]
    prefix = f"home{number}"
    home = Home(folder / prefix, free_port(), name=prefix)
    await home.start()
    stack.push_async_callback(home.close)
    await home.api.create_owner("Bench", "bench", "bench")
    await home.until_running()
    await flows.add_mqtt(home.api, near.port)
    site = Cameras(far.port)
    stack.push_async_callback(site.stop_all)
    cameras = []
    topics = {way: f"{prefix}/{{sn}}/{way}" for way in ("up", "down")}
    for camera_number in range(CAMERAS_EACH):
        sn = f"6{number:05}{camera_number:06}"
        camera = await site.start(
            sn, hb_interval=360, up=topics["up"], down=topics["down"]
        )
        form = await flows.choose(home.api, await flows.start(home.api), "manual")
        await flows.submit(home.api, form, sn=sn, topics=topics)
        await until_heard(camera)
        cameras.append(camera)
    await quiet_log(home)
    return home, cameras


async def measure(
    cameras: list[SimulatedCamera], homes: Sequence[Meter], nodes: Sequence[Meter]
) -> tuple[float, float, float]:
    """Send as many pictures as are answered; return how many, and what each costs."""
    streams = [Stream(camera) for camera in cameras]
    started = time.monotonic()
    before = used(homes), used(nodes)
    sending = [asyncio.create_task(stream.run()) for stream in streams]
    await asyncio.wait(sending, timeout=SECONDS)
    pictures = sum(len(stream.stored) for stream in streams)
    elapsed = time.monotonic() - started
    by_homes, by_nodes = used(homes) - before[0], used(nodes) - before[1]
    for task in sending:
        task.cancel()
    await asyncio.wait(sending)
    return pictures / elapsed, by_homes / pictures * 1e3, by_nodes / pictures * 1e3


def used(meters: Sequence[Meter]) -> float:
    """Return the processor time of several processes."""
    return sum(meter.seconds() for meter in meters)
