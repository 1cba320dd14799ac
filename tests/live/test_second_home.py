"""Two Home Assistants on one broker: each serves its own cameras, and no other."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_connected, until_heard
from tests.live.conftest import STEP, Installed, install, new_home
from tests.live.home import RETRY_SECONDS, Home
from tests.live.log import errors
from tests.live.pictures import assert_shown, upload
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
    return await install(second, cameras, "200000000071", "Granary")


async def test_each_answers_its_own_cameras_only(
    home: Home, gate: Installed, second: Home, barn: Installed
) -> None:
    """A camera gets one answer to all it says, and obeys the one it belongs to."""
    await speak(gate.camera, barn.camera)
    for camera in (gate.camera, barn.camera):
        camera.received.clear()
        camera.answers.clear()
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
    """Who has ignored a neighbour's camera is not asked again."""
    for api, other in ((home.api, barn.camera), (second.api, gate.camera)):
        flow = await flows.discovered(api, other.sn)
        await flows.ignore(api, flow)
    await speak(gate.camera, barn.camera)
    assert gate.camera.sn not in await flows.offered(second.api)
    assert barn.camera.sn not in await flows.offered(home.api)


async def test_start_without_a_broker_forgets_nothing(
    home: Home, gate: Installed, second: Home, barn: Installed, broker: MqttBroker
) -> None:
    """After a power cut the last picture is there, and the rest when the broker is.

    What was ignored stays so, and the first Home Assistant has just waited.
    """
    camera, connectivity = barn.camera, barn.entities["binary_sensor.connectivity"]
    assert await upload(camera) == 0
    await second.stop()
    await broker.stop()
    await second.start()
    await second.until_running()
    await second.api.until_state(connectivity, "unknown", seconds=RETRY_SECONDS)
    await assert_shown(second, barn)

    await broker.start()
    for installed, api in ((barn, second.api), (gate, home.api)):
        on = installed.entities["binary_sensor.connectivity"]
        await api.until_state(on, "on", seconds=RETRY_SECONDS)
        await until_connected(installed.camera, seconds=RETRY_SECONDS)
    await speak(gate.camera, camera)
    await second.api.act("button.press", barn.entities["button.take_snapshot"])
    await assert_shown(second, barn)
    assert gate.camera.sn not in await flows.offered(second.api)
    assert errors(second) == []


async def speak(*cameras: SimulatedCamera) -> None:
    """Have each camera speak and be answered, so that all have heard all before."""
    for camera in (*cameras, *cameras):
        await until_heard(camera)
