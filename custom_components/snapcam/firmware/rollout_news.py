"""What people are told of a roll-out: an event, and a repair when it stops by itself."""

from collections import defaultdict
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import DOMAIN
from ..issues import ROLL_OUT_STOPPED
from .rollout import Member, RollOut, Status, Step

EVENT_ROLL_OUT: Final = f"{DOMAIN}_roll_out"

ENDED: Final = (Step.DONE, Step.FAILED, Step.SKIPPED)

SHOWN: Final = 20
"""Cameras that a repair names; of the others it says how many."""


@callback
def async_tell(hass: HomeAssistant, roll_out: RollOut, former: RollOut | None) -> None:
    """Tell that a roll-out is otherwise than before, or that a camera has ended it."""
    told, before = summary(roll_out), former and summary(former)
    if former is None or (roll_out.id, roll_out.status) != (former.id, former.status):
        if roll_out.status is Status.STOPPED:
            async_raise_issue(hass, roll_out)
        else:
            ir.async_delete_issue(hass, DOMAIN, ROLL_OUT_STOPPED)
    elif before and all(told[key] == before[key] for key in ENDED):
        return
    hass.bus.async_fire(EVENT_ROLL_OUT, told)


def summary(roll_out: RollOut) -> dict[str, Any]:
    """Return how a roll-out is."""
    return {
        "status": roll_out.status.value,
        "version": roll_out.offer.version,
        **roll_out.counts,
    }


@callback
def async_lacking(hass: HomeAssistant, roll_out: RollOut) -> list[str]:
    """Return in words what the cameras lack that failed, or could not begin."""
    # A repair has one text for all: what is listed in it is not told by its user.
    texts = async_get_cached_translations(
        hass, hass.config.language, "exceptions", DOMAIN
    )
    return [
        _in_words(hass, texts, entry_id, member)
        for entry_id, member in roll_out.members.items()
        if member.why and member.step in (Step.FAILED, Step.LEFT)
    ]


@callback
def async_raise_issue(hass: HomeAssistant, roll_out: RollOut) -> None:
    """Report that it has stopped by itself, and why."""
    lines = async_lacking(hass, roll_out)
    more = [f"… (+{len(lines) - SHOWN})"] if len(lines) > SHOWN else []
    placeholders = {
        "version": roll_out.offer.version,
        "cameras": "\n".join(f"- {line}" for line in lines[:SHOWN] + more),
        "left": str(roll_out.counts[Step.LEFT]),
    }
    ir.async_create_issue(
        hass,
        DOMAIN,
        ROLL_OUT_STOPPED,
        data={**placeholders},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=ROLL_OUT_STOPPED,
        translation_placeholders=placeholders,
    )


def _in_words(
    hass: HomeAssistant, texts: dict[str, str], entry_id: str, member: Member
) -> str:
    """Return what a camera lacks, in words."""
    entry = hass.config_entries.async_get_entry(entry_id)
    text = texts.get(f"component.{DOMAIN}.exceptions.{member.why}.message", "{name}")
    # What it has answered is not known any more after a restart.
    named = defaultdict(lambda: "–", member.details)
    named["name"] = entry.title if entry else "–"
    return text.format_map(named)
