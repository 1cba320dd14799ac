"""The options of a camera are changed by a person."""

from playwright.async_api import Locator, expect

from tests.browser.window import Window
from tests.live.cameras import Installed, until_heard
from tests.live.conftest import STEP

pytestmark = STEP

DAYS = "Days to keep pictures"


async def test_options_are_kept(window: Window, gate: Installed) -> None:
    """What was submitted is in the form when that is opened again."""
    days = await open_settings(window)
    await expect(days).to_have_value("30")
    await days.fill("12")
    await window.look("form")
    await window.button("Submit").click()
    await window.see("Options successfully saved")
    await window.look("saved")

    await expect(await open_settings(window)).to_have_value("12")


async def test_what_the_camera_says(window: Window, gate: Installed) -> None:
    """The last messages are listed in words, and once more if they are asked for."""
    await until_heard(gate.camera)
    await open_options(window)
    await window.choose("What it says")
    await window.see("What the camera says", "Could not be read", "heartbeat")
    await window.look("says")
    await gate.camera.wait_answer(await gate.camera.send_snapshot())
    await window.button("Refresh").click()
    await window.see("answer to the picture · accepted")


async def open_settings(window: Window) -> Locator:
    """Open the settings of the gate, and return the field for the days."""
    await open_options(window)
    await window.choose("Settings")
    return window.page.get_by_role("spinbutton", name=DAYS)


async def open_options(window: Window) -> None:
    """Open the options of the gate."""
    await window.open("/config/integrations/integration/snapcam")
    entry = window.page.locator("ha-config-entry-row", has_text="Front gate")
    await entry.get_by_role("button", name="Configure").click()
    await window.see("Options", "Offer firmware")
