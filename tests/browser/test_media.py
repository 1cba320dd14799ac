"""The pictures of a camera are found in the media browser."""

import re

from tests.browser.window import SECONDS, Window, loaded_width
from tests.live import showcase
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.process import until

pytestmark = STEP

TIME = re.compile(r"\d\d:\d\d:\d\d")
YESTERDAY = re.compile("Yesterday · ")

THUMBNAIL = "ha-media-browser-thumbnail .image"
WIDTHS = """cards => Promise.all(cards.map(card => {
  const image = new Image();
  image.src = getComputedStyle(card).backgroundImage.slice(5, -2);
  return image.decode().then(() => image.naturalWidth, () => 0);
}))"""


async def test_pictures_are_found_by_camera_and_day(
    window: Window, gate: Installed
) -> None:
    """Each picture of yesterday has a thumbnail that is really there, and opens."""
    await window.open("/media-browser")
    # The dashboard in the side bar has the same name.
    shelves = window.page.locator("ha-media-player-browse")
    await shelves.get_by_text("SnapCam").filter(visible=True).click()
    await window.text("Front gate").click()
    await window.text(YESTERDAY).click()

    async def loaded() -> bool:
        widths = await window.page.locator(THUMBNAIL).evaluate_all(WIDTHS)
        return len(widths) == len(showcase.HOURS) and all(widths)

    await until(loaded, "not all thumbnails are loaded", seconds=SECONDS)
    await window.look("day")
    await window.text(TIME).first.click()
    width, _ = showcase.PICTURE_SIZE
    assert await loaded_width(window.page.locator("ha-dialog img")) == width
