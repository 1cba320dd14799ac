"""The messages on the page of the protocol, sent and answered."""

import json
from pathlib import Path
import re
import time
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.snapcam.const import FIRMWARE_URL, UPLOAD_URL
from custom_components.snapcam.protocol import (
    FROM_DEVICE,
    encode_message,
    parse_message,
)

from ..broker import Broker
from ..common import JPEG, call
from ..const import BUTTON, CAMERA, HB_INTERVAL, INTERNAL_URL, IO1, UP, UPDATE
from ..docs import PROTOCOLS, blocks, read
from ..simulator import SimulatedCamera
from ..simulator.workbench import Bench

type Message = dict[str, Any]


def messages(page: str) -> list[Message]:
    """Return the messages of a page: each request, and the answer to it."""
    found: list[Message] = [json.loads(x.text) for x in blocks(page, "json")]
    return found


PAIRS = [
    pytest.param(request, answer, id=f"{request['operate']}-{request['request_id']}")
    for found in (messages(PROTOCOLS["en"]),)
    for request, answer in zip(found[::2], found[1::2], strict=True)
]
BY_CAMERA = [pair for pair in PAIRS if pair.values[0]["operate"] in FROM_DEVICE]
BY_HOME = [pair for pair in PAIRS if pair not in BY_CAMERA]


def shape(message: Any, key: str = "") -> Any:
    """Return what is alike in two messages of a kind: order, names, types."""
    if isinstance(message, dict):
        return [(name, shape(value, name)) for name, value in message.items()]
    if key in {"operate", "type", "sn", "msg", "ret"}:
        return message
    if key == "data" and message:
        return "picture"
    return type(message)


@pytest.mark.parametrize(
    "message", [x for pair in PAIRS for x in pair.values], ids=lambda x: x["operate"]
)
def test_message_is_whole(message: Message) -> None:
    """Each message is read, and written again the same."""
    written = json.loads(encode_message(parse_message(json.dumps(message))))
    assert [*written.items()] == [*message.items()]


@pytest.mark.parametrize(("request_", "answer"), PAIRS)
def test_answer_fits(request_: Message, answer: Message) -> None:
    """An answer is one to the request before it."""
    assert answer["operate"] == f"{request_['operate']}_rsp"
    assert answer["request_id"] == request_["request_id"]


@pytest.mark.parametrize(("request_", "answer"), BY_CAMERA)
async def test_what_a_camera_sends(
    broker: Broker, online: SimulatedCamera, request_: Message, answer: Message
) -> None:
    """Home Assistant answers a camera as the page says."""
    broker.send(request_ | {"timestamp": int(time.time())}, UP)
    await broker.settle()

    assert broker.messages(answer["operate"]) == [answer]


@pytest.mark.parametrize(("request_", "answer"), BY_CAMERA)
async def test_the_simulated_camera_sends_the_same(
    request_: Message, answer: Message
) -> None:
    """So does the simulated camera, of its own accord."""
    bench = Bench()
    bench.camera.picture = JPEG
    await bench.camera.send_heartbeat()
    await bench.camera.send_snapshot()
    assert shape(request_) in map(shape, bench.messages)


@pytest.mark.parametrize(("request_", "answer"), BY_HOME)
async def test_what_a_camera_answers(request_: Message, answer: Message) -> None:
    """The simulated camera answers Home Assistant as the page says."""
    bench = Bench(time=request_["timestamp"])
    bench.camera.strict_clock = True
    bench.camera.picture = JPEG
    await bench.camera.handle(json.dumps(request_).encode())
    assert shape(bench.messages[0]) == shape(answer)


async def test_what_home_assistant_sends(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    media: Path,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Home Assistant sends what the page says, all of that, and nothing else."""
    hass.config.allowlist_external_dirs = {str(media)}
    (package := media / "firmware-1.4.2.bin").write_bytes(b"firmware")
    await call(hass, "number.set_value", HB_INTERVAL, value=30)
    await call(hass, "button.press", BUTTON)
    await call(hass, "switch.turn_on", IO1)
    offer = {"version": "1.4.2", "filename": str(package)}
    await call(hass, "snapcam.offer_firmware", CAMERA, **offer)
    installing = hass.async_create_task(call(hass, "update.install", UPDATE))
    await broker.settle()
    # What is installed is still waited for.
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await installing
    sent = [published.message for published in broker.published]
    told = [pair.values[0] for pair in BY_HOME]

    assert {repr(shape(x)) for x in sent} == {repr(shape(x)) for x in told}
    for message in (*sent, *told):
        assert re.fullmatch(r"[0-9a-f]{16}", message["request_id"])


def test_addresses() -> None:
    """The addresses are where Home Assistant serves."""
    (package,) = (
        x["package_url"] for x in messages(PROTOCOLS["en"]) if "package_url" in x
    )
    path = FIRMWARE_URL.format(token="SECRET", filename="firmware-1.4.2.bin")
    assert URL(package).path == path
    for page in PROTOCOLS.values():
        (address,) = re.findall(r"ADDRESS='(.*)'", read(page))
        assert URL(address) == URL(INTERNAL_URL + UPLOAD_URL.format(token="SECRET"))
