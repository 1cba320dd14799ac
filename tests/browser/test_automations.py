"""An automation is made in the editor."""

import re

from playwright.async_api import expect

from tests.browser.window import Window
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP

SAVED = re.compile(r"/config/automation/(?:edit|show)/(\d+)")


async def test_editor_offers_what_a_camera_can_do(
    window: Window, home: Home, gate: Installed
) -> None:
    """Trigger, condition and action are offered for the device, and are saved."""
    await window.open("/config/automation/edit/new")
    for kind, offered in (
        ("trigger", "Snapshot received"),
        ("condition", "Camera is online"),
        ("action", "Take snapshot"),
    ):
        await window.button(f"Add {kind}").click()
        await window.page.get_by_role("treeitem", name="Devices").click()
        await window.page.get_by_role("treeitem", name="Front gate").click()
        offer = window.button(f"{offered} Front gate")
        await expect(offer).to_be_visible()
        await window.look(f"add-{kind}")
        await offer.click()
        await window.see(offered)
        await window.look(kind)
    await window.button("Save").click()
    await window.field("Name").fill("Made by hand")
    await window.button("Save").last.click()
    await window.page.wait_for_url(SAVED)

    found = SAVED.search(window.page.url)
    assert found is not None
    path = f"/api/config/automation/config/{found[1]}"
    made = await home.api.request("GET", path)
    assert made["triggers"][0]["trigger"] == "snapcam.snapshot_received"
    assert made["conditions"][0]["condition"] == "snapcam.is_online"
    assert made["actions"][0]["action"] == "snapcam.take_snapshot"
    # The editor would miss it.
    await window.open("/")
    await home.api.request("DELETE", path)
