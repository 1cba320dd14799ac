"""Base64 as other programs write it, and as forms and gateways leave it."""

import re
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

import pybase64

from .dialects import Dialect
from .exceptions import SnapcamPictureError

_WHITESPACE: Final = " \t\r\n\v\f"
_BREAK: Final = re.compile(r"[\r\n]+")
_STANDARD: Final = str.maketrans("-_", "+/")

# The letters that have no bits beyond the last byte of a text without padding, by how
# many are left of four: a text that ends with another one goes on.
_ALPHABET: Final = ascii_uppercase + ascii_lowercase + digits + "+/"
_LAST_LETTERS: Final = ("", "", _ALPHABET[::16], _ALPHABET[::4])

TELLING_BREAKS: Final = 8
"""So many lines of one length are no accident."""


def decode_loosely(data: str) -> tuple[bytes, frozenset[Dialect]]:
    """Decode base64 that is not plain: each text has one reading, or is refused.

    A data URI's prefix, white space around, even lines, the URL-safe alphabet and
    missing padding are tolerated. A space within is a `+` that got lost on its way
    through a form, unless it is where lines of even length break.

    Returns:
        The bytes, and what had to be tolerated.

    Raises:
        SnapcamPictureError: It is not base64, or could be read in two ways.
    """
    found: set[Dialect] = set()
    text = data.lstrip(_WHITESPACE)
    if text[:5].lower() == "data:":
        found.add(Dialect.DATA_URI)
        text = text.partition(",")[2].lstrip(_WHITESPACE)
    elif len(text) != len(data):
        found.add(Dialect.WHITE_SPACE)
    whole, text = text, _restore_end(text)
    if len(text) != len(whole):
        found.add(Dialect.WHITE_SPACE)
    if "-" in text or "_" in text:
        found.add(Dialect.URL_SAFE)
        text = text.translate(_STANDARD)
    lines, text = text, _without_breaks(text)
    spaced, text = text, _without_spaces(text)
    if len(text) != len(lines):
        found.add(Dialect.BASE64_LINES)
    elif text != spaced:
        found.add(Dialect.LOST_PLUS)
    bare, text = text, _padded(text)
    if len(text) != len(bare):
        found.add(Dialect.NO_PADDING)
    try:
        return pybase64.b64decode(text, validate=True), frozenset(found)
    except ValueError as err:
        raise SnapcamPictureError("not base64") from err


def _padded(text: str) -> str:
    """Give a text the padding that belongs to its length; one copy less if it has it."""
    if len(text) % 4 == 0 and not text.endswith("==="):
        return text
    text = text.rstrip("=")
    return text + "=" * (-len(text) % 4)


def _restore_end(data: str) -> str:
    """Take away the white space behind a text, unless it is what got lost of it."""
    text = data.rstrip(_WHITESPACE)
    if text.endswith("="):
        return text
    behind = data[len(text) :]
    spaces = len(behind) - len(behind.lstrip(" "))
    letters = len(text) - text.count("\r") - text.count("\n")
    if not 0 < spaces < 4 or letters % 4 == 0 or (letters + spaces) % 4:
        return text
    if "+" in text or "-" in text:
        return text
    if text[-1] in _LAST_LETTERS[letters % 4]:
        raise SnapcamPictureError("base64 that could be read in two ways")
    return text + " " * spaces


def _without_breaks(text: str) -> str:
    """Join lines; where they are not even, more was lost than the end of a line."""
    # The expression looks at each letter of a text that has none.
    if "\n" not in text and "\r" not in text:
        return text
    if (first := _BREAK.search(text)) is None:
        return text
    if not _breaks_evenly(text, first.group()):
        raise SnapcamPictureError("not base64")
    return text.replace(first.group(), "")


def _without_spaces(text: str) -> str:
    """Read each space within a text as the plus or the line break that it was."""
    if " " not in text:
        return text
    even = _breaks_evenly(text, " ")
    broken = even and text.index(" ") % 4 == 0
    if (broken and text.count(" ") >= TELLING_BREAKS) or "+" in text:
        lost = False
    elif text.endswith("="):
        lost = len(text) % 4 == 0
    else:
        lost = len(text) % 4 != 1
        # Some program may break lines there, and leave the padding out.
        broken = broken or (even and (len(text) - text.count(" ")) % 4 != 1)
    if broken and lost:
        raise SnapcamPictureError("base64 that could be read in two ways")
    if not broken and not lost:
        raise SnapcamPictureError("not base64")
    return text.replace(" ", "" if broken else "+")


def _breaks_evenly(text: str, line_break: str) -> bool:
    """Return whether all lines are equally long, and the last one is not longer."""
    length, count = text.index(line_break), text.count(line_break)
    step = length + len(line_break)
    return (
        0 < len(text) - count * step <= length
        and all(text.count(x) == count * line_break.count(x) for x in line_break)
        and text[length::step].count(line_break[0]) == count
    )
