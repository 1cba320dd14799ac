"""Something is wrong, and a person mends it."""

from tests.browser.window import Window
from tests.live.cameras import Cameras
from tests.live.conftest import STEP, install
from tests.live.home import Home

pytestmark = STEP


async def test_wrong_clock_is_told_and_accepted(
    window: Window, home: Home, cameras: Cameras
) -> None:
    """The repair says by how much the clock is off; accepted, the camera is heard."""
    installed = await install(home, cameras, "200000000021", "Greenhouse")
    camera = installed.camera
    camera.faults.clock_offset = 3 * 3600 + 600
    answer = await camera.wait_answer(await camera.send_heartbeat())
    assert answer["ret"] == 2

    await window.open("/config/repairs")
    await window.choose("The clock of Greenhouse is about 3 hours ahead")
    await window.see("Accept the wrong clock?", "about 3 hours ahead")
    await window.look("form")
    await window.button("Submit").click()
    await window.see("The issue is repaired!")
    await window.button("Finish").click()
    await window.see("There are currently no repairs pending")
    answer = await camera.wait_answer(await camera.send_heartbeat())
    assert answer["ret"] == 0
