"""What Home Assistant's system information says of all cameras together."""

from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import SnapcamCoordinator
from .link.hub import async_get_hub
from .pictures.disk import async_get_disk
from .pictures.store import picture_library

MAX_TOLD: Final = 20
"""Cameras of which it is told what cannot be read."""


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(async_get_info)


async def async_get_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the cameras are."""
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    cameras: list[SnapcamCoordinator] = [entry.runtime_data for entry in entries]
    return {
        "cameras": len(hass.config_entries.async_entries(DOMAIN, include_ignore=False)),
        "cameras_online": sum(camera.data.online is True for camera in cameras),
        "broker_connected": bool(cameras) and async_get_hub(hass).broker.connected,
        "unreadable_messages": _unreadable(cameras),
        "pictures_kept": await _async_count(hass),
    }


def _unreadable(cameras: list[SnapcamCoordinator]) -> int | str:
    """Return what could not be read, by camera and reason; those with most come first."""
    reasons = {camera.name: camera.journal.unreadable for camera in cameras}
    order = sorted(reasons, key=lambda name: -sum(reasons[name].values()))
    told = [
        f"{name}: "
        + ", ".join(f"{reason} ({n})" for reason, n in reasons[name].items())
        for name in order[:MAX_TOLD]
        if reasons[name]
    ]
    return "; ".join(told) or 0


async def _async_count(hass: HomeAssistant) -> int | dict[str, str]:
    """Return how many pictures there are, or in Home Assistant's words why not."""
    library = picture_library(hass)
    try:
        return await async_get_disk(hass).async_share("count", library.count)
    except OSError:
        return {"type": "failed", "error": "unreachable"}
