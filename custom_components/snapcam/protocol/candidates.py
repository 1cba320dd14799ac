"""Where a camera may listen, told from where it speaks: the page names no topics."""

import re
from typing import Final

from .topics import SN_PLACEHOLDER, TopicTemplate

MAX_CANDIDATES: Final = 12
"""Each is asked for some seconds, one after the other."""

_PAIRS: Final = (
    ("up", "down"),
    ("pub", "sub"),
    ("tx", "rx"),
    ("post", "get"),
    ("publish", "subscribe"),
    ("report", "command"),
    ("from", "to"),
    ("device", "server"),
)
_COUNTERPARTS: Final = dict(_PAIRS) | {there: here for here, there in _PAIRS}
_APPENDED: Final = ("down", "set", "cmd")
_WORD: Final = re.compile(r"[A-Za-z]+")


def listening_candidates(up: TopicTemplate) -> tuple[TopicTemplate, ...]:
    """Return where a camera may listen, the likeliest first.

    Args:
        up: The topic it speaks on.

    Returns:
        At most `MAX_CANDIDATES` topics, none of which could be its own.
    """
    levels = up.template.split("/")
    swapped = _swapped(levels)
    appended = [[*levels, word] for word in _APPENDED]
    replaced = [[*levels[:-1], word] for word in _APPENDED]
    if up.owns_topics:
        # Each camera hears what is for the others, too, and goes by the serial number.
        shared = [[x for x in found if x != SN_PLACEHOLDER] for found in swapped]
        found = [*swapped, *appended]
        found += replaced if levels[-1] != SN_PLACEHOLDER else []
        found += shared
    else:
        own = [[*found, SN_PLACEHOLDER] for found in swapped]
        found = [*swapped, *own, *appended, *replaced]
    templates = dict.fromkeys(TopicTemplate("/".join(x)) for x in found)
    others = [x for x in templates if x.template and not x.overlaps(up)]
    return tuple(others[:MAX_CANDIDATES])


def _swapped(levels: list[str]) -> list[list[str]]:
    """Return a topic with words for a direction turned round: the last, any, all."""
    turned = [_counterpart(level) for level in levels]
    places = [i for i, level in enumerate(levels) if turned[i] != level]
    del places[:-MAX_CANDIDATES]
    single = [[*levels[:i], turned[i], *levels[i + 1 :]] for i in reversed(places)]
    return [*single, turned] if len(places) > 1 else single


def _counterpart(level: str) -> str:
    """Return a level of a topic with the words in it for a direction turned round."""
    return level if level == SN_PLACEHOLDER else _WORD.sub(_turn, level)


def _turn(word: re.Match[str]) -> str:
    """Return the word for the other direction, in the same case; else the word."""
    text = word.group()
    other = _COUNTERPARTS.get(text.lower())
    if other is None:
        return text
    if text.isupper():
        return other.upper()
    return other.capitalize() if text[0].isupper() else other
