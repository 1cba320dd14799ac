"""The name that a person gives a camera's device, after adding it or later."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import heartbeat
from ..const import SN, UP
from ..simulator import SimulatedCamera


def rename(hass: HomeAssistant, entry: MockConfigEntry, name: str | None) -> None:
    """Give the device of a camera a name, or its own back."""
    devices = dr.async_get(hass)
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    devices.async_update_device(device.id, name_by_user=name)


async def test_named_like_its_device(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One name is asked for, and used by the entry, repairs and the log alike."""
    rename(hass, entry, "Back yard")
    await hass.async_block_till_done()
    assert entry.title == "Back yard"
    for _ in range(2):
        broker.send(heartbeat(sn="1"), UP)
    await broker.settle()
    issue = ir.async_get(hass).async_get_issue("snapcam", f"wrong_sn_{entry.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["name"] == "Back yard"
    assert entry.runtime_data.name == "Back yard"

    rename(hass, entry, None)
    await hass.async_block_till_done()
    assert entry.title == "Gate"
    assert "deprecated" not in caplog.text


async def test_camera_that_is_not_set_up(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A camera that is not set up at the moment has its name, too; an area is no name."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    devices = dr.async_get(hass)
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    devices.async_update_device(device.id, labels={"new"})
    await hass.async_block_till_done()
    assert entry.title == "Gate"
    rename(hass, entry, "Yard")
    await hass.async_block_till_done()
    assert entry.title == "Yard"


async def test_devices_of_others(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A device of another integration names no camera."""
    (other,) = hass.config_entries.async_entries("mqtt")
    devices = dr.async_get(hass)
    device = devices.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("mqtt", SN)}
    )
    devices.async_update_device(device.id, name_by_user="Lamp")
    await hass.async_block_till_done()
    assert entry.title == "Gate"
