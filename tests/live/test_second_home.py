"""Two Home Assistants on one broker: each serves its own cameras, and no other."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed, install, new_home
from tests.live.home import Home
from tests.live.test_the_log import errors
from tests.simulator import SimulatedCamera

pytestmark = STEP


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def second(folder: Path, broker: MqttBroker) -> AsyncGenerator[Home]:
    """Run another Home Assistant on the same broker."""
    async with new_home(folder / "second", "Second home") as second:
        await flows.add_mqtt(second.api, broker.home_port)
        yield second


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def barn(second: Home, cameras: Cameras) -> Installed:
    """Return a camera of the second one."""
    return await install(second, cameras, "200000000071", "Barn")


async def test_each_answers_its_own_cameras_only(
    home: Home, gate: Installed, second: Home, barn: Installed
) -> None:
    """A camera gets one answer to all it says, and obeys the one it belongs to."""
    await speak(gate.camera, barn.camera)
    gate.camera.received.clear()
    barn.camera.received.clear()
    for camera in (gate.camera, barn.camera, gate.camera, barn.camera):
        await camera.wait_answer(await camera.send_snapshot())
    await home.api.act("button.press", gate.entities["button.take_snapshot"])
    await second.api.act("switch.turn_on", barn.entities["switch.io1"])
    await speak(gate.camera, barn.camera)

    for camera, commands in (
        (gate.camera, ["take_snapshot"]),
        (barn.camera, ["io_control"]),
    ):
        answers = [answer["request_id"] for answer in camera.answers]
        assert len(answers) == len(set(answers))
        assert [m["cmd_data"]["type"] for m in camera.received] == commands
    assert not home.pictures(barn.camera.sn).exists()
    assert not second.pictures(gate.camera.sn).exists()


async def test_each_offers_the_others_cameras_until_they_are_ignored(
    home: Home, gate: Installed, second: Home, barn: Installed
) -> None:
    """Who has ignored a neighbour's camera is not asked again, nor after a restart."""
    for api, other in ((home.api, barn.camera), (second.api, gate.camera)):
        flow = await flows.discovered(api, other.sn)
        await flows.ignore(api, flow)
    await speak(gate.camera, barn.camera)
    assert gate.camera.sn not in await flows.offered(second.api)
    assert barn.camera.sn not in await flows.offered(home.api)

    await second.stop()
    await second.start()
    await second.until_running()
    await speak(gate.camera, barn.camera)
    assert await flows.offered(second.api) == {}
    assert errors(second) == []


async def speak(*cameras: SimulatedCamera) -> None:
    """Have each camera speak and be answered, so that all have heard all before."""
    for camera in (*cameras, *cameras):
        await until_heard(camera)
