"""Firmware is installed by a person."""

from hashlib import sha256
import re

from playwright.async_api import expect

from tests.browser.window import Window
from tests.live import showcase
from tests.live.api import device_id
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home
from tests.simulator import UpgradeFault

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


async def test_roll_out_is_seen_on_the_wall(
    window: Window, chinese_window: Window, home: Home, gate: Installed
) -> None:
    """It says how far it is and what failed, in both languages; a click goes on."""
    path = home.media / "firmware-1.6.0.bin"
    path.write_bytes(showcase.PACKAGE)
    gate.camera.faults.upgrade = UpgradeFault.REFUSE
    for each in (window, chinese_window):
        await each.open("/snapcam")
        await expect(each.page.locator("snapcam-wall")).to_be_visible()
    await home.api.act(
        "snapcam.roll_out_firmware", "all", version="1.6.0", filename=str(path)
    )
    await window.see("The roll-out of firmware 1.6.0 has stopped: too many failed")
    await window.see(re.compile("failed: 1 .* left: 1"), re.compile("gate refused"))
    await window.look("stopped")
    await chinese_window.see("固件 1.6.0 的分批升级已停止：失败过多")
    await chinese_window.look("stopped")
    await window.button("Go on").click()
    await window.see("Firmware 1.6.0 is being rolled out")
    await window.look("running")
    await window.see(f"Workshop has restarted, but reports version {showcase.VERSION}")
    await window.button("Go on").click()
    await window.see("Firmware 1.6.0 has been rolled out")
    await window.look("finished")
    gate.camera.faults.upgrade = None
