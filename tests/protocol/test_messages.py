"""The envelope: the vendor's page to the letter, and tolerance."""

from collections.abc import Callable
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.snapcam.protocol import (
    FROM_DEVICE,
    MAX_MESSAGE_BYTES,
    DeviceConfig,
    Fields,
    Message,
    Operate,
    Request,
    Response,
    Ret,
    UploadType,
    encode_message,
    io_control_command,
    parse_message,
    parse_sn,
    set_config_command,
    take_snapshot_command,
    upgrade_command,
)
from tests.const import SN
from tests.protocol.page import FIXTURES, MESSAGES, heartbeat, page, parse, request


def test_every_message_of_the_page_is_tested() -> None:
    """Each fixture has its row: none is forgotten when the page grows."""
    assert {file.stem for file in FIXTURES.glob("*.json")} == set(MESSAGES)


@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_message_of_the_page(name: str, message: Message) -> None:
    """The page's examples are read to the right values and written as they were.

    The page is the contract, so the order of the fields is kept as well.
    """
    assert parse_message(page(name)) == message
    written = json.loads(encode_message(message))
    assert list(written.items()) == list(json.loads(page(name)).items())


@pytest.mark.parametrize(
    ("name", "operate", "fields", "changes"),
    [
        ("heartbeat", Operate.HEARTBEAT, {}, {}),
        ("get_dev_config", Operate.GET_DEV_CONFIG, {}, {}),
        pytest.param(
            "set_dev_config",
            Operate.SET_DEV_CONFIG,
            set_config_command(
                DeviceConfig(
                    upload_type=UploadType.HTTP,
                    upload_addr="http://bd.com/api",
                    hb_interval=60,
                )
            ),
            # The page's own 10 is outside the page's own range: never sent.
            {"hb_interval": 60},
            id="set_dev_config",
        ),
        (
            "upgrade_dev",
            Operate.UPGRADE_DEV,
            upgrade_command("http://app.bin"),
            {},
        ),
        (
            "control_cmd_take_snapshot",
            Operate.CONTROL_CMD,
            take_snapshot_command(),
            {},
        ),
        (
            "control_cmd_io_control",
            Operate.CONTROL_CMD,
            io_control_command(io0=False, io1=True),
            {},
        ),
    ],
)
def test_built_request_has_the_form_of_the_page(
    name: str, operate: Operate, fields: Fields, changes: dict[str, Any]
) -> None:
    """What our builders make is what the page shows: cameras were built for that.

    Lines are compared as text, since JSON's true would be equal to the page's 1.
    """
    written = json.loads(encode_message(replace(request(operate), fields=fields)))
    assert json.dumps(written) == json.dumps(json.loads(page(name)) | changes)


def test_direction() -> None:
    """Only heartbeats and snapshots come from a device: the echo guard rests on it."""
    assert set(FROM_DEVICE) == {Operate.HEARTBEAT, Operate.UPLOAD_SNAPSHOT}


@pytest.mark.parametrize("ret", Ret)
def test_ret_has_a_text(ret: Ret) -> None:
    """An answer's msg is short ASCII English, for it ends up in a camera's log."""
    assert ret.text.isascii()
    assert len(ret.text) < 60
    assert bool(ret.text) == (ret is not Ret.OK)


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"request_id": 17}, {"request_id": 17}),
        ({"request_id": "17"}, {"request_id": "17"}),
        ({"request_id": 0}, {"request_id": 0}),
        ({"request_id": -1}, {"request_id": -1}),
        ({"request_id": 2**64 - 1}, {"request_id": 2**64 - 1}),
        ({"request_id": ""}, {"request_id": ""}),
        ({"request_id": None}, {"request_id": ""}),
        ({"request_id": True}, {"request_id": True}),
        ({"request_id": 1.5}, {"request_id": 1.5}),
        ({"request_id": 1.23e15}, {"request_id": 1.23e15}),
        ({"request_id": "é" * 200}, {"request_id": "é" * 200}),
        ({"sn": 200000000001}, {"sn": "200000000001"}),
        ({"sn": "007"}, {"sn": "007"}),
        ({"timestamp": 123.9}, {"timestamp": 123}),
        ({"timestamp": "123"}, {"timestamp": 123}),
        ({"timestamp": "-5"}, {"timestamp": -5}),
        ({"timestamp": 0}, {"timestamp": 0}),
        ({"timestamp": 10**11 - 1}, {"timestamp": 10**11 - 1}),
        ({"timestamp": 10**11}, {"timestamp": 10**8}),
        ({"timestamp": 1732700000123}, {"timestamp": 1732700000}),
        ({"timestamp": 1732700000123456}, {"timestamp": 1732700000}),
        ({"timestamp": "1732700000123456789"}, {"timestamp": 1732700000}),
        ({"timestamp": str(-(2**63))}, {"timestamp": -9223372037}),
    ],
    ids=repr,
)
def test_tolerated_value(changes: dict[str, Any], written: dict[str, Any]) -> None:
    """Firmware writes numbers as text and text as numbers.

    A request id is echoed as it came, so that the camera finds it again.
    """
    answered = json.loads(encode_message(parse(**changes)))
    assert answered == heartbeat(**written)
    assert type(answered["request_id"]) is type(heartbeat(**written)["request_id"])


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        [],
        {},
        "",
        "soon",
        "12.5",
        " 12",
        "12\n",
        "+12",
        "١٢",
        "9" * 20,
        10**30,
        -(10**30),
        2**63,
        2**64 - 1,
        str(2**63),
        str(-(2**63) - 1),
    ],
    ids=repr,
)
def test_unusable_integer(value: object) -> None:
    """What is not an int64 is None, and is written again without a fault.

    Of a camera that is allowed a wrong clock the timestamp sets the clock of our
    own requests, so a larger number must not get past the parser.
    """
    message = parse(timestamp=value)
    assert isinstance(message, Request)
    assert message.timestamp is None
    assert "timestamp" not in json.loads(encode_message(message))

    message = parse(operate="heartbeat_rsp", ret=value)
    assert isinstance(message, Response)
    assert message.ret is None
    assert "ret" not in json.loads(encode_message(message))


@pytest.mark.parametrize(
    "value",
    [[], {}, "x" * 201, "long" * 10_000],
    ids=lambda value: repr(value)[:20],
)
def test_unusable_request_id(value: object) -> None:
    """A request id of a wrong type or size is None, and answered with an empty one."""
    message = parse(request_id=value)
    assert message.request_id is None
    assert json.loads(encode_message(message))["request_id"] == ""


@pytest.mark.parametrize(
    ("msg", "text"),
    [
        ("door open", "door open"),
        ("不行", "不行"),
        ("two\nlines\x1b[31m", "twolines[31m"),
        ("x" * 300, "x" * 200),
        (17, ""),
        (None, ""),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_answer_of_a_camera(msg: object, text: str) -> None:
    """A camera's msg is for people and logs: short, printable; ret may be digits."""
    message = parse(operate="control_cmd_rsp", timestamp=None, ret="7", msg=msg)
    assert message == Response(
        operate=Operate.CONTROL_CMD, request_id="xxxxxx", sn=SN, ret=7, msg=text
    )


@pytest.mark.parametrize("form", [bytes, bytearray, bytes.decode])
@pytest.mark.parametrize(
    "around",
    ["{}", "\ufeff{}", "{}\0", "{}\0\0\r\n", " \r\n\t{}\n ", "\ufeff {}\0 \0\n"],
    ids=ascii,
)
def test_padding(around: str, form: Callable[[bytes], bytes | bytearray | str]) -> None:
    """A byte order mark and a C string's end around the JSON are passed over."""
    text = around.replace("{}", json.dumps(heartbeat()))
    assert parse_message(form(text.encode())) == MESSAGES["heartbeat"]


def test_longest_message() -> None:
    """The limit is inclusive."""
    payload = page("heartbeat").ljust(MAX_MESSAGE_BYTES)
    assert parse_message(payload) == MESSAGES["heartbeat"]


@pytest.mark.parametrize("sn", ["0", "7", "A", "x" * 64, "a.b_c-D", 0, 2**63])
def test_valid_sn(sn: str | int) -> None:
    """An SN is compared as it is, up to 64 characters."""
    assert parse_sn(sn) == str(sn)
