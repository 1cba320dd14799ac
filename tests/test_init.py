"""Setting up and taking down a camera."""

import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .broker import Broker
from .common import heartbeat, state
from .const import BUTTON, CONNECTIVITY, UP
from .simulator import SimulatedCamera


async def test_without_mqtt(hass: HomeAssistant, config_entry: MockConfigEntry) -> None:
    """Without MQTT a camera waits for it, and says what it waits for."""
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.SETUP_RETRY
    assert config_entry.error_reason_translation_key == "mqtt_not_configured"


async def test_unload_and_set_up_again(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An unloaded camera is deaf; set up again it is as before."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert state(hass, BUTTON) == "unavailable"
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert broker.published == []

    assert await hass.config_entries.async_setup(entry.entry_id)
    await online.send_heartbeat()
    await broker.settle()
    assert online.answers[-1]["ret"] == 0
    assert state(hass, CONNECTIVITY) == "on"


async def test_nothing_is_said_that_nobody_needs(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera's whole life leaves no warning, and none about deprecated ways."""
    await online.send_snapshot()
    await broker.settle()
    await broker.go_down()
    await broker.come_back()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    said = [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and "snapcam" in record.getMessage()
    ]
    assert {line.split(" which has not")[0] for line in said} <= {
        "We found a custom integration snapcam"
    }
