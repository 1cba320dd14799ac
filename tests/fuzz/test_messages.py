"""What the parser makes of any message."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
import json
from typing import Any

from homeassistant.util import dt as dt_util
from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.snapcam.models import SnapcamData
from custom_components.snapcam.protocol import (
    DeviceConfig,
    Message,
    Request,
    SnapcamNotJsonError,
    encode_message,
    parse_message,
    set_config_command,
)
from custom_components.snapcam.protocol.loose_json import load_loosely
from custom_components.snapcam.stored import Stored

from .checks import BOM, check_message
from .seeds import messages
from .strategies import TIME, configurations, odd_messages, requests, responses

DIALECTS: list[Callable[[bytes], bytes]] = [
    lambda text: text[:-1] + b",}",
    lambda text: text[:-1] + b" , \n}",
    lambda text: text[:-1] + b',"x":nan}',
    lambda text: text[:-1] + b',"x":[-inf,1e400,]}',
    lambda text: text[:-1] + b',"x":"\t\n"}',
    lambda text: text + b"\0rest of a buffer \xff\xfe\0",
    lambda text: text + b' rest"}',
    lambda text: text + b" \xff\xfe",
]
PADDING = st.text("\0 \t\r\n", max_size=8).map(str.encode)


@given(st.binary() | st.text().map(str.encode) | odd_messages())
def test_any_message(payload: bytes) -> None:
    """Whatever comes is read or refused; nothing else is raised.

    What is read can be answered, and means the same with padding around it.
    """
    check_message(payload)


@pytest.mark.parametrize("payload", messages())
def test_message_of_the_page(payload: bytes) -> None:
    """The properties hold for the page's messages, or they would be empty."""
    parse_message(payload)
    check_message(payload)


@given(requests | responses)
def test_round_trip(message: Message) -> None:
    """What we write is what we would read."""
    assert parse_message(encode_message(message)) == message


@given(requests | responses, st.sampled_from([b"", BOM]), PADDING, PADDING)
def test_harmless_dressing(
    message: Message, mark: bytes, before: bytes, after: bytes
) -> None:
    """What firmware puts around a message does not change it."""
    payload = mark + before + encode_message(message) + after
    assert parse_message(payload) == message
    assert parse_message(bytearray(payload)) == message


@given(
    requests | responses,
    st.randoms(use_true_random=False),
    st.booleans(),
    st.none() | st.integers(0, 8),
)
def test_same_json(
    message: Message, random: Any, ascii_only: bool, indent: int | None
) -> None:
    """Neither the order of the fields nor the layout counts."""
    items = list(json.loads(encode_message(message)).items())
    random.shuffle(items)
    text = json.dumps(dict(items), ensure_ascii=ascii_only, indent=indent)
    assert parse_message(text) == message


@given(requests, st.integers(0, 2**64 - 1), TIME, st.sampled_from([int, str]))
def test_numbers_and_texts(
    message: Request, sn: int, timestamp: int, write: Callable[[int], object]
) -> None:
    """A number may be written as a text, and the other way round."""
    values = json.loads(encode_message(message))
    payload = json.dumps(values | {"sn": write(sn), "timestamp": write(timestamp)})
    expected = replace(message, sn=str(sn), timestamp=timestamp)
    assert parse_message(payload) == expected


@given(odd_messages())
def test_loose_reader(payload: bytes) -> None:
    """What the tolerant reader accepts, the strict one reads alike or refuses."""
    with suppress(SnapcamNotJsonError):
        value, _ = load_loosely(payload)
        with suppress(orjson.JSONDecodeError):
            assert orjson.dumps(value) == orjson.dumps(orjson.loads(payload))


@given(requests | responses, st.sampled_from(DIALECTS))
def test_dialects(message: Message, dialect: Callable[[bytes], bytes]) -> None:
    """In whichever dialect it is written, a message means the same."""
    read = parse_message(dialect(encode_message(message)))
    fields = {name: value for name, value in read.fields.items() if name != "x"}
    assert replace(read, fields=fields) == message
    assert read.tolerated


@given(configurations())
def test_any_configuration(fields: dict[str, object]) -> None:
    """Whatever a camera says of itself can be shown, saved, and loaded again."""
    config = DeviceConfig.from_fields(fields)
    data = SnapcamData().with_config(config, dt_util.utcnow())
    stored = orjson.loads(_saved(data))
    assert SnapcamData.from_stored(Stored(stored)) == data


@given(configurations())
def test_configuration_round_trip(fields: dict[str, object]) -> None:
    """What is set is what the camera would tell, of what a server may set."""
    config = DeviceConfig.from_fields(fields)
    command = set_config_command(config)
    assert set_config_command(DeviceConfig.from_fields(command)) == command
    orjson.dumps(command)


def _saved(data: SnapcamData) -> bytes:
    """Return the state as Home Assistant writes it."""
    return orjson.dumps(data.as_stored(None, None))
