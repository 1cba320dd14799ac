"""The envelope: the vendor's page to the letter, tolerance, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
import json
from pathlib import Path
from traceback import TracebackException
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
    SnapcamMessageError,
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

FIXTURES = Path(__file__).parent.parent / "fixtures"
TIMESTAMP = 123456789
SECRET = "s3cr3t"

PICTURE = "/9j/2wD/2Q=="
UPLOADER = "290200001002"


def page(name: str) -> bytes:
    """Return a message as the vendor's page has it."""
    return (FIXTURES / f"{name}.json").read_bytes()


def request(operate: Operate, sn: str = SN, **fields: object) -> Request:
    """Return a request with the envelope of the vendor's page."""
    return Request(
        operate=operate, request_id="xxxxxx", sn=sn, timestamp=TIMESTAMP, fields=fields
    )


def response(operate: Operate, **fields: object) -> Response:
    """Return an answer with the envelope of the vendor's page."""
    return Response(
        operate=operate, request_id="xxxxxx", sn=SN, ret=0, msg="", fields=fields
    )


def heartbeat(**changes: object) -> dict[str, object]:
    """Return the page's heartbeat with changes; None takes a field away."""
    values = json.loads(page("heartbeat")) | changes
    return {key: value for key, value in values.items() if value is not None}


def parse(**changes: object) -> Message:
    """Return what is read from the page's heartbeat with changes."""
    return parse_message(json.dumps(heartbeat(**changes)))


def told(error: BaseException) -> str:
    """Return what a log would say of an error: all that led to it, but no code."""
    lines = TracebackException.from_exception(error).format(chain=True)
    return "".join(line for line in lines if not line.startswith("  File"))


MESSAGES: dict[str, Message] = {
    "heartbeat": request(Operate.HEARTBEAT),
    "heartbeat_rsp": response(Operate.HEARTBEAT),
    "upload_snapshot": request(Operate.UPLOAD_SNAPSHOT, UPLOADER, data=""),
    "upload_snapshot_rsp": response(Operate.UPLOAD_SNAPSHOT),
    "get_dev_config": request(Operate.GET_DEV_CONFIG),
    "get_dev_config_rsp": response(
        Operate.GET_DEV_CONFIG,
        mac="11:22:33",
        upload_type=0,
        upload_addr="http://bd.com/api",
        hb_interval=60,
        run_time=1000,
    ),
    "set_dev_config": request(
        Operate.SET_DEV_CONFIG,
        upload_type=0,
        upload_addr="http://bd.com/api",
        hb_interval=10,
    ),
    "set_dev_config_rsp": response(Operate.SET_DEV_CONFIG),
    "upgrade_dev": request(Operate.UPGRADE_DEV, package_url="http://app.bin"),
    "upgrade_dev_rsp": response(Operate.UPGRADE_DEV),
    "control_cmd_take_snapshot": request(
        Operate.CONTROL_CMD, cmd_data={"type": "take_snapshot"}
    ),
    "control_cmd_io_control": request(
        Operate.CONTROL_CMD, cmd_data={"type": "io_control", "io0": 0, "io1": 1}
    ),
    "control_cmd_rsp": response(Operate.CONTROL_CMD),
    "control_cmd_take_snapshot_rsp": response(
        Operate.CONTROL_CMD, cmd_data={"type": "take_snapshot", "data": PICTURE}
    ),
    "control_cmd_io_control_rsp": response(
        Operate.CONTROL_CMD, cmd_data={"type": "io_control", "data": None}
    ),
}


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
    [[], {}, "x" * 201, SECRET * 10_000],
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


@pytest.mark.parametrize(
    "changes",
    [
        {"sn": None},
        {"sn": True},
        {"sn": 1.5},
        {"sn": 10**30},
        {"sn": -1},
        {"sn": ["1"]},
        {"sn": {}},
        {"sn": ""},
        {"sn": "x" * 65},
        {"sn": f".{SECRET}"},
        {"sn": f"-{SECRET}"},
        {"sn": f"../{SECRET}"},
        {"sn": f"{SECRET}/up"},
        {"sn": f"{SECRET}\\up"},
        {"sn": f"{SECRET}\n"},
        {"sn": f"{SECRET} "},
        {"sn": f"{SECRET}\0"},
        {"sn": f"{SECRET}+"},
        {"sn": f"{SECRET}#"},
        {"sn": f"{SECRET}é"},
        {"sn": f"{SECRET}٣"},
        {"sn": "{sn}"},
        {"operate": None},
        {"operate": ""},
        {"operate": "_rsp"},
        {"operate": SECRET},
        {"operate": "Heartbeat"},
        {"operate": "heartbeat "},
        {"operate": "heartbeat_rsp_rsp"},
        {"operate": 1},
        {"operate": True},
        {"operate": [SECRET]},
        {"operate": {SECRET: 1}},
    ],
    ids=lambda changes: ascii(changes)[:40],
)
def test_refused_envelope(changes: dict[str, Any]) -> None:
    """Without its kind and a camera a message is nobody's, and not quoted.

    An SN becomes a part of topics and paths, so nothing that means more there.
    """
    payload = json.dumps(heartbeat(**changes, data=SECRET))
    with pytest.raises(SnapcamMessageError) as caught:
        parse_message(payload)
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param("", id="empty text"),
        pytest.param(b" \0\n", id="only padding"),
        pytest.param(SECRET.encode(), id="no JSON"),
        pytest.param(f'{{"operate": "{SECRET}'.encode(), id="cut off"),
        pytest.param(page("heartbeat") * 2, id="two objects"),
        pytest.param(f'["{SECRET}"]'.encode(), id="array"),
        pytest.param(f'"{SECRET}"'.encode(), id="string"),
        pytest.param(b"1234567", id="number"),
        pytest.param(b"null", id="null"),
        pytest.param(f'{{"sn": "{SECRET}\xff"}}'.encode("latin-1"), id="not UTF-8"),
        pytest.param(f"{SECRET}\ud800", id="lone surrogate"),
        pytest.param(f'{{"sn": "{SECRET}\\ud800"}}', id="escaped lone surrogate"),
        pytest.param(json.dumps(heartbeat()).encode("utf-16"), id="UTF-16"),
        pytest.param(f'{{"sn": "{SECRET}", "x": 1e400}}', id="infinite"),
        pytest.param(f'{{"sn": "{SECRET}", "x": NaN}}', id="NaN"),
        pytest.param(b"[" * 100_000 + SECRET.encode(), id="deep arrays"),
        pytest.param(b'{"a":' * 100_000 + SECRET.encode(), id="deep objects"),
        pytest.param(page("heartbeat").ljust(MAX_MESSAGE_BYTES + 1), id="too long"),
    ],
)
def test_refused_payload(payload: bytes | str) -> None:
    """What is no JSON object ends as our own error, which never quotes it.

    The MQTT callback relies on there being no other exception, and a picture or
    an address must not get into a log by way of an error.
    """
    with pytest.raises(SnapcamMessageError) as caught:
        parse_message(payload)
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("sn", ["0", "7", "A", "x" * 64, "a.b_c-D", 0, 2**63])
def test_valid_sn(sn: str | int) -> None:
    """An SN is compared as it is, up to 64 characters."""
    assert parse_sn(sn) == str(sn)
