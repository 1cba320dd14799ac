"""The examples of the documentation, run as people run them."""

import argparse
from collections.abc import AsyncGenerator
from http import HTTPStatus
import json
import os
from pathlib import Path
import re
import subprocess
import sys
import time
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant import const
from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from yarl import URL

from custom_components.snapcam import sensor
from custom_components.snapcam.const import FIRMWARE_URL, UPLOAD_URL
from custom_components.snapcam.protocol import (
    FROM_DEVICE,
    encode_message,
    parse_message,
)

from .broker import Broker
from .common import JPEG, call, pass_time, state
from .const import (
    BUTTON,
    CAMERA,
    HB_INTERVAL,
    INTERNAL_URL,
    IO1,
    OTHER_SN,
    SN,
    TOPICS,
    UP,
    UPDATE,
)
from .docs import PROTOCOLS, READMES, ROOT, blocks, read
from .simulator import SimulatedCamera
from .simulator.workbench import Bench

# What the cameras of the examples are called.
NAMES = {"en": ("Front gate", "Workshop"), "zh-Hans": ("前门", "车间")}

PHONE = ("notify", "mobile_app_phone")
MOTION = "binary_sensor.gate_motion"
OPEN = "input_button.open_the_gate"

# The camera that people play, and the simulated one they run beside it.
PLAYED, BESIDE = "200000000009", "200000000008"

STAND_IN = f"""#!{sys.executable}
import json, os, sys

stdin = sys.stdin.read() if "-s" in sys.argv else None
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([*sys.argv, stdin]) + "\\n")
"""

type Message = dict[str, Any]


@pytest.fixture(params=READMES)
def language(request: pytest.FixtureRequest) -> str:
    """Return a language that a page is in."""
    found: str = request.param
    return found


@pytest.fixture
async def cameras(
    hass: HomeAssistant, broker: Broker, language: str
) -> AsyncGenerator[tuple[SimulatedCamera, SimulatedCamera]]:
    """Return the cameras of the examples, which are online."""
    hass.config.language = language
    found = (SimulatedCamera(sn=SN), SimulatedCamera(sn=OTHER_SN))
    for camera, name in zip(found, NAMES[language], strict=True):
        broker.connect(camera)
        entry = MockConfigEntry(
            domain="snapcam",
            unique_id=camera.sn,
            title=name,
            data={"sn": camera.sn, **TOPICS},
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await camera.send_heartbeat()
        await broker.settle()
        camera.received.clear()
    yield found
    if hass.states.async_all("automation"):
        await call(hass, "automation.turn_off", "all")


def examples(language: str, key: str) -> list[dict[str, Any]]:
    """Return the examples of a kind, which have this key."""
    found = (block.yaml for block in blocks(READMES[language], "yaml"))
    return [example for example in found if key in example]


async def automate(hass: HomeAssistant, language: str, number: int) -> None:
    """Set up an automation of the README."""
    automations = examples(language, "triggers")
    assert len(automations) == 3
    config = {"automation": automations[number]}
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    (automation,) = hass.states.async_all("automation")
    assert automation.state == "on"


def content(hass: HomeAssistant, url: str) -> bytes:
    """Return the picture that a notification shows."""
    media = Path(hass.config.media_dirs["local"])
    return (media / url.removeprefix("/media/local/")).read_bytes()


async def test_who_is_at_the_gate(
    hass: HomeAssistant,
    broker: Broker,
    cameras: tuple[SimulatedCamera, SimulatedCamera],
    language: str,
) -> None:
    """Motion sends a new picture to the phone."""
    notified = async_mock_service(hass, *PHONE)
    hass.states.async_set(MOTION, "off")
    await automate(hass, language, 0)
    hass.states.async_set(MOTION, "on")
    await broker.settle()

    (message,) = notified
    assert message.data["message"]
    assert content(hass, message.data["data"]["image"]) == cameras[0].last_picture
    assert [x["operate"] for x in cameras[0].received] == ["control_cmd"]


async def test_forward_what_the_gate_sees(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    cameras: tuple[SimulatedCamera, SimulatedCamera],
    language: str,
) -> None:
    """A picture is sent on as long as the other camera is online."""
    notified = async_mock_service(hass, *PHONE)
    gate, workshop = cameras
    await automate(hass, language, 1)
    await gate.send_snapshot()
    await broker.settle()
    (message,) = notified
    assert content(hass, message.data["data"]["image"]) == gate.last_picture

    broker.disconnect(workshop)
    for _ in range(4):
        await gate.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)
    await gate.send_snapshot()
    await broker.settle()
    assert len(notified) == 1


async def test_open_the_gate(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    cameras: tuple[SimulatedCamera, SimulatedCamera],
    language: str,
) -> None:
    """A press of the button opens the gate for a second."""
    hass.states.async_set(OPEN, "2026-11-25T08:00:00+00:00")
    await automate(hass, language, 2)
    hass.states.async_set(OPEN, "2026-11-26T08:00:00+00:00")
    await broker.settle()
    assert cameras[0].io0 == 1
    await pass_time(hass, broker, freezer, 2)

    assert cameras[0].io0 == 0


def found_in(node: Any, key: str) -> list[Any]:
    """Return the values of a key, wherever it is in an example."""
    if isinstance(node, list):
        return [value for item in node for value in found_in(item, key)]
    if not isinstance(node, dict):
        return []
    return [
        found
        for name, value in node.items()
        for found in ([value] if name == key else found_in(value, key))
    ]


async def test_dashboards(
    hass: HomeAssistant,
    broker: Broker,
    cameras: tuple[SimulatedCamera, SimulatedCamera],
    language: str,
) -> None:
    """Each entity of a card is there, and a tap takes a picture."""
    cards = examples(language, "type")
    assert len(cards) == 2
    for card in cards:
        entities = [*found_in(card, "entity"), *found_in(card, "entity_id")]
        assert [x for x in entities if hass.states.get(x) is None] == []
        (tap,) = found_in(card, "tap_action")
        assert tap["action"] == "perform-action"
        cameras[0].received.clear()
        await call(hass, tap["perform_action"], **tap["target"])
        assert [x["operate"] for x in cameras[0].received] == ["control_cmd"]


def test_recorder() -> None:
    """What is left out of the database is left out in a way it knows."""
    (block,) = blocks("docs/scaling.md", "yaml")
    config = RECORDER_SCHEMA(block.yaml)
    assert config["recorder"]["exclude"]["domains"] == ["camera", "image"]


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


@pytest.fixture
def calls(tmp_path: Path, language: str) -> list[list[str]]:
    """Run the commands of the protocol's page, with stand-ins for other programs."""
    bin_, log = tmp_path / "bin", tmp_path / "calls"
    bin_.mkdir()
    for name in ("curl", "mosquitto_pub", "mosquitto_sub"):
        (bin_ / name).write_text(STAND_IN)
        (bin_ / name).chmod(0o755)
    (tmp_path / "picture.jpg").write_bytes(JPEG)
    for block in blocks(PROTOCOLS[language], "sh"):
        if not block.text.startswith("script/"):
            subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block.text],
                cwd=tmp_path,
                env={"PATH": f"{bin_}:{os.environ['PATH']}", "CALLS": str(log)},
                check=True,
            )
    found = [json.loads(line) for line in log.read_text().splitlines()]
    return [[Path(name).name, *arguments] for name, *arguments in found]


def published(calls: list[list[str]]) -> list[tuple[str, str]]:
    """Return what is published by commands: topics and messages."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for option in ("-h", "-t", "-m"):
        parser.add_argument(option)
    for option in ("-p", "-q"):
        parser.add_argument(option, type=int)
    parser.add_argument("-s", action="store_true")
    found = []
    for name, *arguments, stdin in calls:
        if name == "mosquitto_pub":
            given = parser.parse_args(arguments)
            assert given.h == "127.0.0.1"
            found.append((given.t, stdin if given.s else given.m))
    return found


async def test_play_a_camera(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, calls: list[list[str]]
) -> None:
    """Who plays a camera as the page says is discovered, and gets a picture stored."""
    up = TOPICS["up"].format(sn=PLAYED)
    heartbeat, picture = (text for topic, text in published(calls) if topic == up)
    broker.send(heartbeat, up)
    await broker.settle()
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["unique_id"] for flow in flows] == [PLAYED]

    played = MockConfigEntry(
        domain="snapcam", unique_id=PLAYED, data={"sn": PLAYED, **TOPICS}
    )
    played.add_to_hass(hass)
    assert await hass.config_entries.async_setup(played.entry_id)
    broker.send(picture, up)
    await broker.settle()
    (answer,) = broker.messages("upload_snapshot_rsp")
    assert answer["ret"] == 0
    folder = Path(hass.config.media_dirs["local"], "snapcam", PLAYED)
    assert [path.read_bytes() for path in folder.glob("*/*")] == [JPEG]


async def test_play_home_assistant(calls: list[list[str]]) -> None:
    """Who asks the simulated camera as the page says gets what was asked for."""
    camera, answers = SimulatedCamera(sn=BESIDE), []

    async def publish(payload: bytes, /, *, retain: bool) -> None:
        answers.append(json.loads(payload))

    camera.publish = publish
    camera.strict_clock = True
    down = TOPICS["down"].format(sn=BESIDE)
    asked = [text for topic, text in published(calls) if topic == down]
    for text in asked:
        await camera.handle(text.encode())

    assert [answer["ret"] for answer in answers] == [0, 0, 0]
    assert answers[1]["cmd_data"]["data"]
    assert (camera.io0, camera.io1) == (1, 0)


async def test_listen(calls: list[list[str]]) -> None:
    """Who listens as the page says hears all cameras."""
    (listening,) = (x for x in calls if x[0] == "mosquitto_sub")
    assert listening[listening.index("-t") + 1] == "snapcam/#"


async def test_post_a_picture(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    entry: MockConfigEntry,
    calls: list[list[str]],
    tmp_path: Path,
) -> None:
    """A picture arrives in each of the three ways to post one."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for option in ("--json", "--form", "--header", "--data-binary"):
        parser.add_argument(option)
    parser.add_argument("address")
    posted = 0
    for name, *arguments, _ in calls:
        if name != "curl":
            continue
        given = parser.parse_args(arguments)
        path = URL(given.address).path.replace("SECRET", entry.data["token"])
        file = (given.json or given.form or given.data_binary).partition("@")[2]
        body: Any = (tmp_path / file).read_bytes()
        headers = {"Content-Type": "application/json"}
        if given.form:
            part = given.form.partition("=")[0]
            (body := FormData()).add_field(part, tmp_path.joinpath(file).open("rb"))
            headers = {}
        elif given.header:
            headers = dict([given.header.split(": ")])
        response = await http.post(path, data=body, headers=headers)
        assert response.status == HTTPStatus.OK
        assert (await response.json())["ret"] == 0
        posted += 1
    assert posted == 3
    assert state(hass, "image.gate_snapshot") != "unknown"


async def test_add_an_entity(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """The entity that is added as an example tells what it should."""
    (block,) = blocks("CONTRIBUTING.md", "python")
    description = eval(block.text, {**vars(const), **vars(sensor)})
    example = sensor.SnapcamSensor(entry.runtime_data, description)
    assert example.native_value is None
    await online.send_snapshot()
    await broker.settle()

    assert example.native_value == len(online.last_picture or b"")
    assert example.unique_id == f"{SN}_snapshot_size"
    check_texts(description.translation_key)


def check_texts(key: str) -> None:
    """Check that the texts of the example are where such texts are."""
    for block, path in zip(
        blocks("CONTRIBUTING.md", "json"),
        ("translations/en.json", "icons.json"),
        strict=True,
    ):
        node = json.loads((ROOT / "custom_components/snapcam" / path).read_text())
        example = json.loads(block.text)
        for name in ("entity", "sensor"):
            ((found, example),) = example.items()
            assert found == name
            node = node[name]
        assert example.keys() == {key}
        assert example[key].keys() == node["last_boot"].keys()
