"""A list of cameras as people have it: from a spreadsheet, typed, or exported."""

from collections import Counter
from collections.abc import Iterable
import csv
from dataclasses import dataclass
from enum import StrEnum
import io
import re
from typing import Final

from ..protocol import SnapcamMessageError, parse_sn

MAX_LINES: Final = 2000

DELIMITERS: Final = ",;\t，；"
"""What may be between two fields; the last two are those of a Chinese keyboard."""

MAX_FIELDS: Final = 3
MAX_TEXT: Final = 255
MAX_LINE: Final = 1000
FIRST_CHARACTERS: Final = 100
"""In which a serial number ends."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_FIRST_DELIMITER: Final = re.compile(rf'(?:"[^"]*"|[^{DELIMITERS}"])*([{DELIMITERS}])')
_DIGIT: Final = re.compile(r"\d")
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_FORMULA: Final = re.compile(r'="(.*)"')
"""How a spreadsheet is kept from taking a serial number for a number."""


class LineError(StrEnum):
    """Why a line is no camera."""

    INVALID_SN = "invalid_sn"
    TWICE = "twice"
    """An earlier line has the same serial number."""
    NOT_READABLE = "not_readable"
    """The characters were lost on the way, as with a file of another encoding."""
    QUOTES = "quotes"
    """A quote is opened and not closed."""
    TOO_MANY_FIELDS = "too_many_fields"
    TOO_LONG = "too_long"


@dataclass(frozen=True, kw_only=True)
class ListedCamera:
    """A line that is a camera."""

    sn: str
    name: str = ""
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class WrongLine:
    """A line that is none."""

    number: int
    """Counted from 1, with heading and empty lines."""
    error: LineError


@dataclass(frozen=True, kw_only=True)
class CameraList:
    """What a list says."""

    cameras: tuple[ListedCamera, ...] = ()
    wrong: tuple[WrongLine, ...] = ()
    is_too_long: bool = False
    """Whether there are more lines than are taken at once: then none is."""


def parse_camera_list(text: str) -> CameraList:
    """Read a list: one camera a line, `SN[, name[, area]]`, with a heading or without.

    Args:
        text: The list as it was pasted; what is between the fields is told from it.
    """
    lines = [
        (number, line)
        for number, line in enumerate(_LINE_END.split(text.lstrip("\ufeff")), 1)
        if line.strip(f" {DELIMITERS}")
    ]
    if len(lines) > MAX_LINES + 1:
        return CameraList(is_too_long=True)
    delimiter = _delimiter(line for _, line in lines)
    rows = [(number, _fields(line, delimiter)) for number, line in lines]
    if _has_heading([fields for _, fields in rows]):
        del rows[0]
    if len(rows) > MAX_LINES:
        return CameraList(is_too_long=True)
    cameras: dict[str, ListedCamera] = {}
    wrong = []
    for number, fields in rows:
        match _camera(fields):
            case ListedCamera(sn=sn) as camera if sn not in cameras:
                cameras[sn] = camera
            case ListedCamera():
                wrong.append(WrongLine(number=number, error=LineError.TWICE))
            case error:
                wrong.append(WrongLine(number=number, error=error))
    return CameraList(cameras=tuple(cameras.values()), wrong=tuple(wrong))


def write_camera_list(cameras: Iterable[ListedCamera]) -> str:
    """Return a list that can be pasted, one camera a line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((camera.sn, camera.name, camera.area) for camera in cameras)
    return text.getvalue()


def _delimiter(lines: Iterable[str]) -> str:
    """Return what most lines have after their first field."""
    found = Counter(
        match[1]
        for line in lines
        if (match := _FIRST_DELIMITER.match(line[:FIRST_CHARACTERS]))
    )
    return max(found, key=found.__getitem__, default=",")


def _fields(line: str, delimiter: str) -> list[str] | LineError:
    """Return the fields of a line, or why it has none.

    Each line is read by itself: else one open quote would hide all that follow.
    """
    if len(line) > MAX_LINE:
        return LineError.TOO_LONG
    reader = csv.reader(
        [line.strip(" ")], delimiter=delimiter, skipinitialspace=True, strict=True
    )
    try:
        fields = [_plain(field) for field in next(reader)]
    except csv.Error:
        return LineError.QUOTES
    while fields and not fields[-1]:
        fields.pop()
    return fields


def _plain(field: str) -> str:
    """Return a field without what a spreadsheet puts around it."""
    text = " ".join(field.split())
    formula = _FORMULA.fullmatch(text)
    return formula[1] if formula else text


def _has_heading(rows: list[list[str] | LineError]) -> bool:
    """Return whether the first line names the columns: it alone has no digit."""
    with_digit = [isinstance(x, list) and bool(_DIGIT.search(x[0])) for x in rows]
    return any(with_digit) and not with_digit[0]


def _camera(fields: list[str] | LineError) -> ListedCamera | LineError:
    """Return the camera of a line, or why it is none."""
    if isinstance(fields, LineError):
        return fields
    try:
        sn = parse_sn(fields[0])
    except SnapcamMessageError:
        return LineError.INVALID_SN
    if len(fields) > MAX_FIELDS:
        return LineError.TOO_MANY_FIELDS
    texts = fields[1:]
    if any(_LOST in text or not text.isprintable() for text in texts):
        return LineError.NOT_READABLE
    if any(len(text) > MAX_TEXT for text in texts):
        return LineError.TOO_LONG
    name, area = (*texts, "", "")[:2]
    return ListedCamera(sn=sn, name=name, area=area)
