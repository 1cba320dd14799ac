"""However large or odd a message is, it costs no more than it may."""

import json
import time

import pytest

from custom_components.snapcam.protocol import (
    DeviceConfig,
    Request,
    SnapcamMessageError,
    parse_message,
)

HEARTBEAT = {"operate": "heartbeat", "request_id": "1", "timestamp": 1, "sn": "7"}
MIB = 1024 * 1024


def measure(payload: bytes) -> float:
    """Return the processor time that a payload takes to be read or refused."""
    began = time.process_time()
    with pytest.raises(SnapcamMessageError):
        parse_message(payload)
    return time.process_time() - began


@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,", b'"",'])
def test_many_values_are_refused_before_they_are_made(value: bytes) -> None:
    """Sixteen megabytes of lists cost less than one megabyte read as JSON."""
    many = b"[" + value * (15 * MIB // len(value)) + b"0]"
    few = b"[" + value * (MIB // len(value)) + b"0]"
    began = time.process_time()
    json.loads(few)
    assert measure(many) < time.process_time() - began


def test_a_long_text_is_no_burden() -> None:
    """A picture of the largest size is one value."""
    message = HEARTBEAT | {"operate": "upload_snapshot", "data": "A" * (11 * MIB)}
    assert isinstance(parse_message(json.dumps(message)), Request)


def test_a_short_message_may_have_many_values() -> None:
    """What is over at once is not counted."""
    message = parse_message(json.dumps(HEARTBEAT | {"more": [0] * 5000}))
    assert isinstance(message, Request)


def test_an_address_of_megabytes_is_none() -> None:
    """Nobody has typed it, and it would be stored with every change."""
    assert DeviceConfig.from_fields({"upload_addr": "h" * MIB}).upload_addr is None
    address = "http://192.0.2.1/" + "a" * 2000
    assert DeviceConfig.from_fields({"upload_addr": address}).upload_addr == address
