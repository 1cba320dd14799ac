"""What there is to see in the panel, and how to get there."""

from datetime import datetime, timedelta

from playwright.async_api import Locator, expect

from tests.browser.window import Window
from tests.live import showcase

STRIP = "snapcam-strip"
STAGE = "snapcam-stage"


def tile(window: Window, name: str) -> Locator:
    """Return a camera on the wall."""
    return window.page.get_by_role("listitem").filter(has_text=name)


def shown(window: Window) -> Locator:
    """Return the large picture."""
    return window.page.locator(f"{STAGE} img").first


def caption(window: Window) -> Locator:
    """Return what is said of the large picture."""
    return window.page.locator(".caption")


def yesterday() -> str:
    """Return the day of the pictures that were there before."""
    return f"{datetime.now().astimezone() - timedelta(days=1):%Y-%m-%d}"


async def loaded(image: Locator) -> None:
    """Wait until an image is really there."""
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("complete", value=True)
    assert await image.evaluate("image => image.naturalWidth") > 0


async def open_yesterday(window: Window) -> None:
    """Open the latest picture of yesterday."""
    await window.open(f"/snapcam/{showcase.GATE}/{yesterday()}")
    await expect(caption(window)).to_contain_text("6 of 6")
    await loaded(shown(window))
