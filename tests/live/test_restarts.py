"""What Home Assistant still knows after it was restarted, or lost its power."""

import pytest_asyncio

from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed, choose_delivery, install, until_stored
from tests.live.home import Home
from tests.live.pictures import Stream, digest, kill_amid, listed, on_disk, shown
from tests.live.process import until
from tests.simulator import pad_picture

pytestmark = STEP

PICTURES = 25
"""After so many of each camera the power goes."""

RELEASE_SECONDS = 30.0
"""A command that is not answered takes ten seconds, and five more to be tried again."""


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
    assert await shown(home.api, sleeper) == sleeper.camera.last_picture


async def test_kill_spares_the_last_picture(
    home: Home, sleeper: Installed, cameras: Cameras
) -> None:
    """A picture whose receipt the camera has is on the disk, whatever happens."""
    sn = sleeper.camera.sn
    await until_stored(home, sleeper)
    camera = await cameras.start(sn, hb_interval=120)
    await until_heard(camera)
    picture = pad_picture(camera.take_picture(), 1_000_000)
    await camera.wait_answer(await camera.send_snapshot(picture))
    await home.kill()
    await home.start()
    await home.until_running()
    assert await shown(home.api, sleeper) == picture


async def test_kill_spares_every_picture_with_a_receipt(
    home: Home, cameras: Cameras
) -> None:
    """In a stream there is always one half written, and it is never seen."""
    streaming: list[tuple[Installed, Stream]] = []
    for sn, delivery in (
        ("200000000022", "mqtt"),
        ("200000000023", "http_home_assistant"),
    ):
        installed = await install(home, cameras, sn, f"Killed by {delivery}")
        await choose_delivery(home, installed, delivery)
        await until_stored(home, installed)
        streaming.append((installed, Stream(installed.camera)))
    first = [set(on_disk(home.pictures(i.camera.sn)).values()) for i, _ in streaming]

    await kill_amid(home, [stream for _, stream in streaming], pictures=PICTURES)
    await home.start()
    await home.until_running()
    for (installed, stream), before in zip(streaming, first, strict=True):
        sn = installed.camera.sn
        files = on_disk(home.pictures(sn))
        kept = set(files.values()) - before
        assert stream.stored <= kept <= stream.sent
        assert await listed(home.api, sn) == files.keys()
        assert digest(await shown(home.api, installed)) == files[max(files)]


async def test_kill_ends_a_pulse(home: Home, gate: Installed) -> None:
    """A door that was opened is not left open by a power cut."""
    camera = gate.camera
    await until_stored(home, gate)
    await until_heard(camera)
    await home.api.act(
        "snapcam.control_io", gate.entities["camera.snapshot"], io1=True, pulse=5
    )
    await home.kill()
    assert camera.io1 == 1

    async def is_back() -> bool:
        return camera.io1 == 0

    await home.start()
    await until(is_back, "the line is not set back", seconds=RELEASE_SECONDS)
    await home.until_running()
    switch = gate.entities["switch.io1"]
    await home.api.until_state(switch, "off", seconds=RELEASE_SECONDS)
