"""What survives a restart of Home Assistant."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import state
from ..const import DELIVERY, IO0


async def test_store_of_an_earlier_version(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """An update must not fail on what the version before it has written."""
    key = f"snapcam.{config_entry.entry_id}"
    config = {
        "mac": None,
        "upload_type": 1,
        "upload_addr": None,
        "hb_interval": 60,
        "run_time": 5,
        "version": None,
    }
    data = {
        "config": config,
        "io0": True,
        "io1": None,
        "last_boot": None,
        "last_seen": None,
        "clock_offset": 0,
    }
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert (state(hass, IO0), state(hass, DELIVERY)) == ("on", "mqtt")
