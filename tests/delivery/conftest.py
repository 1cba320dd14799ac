"""The address of the camera."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..const import UPLOAD_ADDR


@pytest.fixture
async def entry(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the entry of the camera, with the entity that is hidden at first."""
    er.async_get(hass).async_update_entity(UPLOAD_ADDR, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    return entry


@pytest.fixture
def address(entry: MockConfigEntry) -> str:
    """Return the address of the camera."""
    return f"/api/snapcam/upload/{entry.data['token']}"
