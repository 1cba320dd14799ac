"""The second reading: what firmware writes in its own way, and its one meaning."""

from base64 import encodebytes
import json
from typing import Any

import pytest

from custom_components.snapcam.protocol import (
    DeviceConfig,
    Dialect,
    Request,
    Response,
    SnapcamMessageError,
    SnapcamNotJsonError,
    encode_message,
    parse_message,
    snapshot_data,
)
from tests.const import SN

HEARTBEAT = (
    f'{{"operate":"heartbeat","request_id":"1","timestamp":1795680000,"sn":"{SN}"}}'
)
ANSWER = f'{{"operate":"get_dev_config_rsp","request_id":"1","sn":"{SN}","ret":0'


def answered(**fields: Any) -> Response:
    """Return an answer to get_dev_config, as it is read."""
    return response("get_dev_config_rsp", **fields)


def response(operate: str, **fields: Any) -> Response:
    """Return an answer, as it is read."""
    values = {"operate": operate, "request_id": "1", "sn": SN, "ret": 0, "msg": ""}
    message = parse_message(json.dumps(values | fields))
    assert isinstance(message, Response)
    return message


def test_clean() -> None:
    """What is as on the page needs no tolerance."""
    assert parse_message(HEARTBEAT).tolerated == frozenset()


@pytest.mark.parametrize(
    ("payload", "dialect"),
    [
        (HEARTBEAT[:-1] + ",}", Dialect.TRAILING_COMMAS),
        (HEARTBEAT[:-1] + ',"x":[1,],}', Dialect.TRAILING_COMMAS),
        (HEARTBEAT[:-1] + ',"x":nan}', Dialect.ODD_NUMBERS),
        (HEARTBEAT[:-1] + ',"x":-Infinity}', Dialect.ODD_NUMBERS),
        (HEARTBEAT[:-1] + ',"x":1e999}', Dialect.ODD_NUMBERS),
        (HEARTBEAT[:-1] + ',"x":"a\tb"}', Dialect.CONTROL_CHARACTERS),
        (HEARTBEAT[:-1] + ',"x":"\\ud800"}', Dialect.SURROGATES),
        (HEARTBEAT + "}", Dialect.BEHIND_THE_END),
        (HEARTBEAT + "\0heartbeat", Dialect.BEHIND_THE_END),
        (HEARTBEAT.encode() + b"\0\xff\x81", Dialect.BEHIND_THE_END),
        (HEARTBEAT.encode() + b"\xff\x81", Dialect.BEHIND_THE_END),
        (HEARTBEAT + "\0\0", Dialect.PADDING),
        (HEARTBEAT.replace('"request_id":"1",', ""), Dialect.REQUEST_ID),
        (HEARTBEAT.replace('"request_id":"1"', '"request_id":2'), Dialect.REQUEST_ID),
        (HEARTBEAT.replace("1795680000", "1795680000123"), Dialect.TIME_UNIT),
    ],
    ids=ascii,
)
def test_kind(payload: str | bytes, dialect: Dialect) -> None:
    """It is read, and the camera can be told by what it does."""
    message = parse_message(payload)
    assert isinstance(message, Request)
    assert message.timestamp == 1795680000
    assert message.tolerated == {dialect}


@pytest.mark.parametrize(
    ("encoding", "msg", "tolerated"),
    [
        ("utf-8", "成功", set()),
        ("gb18030", "成功", {Dialect.GB18030}),
        ("gb18030", "誠乗", {Dialect.GB18030}),
        ("latin-1", "ça a marché", {Dialect.LATIN_1}),
    ],
)
def test_encodings(encoding: str, msg: str, tolerated: set[Dialect]) -> None:
    """The first encoding that fits; the second byte of a character may be a backslash."""
    payload = f'{ANSWER},"msg":"{msg}","x":"{"y" * 9000}"}}'.encode(encoding)
    message = parse_message(payload)
    assert isinstance(message, Response)
    assert message.msg == msg
    assert message.tolerated == tolerated


def test_second_byte_is_a_backslash() -> None:
    """The case above is one, or it would prove nothing."""
    assert b"\\" in "誠乗".encode("gb18030")


def test_lines_within_base64() -> None:
    """The likeliest of all: a library has broken the lines, and nobody escaped them."""
    data = encodebytes(bytes(200)).decode()
    message = parse_message(HEARTBEAT[:-1] + f',"data":"{data}"}}')
    assert message.fields["data"] == data
    assert message.tolerated == {Dialect.CONTROL_CHARACTERS}


def test_half_a_character_is_never_answered() -> None:
    """A text with half of a surrogate pair could not be sent."""
    payload = HEARTBEAT.replace('"1"', '"\\ud800 \\ud83d\\ude00"')
    assert "\ufffd 😀" in encode_message(parse_message(payload)).decode()


@pytest.mark.parametrize(
    ("payload", "byte"),
    [
        (b"hello", 0),
        (b'{"a": 1, b: 2}', 9),
        ('\ufeff{"a": "é" 1}'.encode(), 14),
        ('{"a": "成", 1}'.encode("gbk"), 12),
        (b'{"a":[1,],"b":,}', 14),
        (b'{"a":[,],"b":1}', 6),
        (b'{"a":1}{"a":2}', 7),
        (b'{"a":01}', 6),
        (b'{"a":' + b"[" * 100_000, 0),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_place(payload: bytes, byte: int) -> None:
    """What cannot be read is told by its place, for whoever writes the firmware."""
    with pytest.raises(SnapcamNotJsonError) as caught:
        parse_message(payload)
    assert caught.value.byte == byte


def test_many_places() -> None:
    """A message that is wrong in thousands of places is not repaired for hours."""
    with pytest.raises(SnapcamMessageError):
        parse_message(HEARTBEAT[:-1] + ',"x":[' + "[1,]," * 5000 + "]}")


@pytest.mark.parametrize(
    ("fields", "data", "tolerated"),
    [
        ({"cmd_data": {"type": "take_snapshot", "data": "/9j/"}}, "/9j/", set()),
        (
            {"cmd_data": '{"type":"take_snapshot","data":"/9j/"}'},
            "/9j/",
            {Dialect.COMMAND_AS_TEXT},
        ),
        ({"cmd_data": '{"data":"/9j/",}'}, "/9j/", {Dialect.COMMAND_AS_TEXT}),
        ({"cmd_data": "nonsense"}, None, {Dialect.COMMAND_AS_TEXT}),
        ({"cmd_data": "[" * 9999}, None, {Dialect.COMMAND_AS_TEXT}),
        (
            {"cmd_data": {"type": "take_snapshot"}, "data": "/9j/"},
            "/9j/",
            {Dialect.PICTURE_BESIDE},
        ),
        ({"data": "/9j/"}, "/9j/", {Dialect.PICTURE_BESIDE}),
        ({"cmd_data": {"type": "io_control"}, "data": "/9j/"}, None, set()),
        ({"cmd_data": {"data": "/9j/"}, "data": "other"}, "/9j/", set()),
        ({"cmd_data": {}, "data": {"jpeg": "/9j/"}}, None, set()),
        ({"cmd_data": [1], "data": "/9j/"}, None, set()),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_picture_of_an_answer(
    fields: dict[str, Any], data: str | None, tolerated: set[Dialect]
) -> None:
    """The picture is found where there is one meaning."""
    message = response("control_cmd_rsp", **fields)
    assert snapshot_data(message) == data
    assert message.tolerated == tolerated


@pytest.mark.parametrize(
    ("run_time", "seconds"),
    [
        (86400, 86400),
        (4 * 365 * 86400, 4 * 365 * 86400),
        (987654321000, 987654321),
        ("987654321000", 987654321),
        (1e12, 10**9),
        (None, None),
        ("long", None),
        ([], None),
    ],
)
def test_run_time(run_time: object, seconds: int | None) -> None:
    """No camera runs for thirty years: those are milliseconds."""
    assert DeviceConfig.from_fields(answered(run_time=run_time).fields).run_time == (
        seconds
    )
