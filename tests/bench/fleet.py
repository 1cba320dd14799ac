"""What it takes to add a thousand cameras from a pasted list."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import sys
import time

import aiomqtt

from tests.live import flows
from tests.live.api import Api, Json
from tests.live.process import HOST, until
from tests.simulator import SimulatedCamera

from .meter import Meter
from .report import Ratio, Results
from .scale import add_publish
from .stage import Stage, picture, quiet_log, set_up

COUNT = 1000
SECONDS = 900.0
PAUSE = 0.005

CHECK, ADD, ASK = "check the list", "add all", "ask all, then add them"
TIME, WORK, BLOCK = "s", "s of processor time", "longest block, ms"
LOAD = "load of the machine, all that runs there"
LIMIT = "at most: "
TARGETS = {f"{ADD}, {WORK}": 10, f"{ADD}, {BLOCK}": 100}


def ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most."""
    return [Ratio(what, LIMIT + what, 1.0) for what in TARGETS]


async def run(folder: Path) -> Results:
    """Return what it takes, by what is done."""
    results: Results = {LOAD: [os.getloadavg()[0]]}
    for option, name in (("list_add", ADD), ("list_ask", ASK)):
        async with set_up(folder / option) as stage, answering(stage):
            await quiet_log(stage.home)
            await Meter(stage.home.pid).until_quiet()
            await measure(stage, option, name, results)
            await until_pictured(stage)
        results[LOAD].append(os.getloadavg()[0])
    return results | {LIMIT + what: [float(most)] for what, most in TARGETS.items()}


async def measure(stage: Stage, option: str, name: str, results: Results) -> None:
    """Paste the list, and have all added."""
    api = stage.home.api
    form = await flows.choose(api, await flows.start(api), "list")
    listed = "\n".join(
        f"{sn},Camera {n},Area {n % 40}" for n, sn in enumerate(numbers())
    )
    async with noted(stage, CHECK, results):
        menu = await flows.submit(api, form, cameras=listed, topics={})
    async with noted(stage, name, results):
        path = f"{flows.FLOWS}/{menu['flow_id']}"
        begun = await api.request("POST", path, {"next_step_id": option})
        end = await follow(api, begun)
    added = end["description_placeholders"]["added"]
    if added != str(COUNT):
        raise RuntimeError(f"{added} were added instead of {COUNT}")


async def until_pictured(stage: Stage) -> None:
    """Wait until each new camera has taken its first picture."""

    async def probe() -> bool:
        taken = stage.home.media.glob("snapcam/*/*/*.jpg")
        return sum(1 for _ in taken) >= COUNT

    await until(probe, "pictures are missing", seconds=SECONDS)


def numbers() -> list[str]:
    """Return the serial numbers."""
    return [f"4000{number:08}" for number in range(COUNT)]


async def follow(api: Api, result: Json) -> Json:
    """Return the end of a flow that takes longer than most."""

    async def probe() -> Json | None:
        path = f"{flows.FLOWS}/{result['flow_id']}"
        step: Json = await api.request("GET", path)
        return None if step["type"] in {"progress", "progress_done"} else step

    if result["type"] not in {"progress", "progress_done"}:
        return result
    return await until(probe, "the flow does not go on", seconds=SECONDS)


@asynccontextmanager
async def noted(stage: Stage, name: str, results: Results) -> AsyncGenerator[None]:
    """Note what something takes, and for how long nothing else was done meanwhile."""
    meter, longest = Meter(stage.home.pid), [0.0]
    pinging = asyncio.create_task(ping(stage.home.api, longest))
    before, started = meter.seconds(), time.monotonic()
    yield
    results.setdefault(f"{name}, {TIME}", []).append(time.monotonic() - started)
    results.setdefault(f"{name}, {WORK}", []).append(meter.seconds() - before)
    results.setdefault(f"{name}, {BLOCK}", []).append(longest[0])
    pinging.cancel()
    found = {what: values for what, values in results.items() if what.startswith(name)}
    print(found, file=sys.stderr)


async def ping(api: Api, longest: list[float]) -> None:
    """Note the longest time, in milliseconds, that a ping has taken."""
    async with api.connect() as socket:
        number = 0
        while True:
            number += 1
            started = time.perf_counter()
            await socket.send_json({"id": number, "type": "ping"})
            await socket.receive()
            longest[0] = max(longest[0], (time.perf_counter() - started) * 1e3)
            await asyncio.sleep(PAUSE)


@asynccontextmanager
async def answering(stage: Stage) -> AsyncGenerator[None]:
    """Have all cameras answer, by one connection."""
    async with aiomqtt.Client(HOST, stage.broker.camera_port) as client:
        cameras = {sn: add_publish(client, SimulatedCamera(sn=sn)) for sn in numbers()}
        drawn = picture(20_000)
        for camera in cameras.values():
            camera.picture = drawn
        await client.subscribe("snapcam/+/down", qos=1)

        async def serve() -> None:
            async for message in client.messages:
                sn = message.topic.value.split("/")[1]
                await cameras[sn].handle(message.payload)

        serving = asyncio.create_task(serve())
        yield
        serving.cancel()
