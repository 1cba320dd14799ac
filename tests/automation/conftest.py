"""A camera in an area, as automations name it."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..const import CONNECTIVITY, EVENT
from ..simulator import SimulatedCamera
from .common import Target


@pytest.fixture
async def target(
    hass: HomeAssistant, online: SimulatedCamera, entry: MockConfigEntry
) -> Target:
    """Return the ways to name the camera; the camera is in an area, and has a label."""
    area = ar.async_get(hass).async_create("Garden")
    label = lr.async_get(hass).async_create("Outside")
    devices = dr.async_get(hass)
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    devices.async_update_device(device.id, area_id=area.id, labels={label.label_id})
    return {
        "event": {"entity_id": EVENT},
        "connectivity": {"entity_id": CONNECTIVITY},
        "device": {"device_id": device.id},
        "area": {"area_id": area.id},
        "label": {"label_id": label.label_id},
    }
