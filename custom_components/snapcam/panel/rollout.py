"""What the panel asks for of the firmware that is rolled out."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from ..const import DOMAIN
from ..firmware.rolling import ROLL_OUTS, RollOuts
from ..firmware.rollout import Member, Step
from ..firmware.rollout_news import summary

type Json = dict[str, Any]


@callback
def async_register_roll_out_command(hass: HomeAssistant) -> None:
    """Register the command."""
    websocket_api.async_register_command(hass, _roll_out)


@websocket_api.websocket_command({vol.Required("type"): "snapcam/roll_out"})
@websocket_api.require_admin
@callback
def _roll_out(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: Json
) -> None:
    """Send the state of the roll-out, and then its changes."""
    roll_outs = hass.data[ROLL_OUTS]
    told: list[Json | None] = []

    @callback
    def send() -> None:
        now = _describe(hass, roll_outs)
        if told != [now]:
            told[:] = [now]
            connection.send_event(msg["id"], now)

    connection.subscriptions[msg["id"]] = roll_outs.async_listen(send)
    connection.send_result(msg["id"])
    send()


def _describe(hass: HomeAssistant, roll_outs: RollOuts) -> Json | None:
    """Return how far the roll-out is, if there is or was one."""
    if (roll_out := roll_outs.current) is None:
        return None
    told, waiting = summary(roll_out), roll_outs.away()
    failures = [
        _failure(hass, entry_id, member)
        for entry_id, member in roll_out.members.items()
        if member.why and member.step is not Step.SKIPPED
    ]
    left = told["left"] - waiting
    return {**told, "left": left, "waiting": waiting, "failures": failures}


def _failure(hass: HomeAssistant, entry_id: str, member: Member) -> Json:
    """Return what a camera lacks, as an error that the panel puts in words."""
    entry = hass.config_entries.async_get_entry(entry_id)
    unknown = dict.fromkeys(("ret", "msg", "version"), "–")
    return {
        "translation_domain": DOMAIN,
        "translation_key": member.why,
        "translation_placeholders": {
            **unknown,
            **member.details,
            "name": entry.title if entry else "–",
        },
    }
