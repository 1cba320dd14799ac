"""A camera that sends far more than it should, and how another one fares meanwhile."""

import asyncio
from dataclasses import dataclass, field

from tests.live.conftest import Installed
from tests.live.home import Home
from tests.live.pictures import digest, on_disk
from tests.live.process import kib, until
from tests.simulator import SimulatedCamera, pad_picture
from tests.simulator.camera import RequestId

PICTURE_BYTES = 50_000
PER_SECOND = 100
ANSWER_SECONDS = 60.0
PAUSE = 0.1
"""Between two heartbeats of the other camera."""

GROWTH = 256 * 1024
"""By how many KiB the memory of Home Assistant may grow meanwhile."""


@dataclass
class Flood:
    """What became of the pictures, and of the other camera's heartbeats."""

    pictures: dict[RequestId, bytes] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    """Seconds until each heartbeat of the other camera was answered."""

    def percentile(self, share: float) -> float:
        """Return what so large a share of the heartbeats did not wait longer than."""
        return sorted(self.waited)[round((len(self.waited) - 1) * share)]


async def assert_served_in_a_flood(
    home: Home, wild: Installed, other: Installed, *, seconds: float
) -> None:
    """Assert that a camera that runs wild neither blocks nor fills anything."""
    before = kib(home.pid, "VmRSS")
    flood = await _flood(wild.camera, other.camera, seconds=seconds)
    growth = kib(home.pid, "VmRSS") - before
    taken = await _taken(wild.camera, flood)
    print(
        f"{len(taken)} of {len(flood.pictures)} pictures taken, {growth} KiB more memory;"
        f" {len(flood.waited)} heartbeats of another camera were answered"
        f" within {flood.percentile(0.5):.3f} s (p50), {flood.percentile(0.99):.3f} s"
        f" (p99), {max(flood.waited):.3f} s (all)"
    )
    assert growth < GROWTH
    assert taken
    stored = set(on_disk(home.pictures(wild.camera.sn)).values())
    kept = {id_ for id_, picture in flood.pictures.items() if digest(picture) in stored}
    assert kept == taken


async def _taken(camera: SimulatedCamera, flood: Flood) -> set[RequestId]:
    """Return which pictures were answered with success, once all are answered."""

    async def answered() -> bool:
        return {a["request_id"] for a in camera.answers} >= flood.pictures.keys()

    await until(answered, "not all pictures are answered", seconds=ANSWER_SECONDS)
    taken = {answer["request_id"] for answer in camera.answers if answer["ret"] == 0}
    return taken & flood.pictures.keys()


async def _flood(
    camera: SimulatedCamera, other: SimulatedCamera, *, seconds: float
) -> Flood:
    """Send a hundred pictures a second, whatever is answered, as another one lives on.

    Raises:
        TimeoutError: A heartbeat of the other camera was not answered.
    """
    flood = Flood()
    beating = asyncio.create_task(_beat(other, flood))
    await _send(camera, flood, seconds)
    beating.cancel()
    await asyncio.wait([beating])
    if not beating.cancelled():
        beating.result()
    return flood


async def _send(camera: SimulatedCamera, flood: Flood, seconds: float) -> None:
    """Send pictures by the clock, each another one."""
    loop = asyncio.get_running_loop()
    scene, started = camera.take_picture(), loop.time()
    async with asyncio.TaskGroup() as tasks:

        async def send(picture: bytes) -> None:
            flood.pictures[await camera.send_snapshot(picture)] = picture

        for number in range(round(seconds * PER_SECOND)):
            await asyncio.sleep(started + number / PER_SECOND - loop.time())
            tasks.create_task(send(pad_picture(scene, PICTURE_BYTES + number)))


async def _beat(camera: SimulatedCamera, flood: Flood) -> None:
    """Send heartbeats one after the other until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        sent_at = loop.time()
        answer = await camera.wait_answer(await camera.send_heartbeat())
        assert answer["ret"] == 0
        flood.waited.append(loop.time() - sent_at)
        await asyncio.sleep(PAUSE)
