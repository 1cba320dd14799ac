"""Somebody logs in."""

from playwright.async_api import expect

from tests.browser.window import Window
from tests.live.cameras import Installed
from tests.live.conftest import STEP

pytestmark = STEP


async def test_log_in(gate: Installed, window: Window) -> None:
    """Who has logged in by the form stays so, and sees the cameras first."""
    await window.open("/")
    await expect(window.page.get_by_role("link", name="Tester")).to_be_visible()
    await window.see("Front gate", "Workshop")
