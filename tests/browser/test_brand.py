"""The icon and the logo are seen where Home Assistant shows them."""

from typing import Literal

import pytest

from tests.browser.window import Window, loaded_width
from tests.live.api import device_id
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP

ICON = "img[src*='/api/brands/integration/snapcam/{}icon.png']"
LOGO = "img[src*='/api/brands/integration/snapcam/{}logo.png']"
ICON_WIDTH = 256


@pytest.mark.parametrize(
    ("theme", "prefix"), [("light", ""), ("dark", "dark_")], ids=["light", "dark"]
)
async def test_brand_is_shown(
    window: Window,
    home: Home,
    gate: Installed,
    theme: Literal["light", "dark"],
    prefix: str,
) -> None:
    """On the card, in the list of brands and on the device, for bright and for dark."""
    page = window.page
    await page.emulate_media(color_scheme=theme)
    icon, logo = page.locator(ICON.format(prefix)), page.locator(LOGO.format(prefix))
    await window.open("/config/integrations/dashboard")
    card = page.get_by_role("link", name="SnapCam").locator(icon)
    assert await loaded_width(card) == ICON_WIDTH
    await window.button("Add integration").click()
    await page.get_by_placeholder("Search for a brand name").fill("snapcam")
    assert await loaded_width(window.button("SnapCam").locator(icon)) == ICON_WIDTH
    await window.look("list")

    device = await device_id(home.api, "Front gate")
    await window.open(f"/config/devices/device/{device}")
    assert await loaded_width(icon) == ICON_WIDTH
    box = await icon.bounding_box()
    assert box is not None
    assert box["width"] == 24
    assert await loaded_width(logo) > 0
