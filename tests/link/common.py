"""What the tests of messages do again and again."""

import logging

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..const import TOPICS


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration has logged for people."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.snapcam")
        and record.levelno > logging.INFO
    ]


async def set_up(
    hass: HomeAssistant, sn: str, up: str = TOPICS["up"], down: str = TOPICS["down"]
) -> MockConfigEntry:
    """Set up one more camera."""
    entry = MockConfigEntry(
        domain="snapcam",
        unique_id=sn,
        title=sn,
        data={"sn": sn, "up": up, "down": down},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry
