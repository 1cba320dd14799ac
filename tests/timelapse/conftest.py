"""The time at which videos are asked for."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .common import NOW


@pytest.fixture
async def now(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Have a camera, and be on the day after its pictures."""
    freezer.move_to(NOW)
    # What is done each hour is due by that, and removes empty folders.
    await hass.async_block_till_done(wait_background_tasks=True)
