"""The envelope of every message, and its twelve kinds.

Sections named in the docstrings are those of the vendor's page: I is what a
device sends to the server, II what the server sends to a device.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import partial
import re
from typing import Final

import orjson

from .dialects import Dialect
from .exceptions import SnapcamMessageError
from .loose_json import load_loosely
from .shapes import settle_shapes

MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024
"""No message is longer: a picture of the largest size in base64, and some room."""

MAX_CLOCK_OFFSET: Final = 300
"""Seconds a request's timestamp may be off: five minutes on the vendor's page."""

UNKNOWN_OPERATE: Final = "unknown operate"
"""Why a message is dropped that is none of the protocol's twelve."""

LONG_MESSAGE: Final = 64 * 1024
MAX_LONG_VALUES: Final = 1000
"""A message is long because of one text; ten thousand values would hold up the loop."""

SN_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_MAX_TEXT: Final = 200
_NUMBERS: Final = (int, float)
_RESPONSE_SUFFIX: Final = "_rsp"
_DIGITS: Final = re.compile(r"-?[0-9]{1,19}")

# Seconds are of this size until the year 5138, and so on for each unit.
_UNITS: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
_MAX_TIME: Final = 10**11

_NOTHING: Final[frozenset[Dialect]] = frozenset()

type RequestId = str | int | float
type Fields = Mapping[str, object]


class Operate(StrEnum):
    """What a request asks for; a response is named after its request."""

    HEARTBEAT = "heartbeat"
    UPLOAD_SNAPSHOT = "upload_snapshot"
    GET_DEV_CONFIG = "get_dev_config"
    SET_DEV_CONFIG = "set_dev_config"
    UPGRADE_DEV = "upgrade_dev"
    CONTROL_CMD = "control_cmd"


FROM_DEVICE: Final = frozenset({Operate.HEARTBEAT, Operate.UPLOAD_SNAPSHOT})
"""The requests a device makes (section I); all others are made by the server."""


class Ret(IntEnum):
    """The return codes we answer with; the vendor's page only names 0."""

    OK = 0
    MALFORMED = 1
    TIMESTAMP = 2
    UNKNOWN_CAMERA = 3
    NOT_A_PICTURE = 4
    TOO_LARGE = 5
    NOT_STORED = 6
    WRONG_SN = 7
    INTERNAL = 9

    @property
    def text(self) -> str:
        """Return the `msg` that goes with it: short ASCII English."""
        return _TEXTS[self]


_TEXTS: Final = {
    Ret.OK: "",
    Ret.MALFORMED: "malformed or missing field",
    Ret.TIMESTAMP: "timestamp is more than five minutes off",
    Ret.UNKNOWN_CAMERA: "unknown camera",
    Ret.NOT_A_PICTURE: "not a whole JPEG, PNG or WebP picture in base64",
    Ret.TOO_LARGE: "picture is larger than 8 MiB",
    Ret.NOT_STORED: "could not store the picture",
    Ret.WRONG_SN: "sn does not match the topic or address",
    Ret.INTERNAL: "internal error",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request in either direction."""

    operate: Operate
    request_id: RequestId | None
    """To be echoed; empty when it was missing, None when it was no scalar."""
    sn: str
    timestamp: int | None
    """Unix time in seconds by the sender's clock; None if it cannot be read."""
    fields: Fields = field(default_factory=dict)
    """What the request carries besides the envelope, as it came."""
    tolerated: frozenset[Dialect] = field(default=frozenset(), compare=False)
    """In which ways it strays from the vendor's page."""
    is_bare: bool = False
    """Whether it is only a picture, with no time of its own (HTTP)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """The answer to a request, in either direction; it carries no timestamp."""

    operate: Operate
    """Of the request that is answered."""
    request_id: RequestId | None
    sn: str
    ret: int | None
    """0 is success; None when it was missing or not a number."""
    msg: str = ""
    fields: Fields = field(default_factory=dict)
    tolerated: frozenset[Dialect] = field(default=frozenset(), compare=False)


type Message = Request | Response


def parse_message(payload: bytes | bytearray | str) -> Message:
    """Read a message of either direction (all sections).

    What firmware writes in its own way is tolerated where it has one meaning, see
    `Dialect`. `sn` may be an integer, `request_id` any scalar, `timestamp` and `ret`
    digits in a string. An envelope that names its kind and its camera is returned even
    when other fields are unusable (they are None), so that it can be answered.

    Args:
        payload: The JSON text, at most `MAX_MESSAGE_BYTES` long.

    Returns:
        The request or the response.

    Raises:
        SnapcamNotJsonError: It is not JSON.
        SnapcamMessageError: It is not a JSON object with a known `operate` and
            a valid `sn`. The error's text never quotes the message.
    """
    values, tolerated = _load(payload)
    operate = values.pop("operate", None)
    sn = parse_sn(values.pop("sn", None))
    if not isinstance(request_id := values.pop("request_id", None), str):
        tolerated |= {Dialect.REQUEST_ID}
    request_id = _request_id(request_id)
    if not isinstance(operate, str):
        raise SnapcamMessageError("no operate")
    if (name := operate.removesuffix(_RESPONSE_SUFFIX)) not in _OPERATES:
        raise SnapcamMessageError(UNKNOWN_OPERATE)
    if name == operate:
        timestamp, unit = _timestamp(values.pop("timestamp", None))
        return Request(
            operate=_OPERATES[name],
            request_id=request_id,
            sn=sn,
            timestamp=timestamp,
            fields=values,
            tolerated=tolerated | unit,
        )
    return Response(
        operate=_OPERATES[name],
        request_id=request_id,
        sn=sn,
        ret=parse_integer(values.pop("ret", None)),
        msg=parse_text(values.pop("msg", None)),
        fields=values,
        tolerated=tolerated | settle_shapes(name, values),
    )


def picture_request(
    content: bytes | str | None, fields: Mapping[str, str], *, sn: str
) -> Request:
    """Build the upload_snapshot that a picture outside of JSON stands for (I.2).

    Some firmware posts the bytes themselves, alone or in a form, instead of JSON.

    Args:
        content: The picture or its base64; None for the `data` among the fields.
        fields: The other fields of the form, by the names they have in JSON.
        sn: Of the camera whose address it was posted to, if it names none.

    Raises:
        SnapcamMessageError: It names another kind of message, or no valid `sn`.
    """
    if fields.get("operate", Operate.UPLOAD_SNAPSHOT) != Operate.UPLOAD_SNAPSHOT:
        raise SnapcamMessageError("not an upload_snapshot")
    timestamp, unit = _timestamp(fields.get("timestamp"))
    return Request(
        operate=Operate.UPLOAD_SNAPSHOT,
        request_id=_request_id(fields.get("request_id", "")),
        sn=parse_sn(fields.get("sn", sn)),
        timestamp=timestamp,
        fields={"data": fields.get("data", b"") if content is None else content},
        is_bare="timestamp" not in fields,
        tolerated=unit,
    )


def encode_message(message: Message) -> bytes:
    """Write a message of either direction (all sections).

    Args:
        message: The request or response. A request without timestamp and a
            response without `ret` are written without it.

    Returns:
        The JSON text, UTF-8, in the field order of the vendor's examples.
    """
    request_id = "" if message.request_id is None else message.request_id
    values: dict[str, object] = {"operate": message.operate, "request_id": request_id}
    if isinstance(message, Request):
        if message.timestamp is not None:
            values["timestamp"] = message.timestamp
        values["sn"] = message.sn
    else:
        values["operate"] = message.operate + _RESPONSE_SUFFIX
        values["sn"] = message.sn
        if message.ret is not None:
            values["ret"] = message.ret
        values["msg"] = message.msg
    return orjson.dumps(values | dict(message.fields))


def parse_sn(value: object) -> str:
    """Read a serial number: a string as it is, or an integer.

    Raises:
        SnapcamMessageError: It is something else, or has characters that must
            not reach a topic or a path.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not SN_PATTERN.fullmatch(value):
        raise SnapcamMessageError("no valid sn")
    return value


def same_sn(one: str, other: str) -> bool:
    """Return whether two serial numbers are the same, but for small and large letters."""
    return one == other or one.lower() == other.lower()


def parse_integer(value: object) -> int | None:
    """Read an int64 given as number or digits; None when it is neither."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return None
    return int(value) if -(2**63) <= value < 2**63 else None


def parse_text(value: object) -> str:
    """Read a short text for people: printable, at most 200 characters, else empty."""
    if not isinstance(value, str):
        return ""
    return "".join(filter(str.isprintable, value[:_MAX_TEXT]))


_OPERATES: Final = {operate.value: operate for operate in Operate}


def _request_id(value: object) -> RequestId | None:
    """Read a request id, to be echoed as it came."""
    if isinstance(value, str):
        return value if len(value) <= _MAX_TEXT else None
    if value is None:
        return ""
    return value if isinstance(value, _NUMBERS) else None


def _timestamp(value: object) -> tuple[int | None, frozenset[Dialect]]:
    """Read a time; its size tells whether it is in seconds, milli-, micro-, nano-."""
    number = parse_integer(value)
    if number is None or abs(number) < _MAX_TIME:
        return number, _NOTHING
    unit = next(unit for size, unit in _UNITS if abs(number) >= size)
    return number // unit, frozenset((Dialect.TIME_UNIT,))


def _load(
    payload: bytes | bytearray | str,
) -> tuple[dict[str, object], frozenset[Dialect]]:
    """Decode JSON; the clean case must be the fast one."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise SnapcamMessageError("too long")
    if len(payload) > LONG_MESSAGE and _count_commas(payload) > MAX_LONG_VALUES:
        raise SnapcamMessageError("too many values")
    tolerated = _NOTHING
    try:
        values: object = orjson.loads(payload)
    except orjson.JSONDecodeError:
        values, found = load_loosely(payload)
        tolerated = frozenset(found)
    if not isinstance(values, dict):
        raise SnapcamMessageError("not a JSON object")
    return values, tolerated


def _count_commas(payload: bytes | bytearray | str) -> int:
    """Return how many values there can be, nearly, or that they are too many.

    Base64 has no comma, and is passed over much faster than its letters are counted.
    """
    if isinstance(payload, str):
        find = partial(payload.find, ",")
    else:
        find = partial(payload.find, b",")
    count, at = 0, -1
    while count <= MAX_LONG_VALUES and (at := find(at + 1)) >= 0:
        count += 1
    return count
