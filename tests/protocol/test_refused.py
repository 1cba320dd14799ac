"""What is no message: it ends as our own error, and is never quoted."""

import json
from traceback import TracebackException
from typing import Any

import pytest

from custom_components.snapcam.protocol import (
    MAX_MESSAGE_BYTES,
    SnapcamMessageError,
    parse_message,
)
from tests.protocol.page import heartbeat, page

SECRET = "s3cr3t"


def told(error: BaseException) -> str:
    """Return what a log would say of an error: all that led to it, but no code."""
    lines = TracebackException.from_exception(error).format(chain=True)
    return "".join(line for line in lines if not line.startswith("  File"))


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
