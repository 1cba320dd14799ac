"""Firmware is installed by a person."""

from hashlib import sha256

from playwright.async_api import expect

from tests.browser.window import Window
from tests.live import showcase
from tests.live.api import device_id
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP


async def test_update_is_shown_installed_and_confirmed(
    window: Window, home: Home, gate: Installed
) -> None:
    """The dialog has the notes, tells of the work, and then of the new version."""
    device = await device_id(home.api, "Front gate")
    await window.open(f"/config/devices/device/{device}")
    gate.camera.upgrade_downtime = 4.0
    await window.page.get_by_title("Firmware").click()
    await window.see("Update available", "Installed version", "Latest version")
    await window.see(showcase.VERSION, showcase.NEW_VERSION)
    await window.see("Sharper pictures at night")
    await window.look("offered")
    await window.button("Update").click()
    await window.see("Preparing")
    await window.look("installing")
    await window.see("Up-to-date")
    await expect(window.text(showcase.VERSION)).to_have_count(0)
    assert gate.camera.firmware is not None
    assert gate.camera.firmware.sha256 == sha256(showcase.PACKAGE).hexdigest()
