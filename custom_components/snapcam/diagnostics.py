"""What helps to find out what is wrong with a camera, without what is private."""

from dataclasses import asdict
from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant

from .coordinator import SnapcamConfigEntry

TO_REDACT: Final = {
    "down",
    "mac",
    "name",
    "other_addr",
    "own_addr",
    "request_id",
    "sn",
    "title",
    "token",
    "unique_id",
    "up",
    "upload_addr",
    "url",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SnapcamConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of a camera."""
    coordinator = entry.runtime_data
    diagnostics = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options)},
        "state": asdict(coordinator.data),
        "last_seen": coordinator.last_seen,
        "clock_offset": coordinator.clock_offset,
    }
    redacted: dict[str, Any] = async_redact_data(diagnostics, TO_REDACT)
    return redacted
