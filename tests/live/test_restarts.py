"""What Home Assistant still knows after it was restarted, or lost its power."""

from functools import partial

import pytest_asyncio

from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed, install
from tests.live.home import Home
from tests.live.process import until
from tests.simulator import pad_picture

pytestmark = STEP


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sleeper(home: Home, cameras: Cameras) -> Installed:
    """Return a camera that has sent a picture and obeyed, and is switched off."""
    installed = await install(home, cameras, "200000000021", "Cellar", hb_interval=120)
    await home.api.act("switch.turn_on", installed.entities["switch.io1"])
    camera = installed.camera
    answer = await camera.wait_answer(await camera.send_snapshot())
    assert answer["ret"] == 0
    await cameras.stop(camera.sn)
    return installed


async def test_restart_forgets_nothing(home: Home, sleeper: Installed) -> None:
    """State, settings and the last picture are there before the camera speaks."""
    entities = sleeper.entities
    image = entities["image.snapshot"]
    taken_at = (await home.api.state(image))["state"]
    await home.stop()
    await home.start()
    await home.until_running()
    await home.api.until_state(entities["switch.io1"], "on")
    await home.api.until_state(entities["number.hb_interval"], "120")
    await home.api.until_state(image, taken_at)
    assert await shown(home, sleeper) == sleeper.camera.last_picture


async def test_kill_spares_the_last_picture(
    home: Home, sleeper: Installed, cameras: Cameras
) -> None:
    """A picture whose receipt the camera has is on the disk, whatever happens."""
    sn = sleeper.camera.sn
    # Home Assistant itself takes a second to write down a new entry.
    await until(partial(home.has_stored, sn), "the entry is not stored")
    camera = await cameras.start(sn, hb_interval=120)
    await until_heard(camera)
    picture = pad_picture(camera.take_picture(), 1_000_000)
    await camera.wait_answer(await camera.send_snapshot(picture))
    await home.kill()
    await home.start()
    await home.until_running()
    assert await shown(home, sleeper) == picture


async def shown(home: Home, installed: Installed) -> bytes:
    """Return the picture that is shown."""
    path = f"/api/image_proxy/{installed.entities['image.snapshot']}"
    content, _ = await home.api.download(path)
    return content
