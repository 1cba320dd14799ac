"""The examples of the manual and of other pages, run as people run them."""

import asyncio
from collections.abc import AsyncGenerator
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
from homeassistant import const
from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.snapcam import sensor

from ..broker import Broker
from ..common import call, pass_time
from ..const import OTHER_SN, SN, TOPICS
from ..docs import ROOT, blocks, manual
from ..simulator import SimulatedCamera

# What the cameras of the examples are called.
NAMES = {"en": ("Front gate", "Workshop"), "zh-Hans": ("前门", "车间")}


PHONE = ("notify", "mobile_app_phone")


MOTION = "binary_sensor.gate_motion"


OPEN = "input_button.open_the_gate"


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
    found = (b.yaml for page in manual(language) for b in blocks(page, "yaml"))
    return [example for example in found if key in example]


async def automate(hass: HomeAssistant, language: str, number: int) -> None:
    """Set up an automation of the manual."""
    automations = examples(language, "triggers")
    assert len(automations) == 4
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


@pytest.mark.usefixtures("socket_enabled")
async def test_send_the_pictures_of_the_gate_to_a_server(
    hass: HomeAssistant,
    broker: Broker,
    cameras: tuple[SimulatedCamera, SimulatedCamera],
    language: str,
) -> None:
    """The server gets the very file; only its address and the folder are of the test."""
    received = asyncio.get_running_loop().create_future()

    async def take(request: web.Request) -> web.Response:
        received.set_result((request.method, request.path, await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    async with TestServer(app) as server:
        (example,) = examples(language, "shell_command")
        command = example["shell_command"]["send_picture"]
        folder = hass.config.media_dirs["local"]
        command = command.replace(
            "http://192.168.1.20:8080/", str(server.make_url("/"))
        )
        command = command.replace("{{ file }}", f"{folder}{{{{ file[6:] }}}}")
        config = {"shell_command": {"send_picture": command}}
        assert await async_setup_component(hass, "shell_command", config)
        await automate(hass, language, 3)
        await cameras[0].send_snapshot()
        await broker.settle()
        sent = await received
    assert sent == ("PUT", "/gate.jpg", cameras[0].last_picture)


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
    """Each entity of a card is there, and a tap takes a picture or opens the panel."""
    cards = examples(language, "type")
    assert len(cards) == 2
    for card in cards:
        entities = [*found_in(card, "entity"), *found_in(card, "entity_id")]
        assert [x for x in entities if hass.states.get(x) is None] == []
        *rest, tap = found_in(card, "tap_action")
        paths = [other["navigation_path"] for other in rest]
        assert paths in ([], [f"/snapcam/{SN}"])
        assert tap["action"] == "perform-action"
        cameras[0].received.clear()
        await call(hass, tap["perform_action"], **tap["target"])
        assert [x["operate"] for x in cameras[0].received] == ["control_cmd"]


def test_recorder() -> None:
    """What is left out of the database is left out in a way it knows."""
    (block,) = blocks("docs/scaling.md", "yaml")
    config = RECORDER_SCHEMA(block.yaml)
    assert config["recorder"]["exclude"]["domains"] == ["camera", "image"]


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
