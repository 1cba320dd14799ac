"""Past one machine: a cluster of brokers, two Home Assistants, and 200 cameras."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
import time
from typing import override

import aiomqtt
import pytest
import pytest_asyncio

from tests.live import flows
from tests.live.cameras import Cameras, Installed, until_heard
from tests.live.conftest import new_home
from tests.live.home import Home
from tests.live.pictures import Stream, on_disk
from tests.live.process import ServerError, until
from tests.simulator import SimulatedCamera
from tests.simulator.camera import RequestId
from tests.slow.rabbitmq import Balancer, Cluster

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(600)]

CAMERAS_EACH = 100
AT_ONCE = 10
PICTURES = 20
"""So many of each stream are stored before the node is killed, and after it."""

STREAM_SECONDS = 120.0
BACK_SECONDS = 90.0
"""Home Assistant tries every ten seconds, and a camera at most every thirty."""


@dataclass(frozen=True, kw_only=True)
class Half:
    """A Home Assistant, its prefix, and its cameras, in turn on each of the nodes."""

    home: Home
    prefix: str
    cameras: list[SimulatedCamera]

    @property
    def topics(self) -> dict[str, str]:
        """Return the topics of its cameras."""
        return {way: f"{self.prefix}/{{sn}}/{way}" for way in ("up", "down")}

    async def installed(self, number: int) -> Installed:
        """Return one of its cameras with its entities."""
        camera = self.cameras[number]
        return Installed(
            camera=camera, entities=await self.home.api.entities(camera.sn)
        )


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """All there is."""

    cluster: Cluster
    north: Half
    south: Half


class LastingStream(Stream):
    """Pictures whose camera goes on although what it has sent is lost."""

    @override
    async def _send(self, numbers: Iterator[int]) -> None:
        """Send one picture after the other."""
        while True:
            with suppress(aiomqtt.MqttError, TimeoutError):
                await super()._send(numbers)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def fleet(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Fleet]:
    """Run three nodes, two Home Assistants, and 200 cameras that they do not know yet.

    The first Home Assistant is on the first node, and the second one on the second.
    """
    folder = tmp_path_factory.mktemp("cluster")
    async with AsyncExitStack() as stack:
        started = time.monotonic()
        cluster = await stack.enter_async_context(Cluster(folder))
        print(f"\nthree nodes started in {time.monotonic() - started:.1f} s")
        nodes = cluster.nodes
        balancers = [
            await stack.enter_async_context(Balancer([*nodes[n:], *nodes[:n]]))
            for n in range(len(nodes))
        ]
        sites = [Cameras(balancer.port) for balancer in balancers]
        for site in sites:
            stack.push_async_callback(site.stop_all)
        halves = []
        for number, prefix in enumerate(("north", "south")):
            home = await stack.enter_async_context(new_home(folder / prefix, prefix))
            await flows.add_mqtt(home.api, balancers[number].port)
            cameras = await switch_on(sites, prefix, 500_000_000_000 + number * 1000)
            halves.append(Half(home=home, prefix=prefix, cameras=cameras))
        north, south = halves
        yield Fleet(cluster=cluster, north=north, south=south)


async def switch_on(
    sites: list[Cameras], prefix: str, first: int
) -> list[SimulatedCamera]:
    """Switch cameras on, in turn on each of the nodes."""
    return await asyncio.gather(
        *(
            sites[number % len(sites)].start(
                str(first + number),
                up=f"{prefix}/{{sn}}/up",
                down=f"{prefix}/{{sn}}/down",
            )
            for number in range(CAMERAS_EACH)
        )
    )


async def test_cameras_are_added_from_a_list(fleet: Fleet) -> None:
    """Each Home Assistant reaches its cameras, whatever node they are on."""
    for half in (fleet.north, fleet.south):
        started = time.monotonic()
        await paste(half, "\n".join(camera.sn for camera in half.cameras), half.home)
        print(
            f"{half.prefix}: {len(half.cameras)} cameras asked and added"
            f" in {time.monotonic() - started:.1f} s"
        )


async def test_pictures_and_commands_cross_nodes(fleet: Fleet) -> None:
    """A camera on any node is heard and obeys, and only its Home Assistant does it."""
    for half, other in ((fleet.north, fleet.south), (fleet.south, fleet.north)):
        started = time.monotonic()
        await send_one_each(half.cameras)
        print(
            f"{half.prefix}: {CAMERAS_EACH} cameras sent a picture each and were answered"
            f" in {time.monotonic() - started:.1f} s"
        )
        for number in range(len(fleet.cluster.nodes)):
            installed = await half.installed(number)
            started = time.monotonic()
            await half.home.api.call("switch.turn_on", installed.entities["switch.io1"])
            waited = (time.monotonic() - started) * 1000
            print(f"{half.prefix}: a command to node {number + 1}: {waited:.0f} ms")
            assert installed.camera.io1 == 1
            assert not other.home.pictures(installed.camera.sn).exists()


async def test_node_dies_amid_pictures(fleet: Fleet) -> None:
    """All move to another node, what was answered is there, and commands say why not.

    One stream loses its Home Assistant's node, the other one its camera's.
    """
    node = fleet.cluster.nodes[0]
    moved_home, moved_camera = (
        await fleet.north.installed(1),
        await fleet.south.installed(0),
    )
    streams = [LastingStream(x.camera) for x in (moved_home, moved_camera)]
    running = [asyncio.create_task(stream.run()) for stream in streams]
    try:
        await until_stored_more(streams, [0, 0])
        await node.kill()
        killed, before = time.monotonic(), [len(stream.stored) for stream in streams]
        told = await failure(fleet.north.home, moved_home)
        print(f"meanwhile a command says: {told.partition("'message': ")[2][:120]}…")
        assert "'translation_key': 'not_connected'" in told
        await until_stored_more(streams, before)
        print(f"both streams went on after {time.monotonic() - killed:.1f} s")
        await until_all_heard(fleet)
        print(f"all 200 cameras were answered after {time.monotonic() - killed:.1f} s")
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
    for half, installed, stream in (
        (fleet.north, moved_home, streams[0]),
        (fleet.south, moved_camera, streams[1]),
    ):
        files = on_disk(half.home.pictures(installed.camera.sn))
        stored = set(files.values())
        print(
            f"{half.prefix}: {len(stream.sent)} pictures sent, {len(stream.stored)} answered"
            f" with 0, {len(stream.stored - stored)} of these missing"
        )
        assert stream.stored <= stored
        # These have those among them whose publishing was cut off.
        assert len(answered(installed.camera)) <= len(files)
        switch = installed.entities["switch.io0"]
        await half.home.api.call("switch.turn_on", switch)
        assert installed.camera.io0 == 1
    started = time.monotonic()
    await node.start()
    print(f"the node was back in the cluster after {time.monotonic() - started:.1f} s")


async def test_second_home_assistant_takes_over(fleet: Fleet) -> None:
    """The list that was exported in time brings the cameras of one that has died."""
    exported = await fleet.north.home.api.request(
        "POST", "/api/services/snapcam/export_cameras?return_response", {}
    )
    await fleet.north.home.kill()
    started = time.monotonic()
    text = exported["service_response"]["list"]
    await paste(fleet.north, text, fleet.south.home)
    cameras = fleet.north.cameras
    await send_one_each(cameras)
    print(f"taken over, with a picture of each, in {time.monotonic() - started:.1f} s")
    assert all(fleet.south.home.pictures(camera.sn).exists() for camera in cameras)


def answered(camera: SimulatedCamera) -> set[RequestId]:
    """Return all pictures of a camera that were ever answered with success."""
    return {
        answer["request_id"]
        for answer in camera.answers
        if (answer["operate"], answer["ret"]) == ("upload_snapshot_rsp", 0)
    }


async def paste(half: Half, text: str, home: Home) -> None:
    """Add all cameras of a list, and assert that each one has answered."""
    form = await flows.choose(home.api, await flows.start(home.api), "list")
    menu = await flows.submit(home.api, form, cameras=text, topics=half.topics)
    assert menu["description_placeholders"]["new"] == str(len(half.cameras)), menu
    end = await flows.choose(home.api, menu, "list_ask")
    assert (end["type"], end["reason"]) == ("abort", "cameras_added"), end
    assert end["description_placeholders"]["added"] == str(len(half.cameras))


async def send_one_each(cameras: list[SimulatedCamera]) -> None:
    """Have each camera send a picture, again if it is not answered with success."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def send(camera: SimulatedCamera) -> None:
        async def taken() -> bool:
            with suppress(aiomqtt.MqttError, TimeoutError):
                answer = await camera.wait_answer(await camera.send_snapshot())
                return bool(answer["ret"] == 0)
            return False

        async with turns:
            await until(taken, f"{camera.sn} sends in vain", seconds=STREAM_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        for camera in cameras:
            tasks.create_task(send(camera))


async def failure(home: Home, installed: Installed) -> str:
    """Return what people read when a command fails."""
    camera = installed.entities["camera.snapshot"]
    with pytest.raises(ServerError) as raised:
        await home.api.call("snapcam.take_snapshot", camera)
    return str(raised.value)


async def until_stored_more(streams: list[LastingStream], before: list[int]) -> None:
    """Wait until more pictures of each stream are stored."""

    async def stored() -> bool:
        return all(
            len(stream.stored) >= number + PICTURES
            for stream, number in zip(streams, before, strict=True)
        )

    await until(stored, "the pictures do not arrive", seconds=STREAM_SECONDS)


async def until_all_heard(fleet: Fleet) -> None:
    """Wait until each camera is answered again."""

    async def heard(camera: SimulatedCamera) -> None:
        async def answered() -> bool:
            with suppress(aiomqtt.MqttError, ServerError):
                await until_heard(camera)
                return True
            return False

        await until(answered, f"{camera.sn} is not back", seconds=BACK_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        for camera in (*fleet.north.cameras, *fleet.south.cameras):
            tasks.create_task(heard(camera))
