"""What goes wrong while somebody looks: a camera was removed, a picture is gone."""

import re
import shutil

from playwright.async_api import expect

from tests.browser.panel import caption, loaded, shown, tile
from tests.browser.window import Window
from tests.live import showcase
from tests.live.cameras import Cameras, Installed
from tests.live.conftest import STEP, install
from tests.live.home import Home

pytestmark = STEP

ENTRIES = "/api/config/config_entries"


async def test_removed_camera(
    window: Window, home: Home, cameras: Cameras, gate: Installed
) -> None:
    """What is left of a camera can be looked at, and deleted once that is confirmed."""
    installed = await install(home, cameras, "200000000043", "Cellar")
    await installed.camera.wait_answer(await installed.camera.send_snapshot())
    await window.open("/snapcam")
    await loaded(tile(window, "Cellar").get_by_role("img"))
    entries = await home.api.request("GET", f"{ENTRIES}/entry")
    (entry,) = (entry for entry in entries if entry["title"] == "Cellar")
    await home.api.request("DELETE", f"{ENTRIES}/entry/{entry['entry_id']}")
    row = tile(window, "200000000043")
    await expect(row).to_contain_text(re.compile(r"Pictures: \d, \d+ kB"))
    await expect(tile(window, "Cellar")).to_have_count(0)
    await window.look("removed")
    await row.get_by_role("link").click()
    await expect(caption(window)).to_contain_text("200000000043 · Today")
    await loaded(shown(window))
    await window.page.go_back()
    window.page.once("dialog", lambda dialog: dialog.accept())
    await window.button("Delete all: 200000000043").click()
    await expect(row).to_have_count(0)
    assert not home.pictures("200000000043").exists()


async def test_pictures_that_cannot_be_shown(
    window: Window, home: Home, cameras: Cameras, gate: Installed
) -> None:
    """One that was pruned meanwhile is said to be gone, a broken one to be so."""
    window.excuse("404.*/200000000044/")
    installed = await install(home, cameras, "200000000044", "Shed")
    for _ in range(6):
        await installed.camera.wait_answer(await installed.camera.send_snapshot())
    await window.open("/snapcam/200000000044")
    await expect(caption(window)).to_contain_text(re.compile(r"([67]) of \1"))
    await loaded(shown(window))
    broken, gone, *_ = sorted(home.pictures("200000000044").glob("*/*.jpg"))
    broken.write_bytes(b"broken")
    gone.unlink()
    await window.page.keyboard.press("Home")
    await window.see("This picture cannot be shown.")
    await window.page.keyboard.press("ArrowRight")
    await window.see("This picture no longer exists.")
    await window.page.keyboard.press("ArrowRight")
    await loaded(shown(window))


async def test_clock_was_ahead(
    window: Window, chinese_window: Window, home: Home, gate: Installed
) -> None:
    """Pictures of days to come are there, but are not what is shown first.

    What is left of a camera, on a phone, is no wider than the phone.
    """
    latest = max(home.pictures(showcase.GATE).glob("*/*.jpg"))
    for sn in (showcase.GATE, "200000000045"):
        day = home.pictures(sn) / "2036-01-02"
        day.mkdir(parents=True)
        shutil.copy(latest, day / "030405-000006.jpg")
    await window.open(f"/snapcam/{showcase.GATE}")
    await expect(caption(window)).to_contain_text("Today")
    await loaded(shown(window))
    await window.open("/snapcam/200000000045")
    await expect(caption(window)).to_contain_text("2036")
    await loaded(shown(window))
    await chinese_window.page.set_viewport_size({"width": 390, "height": 844})
    await chinese_window.open("/snapcam")
    row = tile(chinese_window, "200000000045")
    await row.scroll_into_view_if_needed()
    await expect(row).to_contain_text("1 张图片")
    panel = chinese_window.page.locator("snapcam-panel")
    assert await panel.evaluate("panel => panel.scrollWidth <= innerWidth")
    await chinese_window.look("removed")
    for sn in (showcase.GATE, "200000000045"):
        shutil.rmtree(home.pictures(sn) / "2036-01-02")
