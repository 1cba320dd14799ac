"""The panel for those who see little, use no mouse, or read from right to left."""

import os
import re
from typing import Any

from playwright.async_api import expect
import pytest

from tests.browser.panel import (
    STRIP,
    caption,
    loaded,
    open_yesterday,
    shown,
    tile,
    yesterday,
)
from tests.browser.window import Window
from tests.live import showcase
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.process import ROOT

pytestmark = STEP

AXE = ROOT / "tools/panel/node_modules/axe-core/axe.min.js"

# What WCAG 2.2 asks for at level AA, and what has proved to be good besides.
RULES = """panel => axe.run(panel, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
})"""

# So does Home Assistant for those who read Arabic or Hebrew.
MIRROR = """() => {
  document.dir = "rtl";
  document.querySelector("home-assistant").style.direction = "rtl";
}"""

# Home Assistant's own page is around the panel, and has its landmarks.
FOREIGN = {"region"}

PASSED = 10
"""So many rules hold at least, if the panel was looked at at all."""


@pytest.fixture
def axe() -> None:
    """Ask for what finds obstacles; lint has installed it where there is npm."""
    if not AXE.exists():
        assert "CI" not in os.environ, "script/lint has not installed axe-core"
        pytest.skip("axe-core is missing: script/lint installs it, with npm")


async def obstacles(window: Window) -> list[str]:
    """Return what is in the way of people, and where."""
    await window.page.add_script_tag(path=AXE)
    panel = window.page.locator("snapcam-panel")
    found: dict[str, Any] = await panel.evaluate(RULES)
    assert len(found["passes"]) > PASSED
    return [
        f"{violation['id']}: {violation['help']}: {node['html']} {node['any']}"
        for violation in found["violations"]
        for node in violation["nodes"]
        if violation["id"] not in FOREIGN
    ]


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_obstacles(window: Window, gate: Installed, scheme: Any) -> None:
    """Names, roles, contrast and order are as they should be, by day and by night."""
    await window.page.emulate_media(color_scheme=scheme)
    await window.open("/snapcam")
    await loaded(tile(window, "Front gate").get_by_role("img"))
    assert await obstacles(window) == []
    await open_yesterday(window)
    await window.button("Compare").click()
    await window.see(re.compile("^Left: Yesterday"))
    assert await obstacles(window) == []


async def test_keyboard_alone(window: Window, gate: Installed) -> None:
    """From the wall to a picture of yesterday and back with the keyboard."""
    keyboard = window.page.keyboard
    await window.open("/snapcam")
    link = tile(window, "Front gate").get_by_role("link")
    await loaded(tile(window, "Front gate").get_by_role("img"))
    await link.focus()
    await keyboard.press("Enter")
    day = window.button(re.compile("^Yesterday"))
    await day.focus()
    await keyboard.press("Enter")
    await expect(caption(window)).to_contain_text("6 of 6")
    cell = window.page.locator(f"{STRIP} .cell").first
    await cell.focus()
    await keyboard.press("Enter")
    await expect(caption(window)).to_contain_text("1 of 6")
    await expect(cell).to_be_focused()


async def test_from_right_to_left(window: Window, gate: Installed) -> None:
    """Mirrored, nothing is wider than a phone, and later pictures are to the left."""
    await window.page.set_viewport_size({"width": 390, "height": 844})
    await window.open(f"/snapcam/{showcase.GATE}/{yesterday()}")
    await expect(caption(window)).to_contain_text("6 of 6")
    await window.page.evaluate(MIRROR)
    await window.page.keyboard.press("Home")
    await expect(caption(window)).to_contain_text("1 of 6")
    await loaded(shown(window))
    hours = window.page.locator(f"{STRIP} .mark")
    first, second = [await hours.nth(at).bounding_box() for at in (0, 1)]
    assert first is not None
    assert second is not None
    assert second["x"] < first["x"]
    await window.page.keyboard.press("ArrowLeft")
    await expect(caption(window)).to_contain_text("2 of 6")
    panel = window.page.locator("snapcam-panel")
    assert await panel.evaluate("panel => panel.scrollWidth <= innerWidth")
    await window.look("pictures")
