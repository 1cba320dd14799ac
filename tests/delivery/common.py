"""What the tests of delivery do again and again."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..common import call
from ..const import DELIVERY, INTERNAL_URL


async def choose(hass: HomeAssistant, option: str) -> None:
    """Choose how the camera delivers."""
    await call(hass, "select.select_option", DELIVERY, option=option)


def own_address(entry: MockConfigEntry, url: str = INTERNAL_URL) -> str:
    """Return the address of the camera at Home Assistant."""
    return f"{url}/api/snapcam/upload/{entry.data['token']}"
