"""What another version or a power cut has left is read as far as it is known."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import state
from ..const import IO0, UPDATE

CONFIG = {"mac": None, "upload_type": 1, "hb_interval": 90, "run_time": 5}
INSTALL = {
    "version": "2.0",
    "token": "",
    "package": None,
    "steps": [["asked", "2026-11-01T10:00:00+00:00"]],
    "ended": "confirmed",
}


@pytest.mark.parametrize(
    "changes",
    [
        {"unheard_of": {"by": "this version"}},
        {"config": CONFIG | {"unheard_of": 1}},
        {"install": INSTALL | {"unheard_of": 1}},
        {"install": INSTALL | {"package": {"unheard_of": 1}}},
        {"install": INSTALL | {"steps": "none"}},
        {"install": INSTALL | {"steps": [["asked", "some day"]]}},
        {"install": []},
        {"config": "none"},
        {"config": {"run_time": [], "mac": 1, "upload_addr": {}}},
        {"release": {"io7": True, "io1": "on"}},
        {"release": ["io1"]},
        {"last_boot": "some day", "last_seen": 5, "clock_offset": "late"},
        {"last_boot": "2026-11-01T10:00:00"},
        {"own_addr": 1, "other_addr": [], "installed_version": {}},
        {"io1": "on"},
    ],
    ids=repr,
)
async def test_known_fields_are_read(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    """One field that cannot be read costs neither the camera nor the other fields."""
    key = f"snapcam.{config_entry.entry_id}"
    data = {"config": CONFIG, "io0": True, "install": INSTALL} | changes
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert state(hass, IO0) == "on"


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 2, "minor_version": 1, "data": {"io0": True}},
        {"version": 1, "minor_version": 1, "data": ["io0"]},
        {"version": 1, "minor_version": 1, "data": None},
        {"version": 1},
        {},
    ],
    ids=["later version", "list", "nothing", "cut off", "empty"],
)
async def test_store_that_cannot_be_read(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: dict[str, Any],
) -> None:
    """A camera whose store is lost begins anew; it is not lost with it."""
    key = f"snapcam.{config_entry.entry_id}"
    hass_storage[key] = {"key": key, **stored}
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert state(hass, IO0) == "unknown"


@pytest.mark.parametrize(
    "offer",
    [
        {"version": "2.0", "notes": "", "url": "http://h/", "package": None, "new": 1},
        {"version": "2.0", "url": "http://h/", "package": {"filename": "app.bin"}},
        {"version": "2.0", "url": "http://h/"},
    ],
)
async def test_offer_is_read_as_far_as_it_is_known(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    offer: dict[str, Any],
) -> None:
    """What a later version has written of an offer does not hide it."""
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(config_entry, options={"firmware": offer})
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert hass.states.get(UPDATE).attributes["latest_version"] == "2.0"


@pytest.mark.parametrize(
    "offer", [{}, {"version": 2}, {"version": "2.0"}, "2.0", ["2.0"], None]
)
async def test_offer_that_cannot_be_read_is_none(
    hass: HomeAssistant, broker: Broker, config_entry: MockConfigEntry, offer: object
) -> None:
    """An offer of which nobody knows what to install is not made."""
    config_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(config_entry, options={"firmware": offer})
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert hass.states.get(UPDATE).attributes["latest_version"] == "?"
