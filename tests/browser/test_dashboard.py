"""What is seen and pressed on a dashboard."""

from io import BytesIO
import re

from PIL import Image
from playwright.async_api import Locator, expect

from tests.browser.window import Window, loaded_width
from tests.docs import blocks
from tests.live import dashboard, showcase
from tests.live.api import device_id
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home
from tests.live.process import until

pytestmark = STEP

RED = (200, 30, 30)

PIXEL = """async image => {
  await image.decode();
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.drawImage(image, 0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


async def test_picture_follows_the_button(window: Window, gate: Installed) -> None:
    """Pressed, the button has the camera take a picture, and that one is shown."""
    await window.open(f"/{dashboard.URL_PATH}")
    picture = window.page.get_by_role("img", name=gate.entities["image.snapshot"])
    assert await loaded_width(picture) > 0
    former = str(await picture.get_attribute("src"))
    assert not await is_red(picture)
    await window.look("before")
    gate.camera.picture = plain(RED)
    try:
        await window.button("Press Take snapshot").first.click()
        await expect(picture).not_to_have_attribute("src", former)
        await until(lambda: is_red(picture), "the picture is not the new one")
    finally:
        gate.camera.picture = None


async def test_line_follows_the_switch(window: Window, gate: Installed) -> None:
    """A switch that was toggled is shown so once the camera has switched its line."""
    await window.open(f"/{dashboard.URL_PATH}")
    assert gate.camera.io0 == 0
    toggle = window.button("Toggle Gate (IO 0)")
    for line, state in ((1, "On"), (0, "Off")):
        await toggle.click()
        await expect(window.button(f"Gate (IO 0) {state}")).to_be_visible()
        assert gate.camera.io0 == line


async def test_pictures_are_a_tap_away(
    window: Window, home: Home, gate: Installed
) -> None:
    """A tap on the picture opens the panel there; the page of the device leads there too."""
    there = re.compile(rf"/snapcam/{showcase.GATE}(/|$)")
    await window.open(f"/{dashboard.URL_PATH}")
    await window.page.locator("hui-picture-entity-card .clickable").first.click()
    await expect(window.page).to_have_url(there)
    await window.see(re.compile("^Front gate · Today"))
    device = await device_id(home.api, "Front gate")
    await window.open(f"/config/devices/device/{device}")
    await window.page.get_by_role("link", name="Visit").click()
    await expect(window.page).to_have_url(there)
    await window.see(re.compile("^Front gate · Today"))


async def test_section_of_the_readme(
    window: Window, home: Home, gate: Installed
) -> None:
    """Pasted where the README says, it shows the camera; a tap opens the panel."""
    path = "readme-example"
    create = "lovelace/dashboards/create"
    await home.api.command(create, url_path=path, title="Mine")
    views = [{"type": "sections", "sections": []}]
    save = "lovelace/config/save"
    await home.api.command(save, url_path=path, config={"views": views})
    section = blocks("README.md", "yaml")[0]
    assert section.yaml["type"] == "grid"
    await window.open(f"/{path}/0?edit=1")
    await window.button("Create section").click()
    await window.choose("Manual section")
    await window.button("Menu").last.click()
    await window.page.get_by_role("menuitem", name="Edit").click()
    await window.choose("Show code editor")
    await window.page.locator(".cm-content").click()
    await window.page.keyboard.press("Control+A")
    await window.page.keyboard.insert_text(section.text)
    await window.button("Save").click()
    await window.button("Done").click()
    await window.see("Front gate", "Take snapshot", "Last picture", "IO 0", "IO 1")
    picture = window.page.get_by_role("img", name=gate.entities["image.snapshot"])
    assert await loaded_width(picture) > 0
    await window.look("section")

    # The card puts something above it that takes the tap.
    await picture.click(force=True)
    await window.page.wait_for_url(f"**/snapcam/{gate.camera.sn}**")


def plain(color: tuple[int, int, int]) -> bytes:
    """Return a picture of a single color."""
    file = BytesIO()
    Image.new("RGB", (640, 360), color).save(file, "JPEG")
    return file.getvalue()


async def is_red(picture: Locator) -> bool:
    """Return whether a picture that is shown is the plain one, by and large."""
    shown = await picture.evaluate(PIXEL)
    return all(abs(a - b) < 20 for a, b in zip(shown, RED, strict=True))
