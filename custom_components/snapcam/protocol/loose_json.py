"""JSON as C programs write it: a second reading of what the strict one has refused."""

import json
import math
import re
from typing import Final

import orjson

from .dialects import Dialect
from .exceptions import SnapcamNotJsonError

_PADDING: Final = b"\0 \t\r\n"
_MARK: Final = b"\xef\xbb\xbf"
_ODD_NUMBER: Final = re.compile(r"[-+]?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_MAX_DIGITS: Final = 20
_PIECE: Final = 4096

MAX_REPAIRS: Final = 16
"""So many places may be wrong; each costs another reading."""


def load_loosely(payload: bytes | bytearray | str) -> tuple[object, set[Dialect]]:
    """Read JSON that is not quite JSON.

    Returns:
        What it says, and what had to be tolerated. It has no number that the strict
        reader would not return, and no text with half of a surrogate pair.

    Raises:
        SnapcamNotJsonError: Even so it is none.
    """
    found: set[Dialect] = set()
    if isinstance(payload, str):
        payload = payload.encode(errors="surrogatepass")
    content = bytes(payload.lstrip(_PADDING + _MARK))
    start = len(payload) - len(content)
    if len(content := content.rstrip(_PADDING)) < len(payload):
        found.add(Dialect.PADDING)
    message, nul, _ = content.partition(b"\0")
    if nul:
        found.add(Dialect.BEHIND_THE_END)
    text, encoding = _decode(message, found)
    try:
        return orjson.loads(text), found
    except orjson.JSONDecodeError:
        pass
    try:
        return _whole(_load(text, found), found), found
    except json.JSONDecodeError as err:
        place = start + len(text[: err.pos].encode(encoding))
        raise SnapcamNotJsonError(place) from err
    except RecursionError as err:
        raise SnapcamNotJsonError(start) from err


def _decode(content: bytes, found: set[Dialect]) -> tuple[str, str]:
    """Return text in the first encoding that fits, and which; Latin-1 fits anything."""
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError as err:
        beginning = content[: err.start].decode()
    if _is_complete(beginning):
        found.add(Dialect.BEHIND_THE_END)
        return beginning, "utf-8"
    try:
        text = beginning + _decode_gb18030(content[len(beginning) :])
    except UnicodeDecodeError:
        found.add(Dialect.LATIN_1)
        return content.decode("latin-1"), "latin-1"
    found.add(Dialect.GB18030)
    return text, "gb18030"


def _decode_gb18030(content: bytes) -> str:
    """Decode what ends with a long picture, for which this decoder is slow."""
    end = len(content)
    while end > _PIECE and content[end - _PIECE : end].isascii():
        end -= _PIECE
    # The second byte of a character may look like ASCII.
    end = min(end + 1, len(content))
    return content[:end].decode("gb18030") + content[end:].decode("ascii")


def _is_complete(text: str) -> bool:
    """Return whether a text is a message already, and what follows it is not of it."""
    try:
        _load(text, set())
    except json.JSONDecodeError, RecursionError:
        return False
    return True


def _load(text: str, found: set[Dialect]) -> object:
    """Read a text, from its beginning to where it is complete."""

    def odd(_name: str) -> None:
        found.add(Dialect.ODD_NUMBERS)

    def fraction(digits: str) -> float | None:
        if math.isfinite(number := float(digits)):
            return number
        found.add(Dialect.ODD_NUMBERS)
        return None

    lenient, strict = (
        json.JSONDecoder(
            parse_int=_integer, parse_float=fraction, parse_constant=odd, strict=strict
        )
        for strict in (False, True)
    )
    for _ in range(MAX_REPAIRS):
        try:
            value, end = lenient.raw_decode(text)
            break
        except json.JSONDecodeError as err:
            text = _repair(text, err, found)
    else:
        value, end = lenient.raw_decode(text)
    if behind := text[end:].strip():
        if behind.startswith("{"):
            raise json.JSONDecodeError("another message", text, end)
        found.add(Dialect.BEHIND_THE_END)
    try:
        strict.raw_decode(text)
    except json.JSONDecodeError:
        found.add(Dialect.CONTROL_CHARACTERS)
    return value


def _repair(text: str, error: json.JSONDecodeError, found: set[Dialect]) -> str:
    """Return a text of the same length without what a reader has stumbled over.

    Raises:
        JSONDecodeError: The same one, if it is nothing of a kind that is tolerated.
    """
    place = error.pos
    if error.msg.startswith("Illegal trailing comma"):
        found.add(Dialect.TRAILING_COMMAS)
        return f"{text[:place]} {text[place + 1 :]}"
    if (number := _ODD_NUMBER.match(text, place)) is not None:
        return text[:place] + "NaN".rjust(len(number[0])) + text[number.end() :]
    raise error


def _integer(digits: str) -> int | float | None:
    """Return a number as the strict reader does: a long one as a fraction."""
    number = int(digits) if len(digits) <= _MAX_DIGITS else math.inf
    if -(2**63) <= number < 2**64:
        return number
    return number if math.isfinite(number := float(digits)) else None


def _whole(value: object, found: set[Dialect]) -> object:
    """Return a value without halves of characters, which nobody could be answered."""
    match value:
        case str() if not value.isascii() and _HALVES.search(value):
            found.add(Dialect.SURROGATES)
            return _HALVES.sub("\ufffd", value)
        case list():
            return [_whole(item, found) for item in value]
        case dict():
            return {
                _whole(key, found): _whole(item, found) for key, item in value.items()
            }
    return value
