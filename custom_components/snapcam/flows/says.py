"""What a camera and Home Assistant have said last, in words."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..link.journal import CAMERA, Envelope, Journal
from ..protocol import MAX_CLOCK_OFFSET, Ret

SHOWN_KINDS: Final = 10


async def async_put_in_words(hass: HomeAssistant, journal: Journal) -> dict[str, str]:
    """Return the last messages of a camera, and what was odd, as lists for a form.

    There is nothing secret in it: of what a message carries the names alone.
    """
    # A form has one text for all: what is listed in it is not told by its user.
    texts = await async_get_translations(
        hass, hass.config.language, "selector", [DOMAIN]
    )
    prefix = f"component.{DOMAIN}.selector.journal.options."
    words = {key.removeprefix(prefix): text for key, text in texts.items()}
    lines = [_line(envelope, words) for envelope in reversed(journal.envelopes)]
    return {
        "messages": "\n".join(lines) or words["nothing"],
        "unreadable": _counted(journal.unreadable),
        "tolerated": _counted(journal.tolerated),
    }


def _line(envelope: Envelope, words: Mapping[str, str]) -> str:
    """Return a message in words."""
    at = dt_util.as_local(dt_util.utc_from_timestamp(envelope.at))
    said = [words[envelope.kind.message], *_notes(envelope, words)]
    said += [" ".join(map(_as_code, envelope.fields))] * bool(envelope.fields)
    return f"- `{at:%Y-%m-%d %H:%M:%S}` {words[envelope.kind.by]} {' · '.join(said)}"


def _notes(envelope: Envelope, words: Mapping[str, str]) -> list[str]:
    """Return what there is to say of a message besides its name."""
    notes = []
    kind, timestamp = envelope.kind, envelope.timestamp
    if kind.is_response:
        key = "accepted" if kind.ret == Ret.OK else "refused"
        notes.append(words[key].format(ret=kind.ret))
    elif timestamp is None:
        notes.append(words["no_time"])
    elif kind.by == CAMERA and abs(timestamp - envelope.at) > MAX_CLOCK_OFFSET:
        seconds = f"{timestamp - envelope.at:+.0f}"
        notes.append(words["wrong_clock"].format(seconds=seconds))
    if not envelope.own_sn:
        notes.append(words["other_sn"])
    return notes


def _counted(counts: Counter[str]) -> str:
    """Return the most frequent things, and how often there were."""
    lines = [
        f"- {_as_code(what)} × {count}"
        for what, count in counts.most_common(SHOWN_KINDS)
    ]
    return "\n".join(lines) or "–"


def _as_code(text: str) -> str:
    """Return a text of the camera's as one that cannot be taken for anything else."""
    return f"`{text.replace('`', "'")}`"
