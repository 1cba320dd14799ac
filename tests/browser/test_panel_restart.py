"""Home Assistant restarts while somebody looks at the wall."""

from playwright.async_api import expect

from tests.browser.panel import loaded, tile
from tests.browser.window import Window
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP

LOST = "The connection to Home Assistant is lost."

# Its own page loses the place of a panel that an integration has brought.
FAULT_OF_THE_PAGE = r"reading 'path'|404.*/unknown/node_modules/"
AWAY = r"WebSocket|ERR_CONNECTION|Failed to fetch"


async def test_restart_under_an_open_panel(
    window: Window, home: Home, gate: Installed
) -> None:
    """The wall says that what it shows may be old, and is back as soon as all is there."""
    window.excuse(f"{FAULT_OF_THE_PAGE}|{AWAY}")
    await window.open("/snapcam")
    picture = tile(window, "Front gate").get_by_role("img")
    await loaded(picture)
    await home.stop()
    await window.see(LOST)
    await window.look("lost")
    await home.start()
    await home.until_running()
    await expect(window.text(LOST)).to_have_count(0)
    await loaded(picture)
    former = str(await picture.get_attribute("src"))
    await gate.camera.send_snapshot()
    await expect(picture).not_to_have_attribute("src", former)
