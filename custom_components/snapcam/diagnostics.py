"""What helps to find out what is wrong with a camera, without what is private."""

from dataclasses import asdict
import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.core import HomeAssistant

from .const import CONF_DOWN, CONF_SN, CONF_UP
from .coordinator import SnapcamConfigEntry
from .firmware.rolling import ROLL_OUTS
from .firmware.rollout_news import summary
from .link.hub import async_get_hub

TO_REDACT: Final = {
    "former",
    "mac",
    "name",
    "other_addr",
    "own_addr",
    "own_addr_said",
    "package_url",
    "request_id",
    "sn",
    "title",
    "token",
    "unique_id",
    "upload_addr",
    "url",
}

SN_KEPT: Final = 4
"""Characters of the serial number that tell the model; the rest tells the camera."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SnapcamConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of a camera."""
    coordinator = entry.runtime_data
    sn = coordinator.sn
    diagnostics = {
        "entry": {
            "data": {**entry.data, **_topics(entry)},
            "options": dict(entry.options),
        },
        "sn_begins": sn[: min(SN_KEPT, len(sn) // 2)],
        "state": asdict(coordinator.data),
        "last_seen": coordinator.last_seen,
        "clock_offset": coordinator.clock.offset,
        "messages": coordinator.journal.as_dict(),
        "posts_refused_from_outside": coordinator.posts_from_outside,
        "roll_out": _roll_out(hass, entry),
        "dropped_of_all_cameras": dict(async_get_hub(hass).dropped),
    }
    redacted: dict[str, Any] = async_redact_data(diagnostics, TO_REDACT)
    return redacted


def _roll_out(hass: HomeAssistant, entry: SnapcamConfigEntry) -> dict[str, Any] | None:
    """Return how the last roll-out is, and how far this camera is in it."""
    if (roll_out := hass.data[ROLL_OUTS].current) is None:
        return None
    member = roll_out.members.get(entry.entry_id)
    return {
        **summary(roll_out),
        "plan": roll_out.plan.as_stored(),
        "this_camera": member and asdict(member),
    }


def _topics(entry: SnapcamConfigEntry) -> dict[str, str]:
    """Return the topics as they are set; only a serial number in them is private."""
    sn = re.compile(re.escape(entry.data[CONF_SN]), re.IGNORECASE)
    return {key: sn.sub(REDACTED, entry.data[key]) for key in (CONF_UP, CONF_DOWN)}
