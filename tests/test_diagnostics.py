"""What is told to those who are to help."""

from base64 import b64encode, encodebytes
import json
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .broker import Broker
from .common import JPEG, call, heartbeat, upload
from .const import BUTTON, DELIVERY, IO0, OTHER_SN, SN, UP
from .link.common import set_up
from .simulator import SimulatedCamera


@pytest.fixture(autouse=True)
async def diagnostics(freezer: FrozenDateTimeFactory, hass: HomeAssistant) -> None:
    """Set up what serves diagnostics, before the web server is in use."""
    assert await async_setup_component(hass, "diagnostics", {})


async def test_messages(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    online: SimulatedCamera,
) -> None:
    """Each message counts, by what it was answered; the last ones are listed."""
    broker.send(upload(JPEG[:-2]), UP)
    await broker.settle()
    online.faults.ret = 77
    with pytest.raises(Exception, match="refused"):
        await call(hass, "switch.turn_on", IO0)
    broker.send(heartbeat(sn=OTHER_SN), UP)
    broker.send("nonsense", UP)
    broker.send(heartbeat(), UP, retain=True)
    await broker.settle()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert diagnostics["messages"]["counts"] == {
        "camera: control_cmd_rsp other": 1,
        "camera: get_dev_config_rsp 0": 1,
        "camera: heartbeat": 1,
        "camera: upload_snapshot": 1,
        "home_assistant: control_cmd": 1,
        "home_assistant: get_dev_config": 1,
        "home_assistant: heartbeat_rsp 0": 1,
        "home_assistant: upload_snapshot_rsp 4": 1,
    }
    assert diagnostics["dropped_of_all_cameras"] == {
        "not JSON": 1,
        "retained": 1,
        "sn does not match the topic or address": 1,
    }
    refused = diagnostics["messages"]["envelopes"][-1]
    assert (refused["message"], refused["ret"]) == ("control_cmd_rsp", 77)
    picture = diagnostics["messages"]["envelopes"][-4]
    assert (picture["message"], picture["fields"]) == ("upload_snapshot", ["data"])


async def test_dialects(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
    entry: MockConfigEntry,
    online: SimulatedCamera,
) -> None:
    """What is tolerated is counted by kind for each camera, and logged once."""
    caplog.set_level(logging.INFO)
    for _ in range(3):
        broker.send(json.dumps(heartbeat())[:-1] + ",}", UP)
    broker.send(json.dumps(heartbeat(request_id=1.23e15)) + "\0\xff", UP)
    await broker.settle()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    replies = broker.messages("heartbeat_rsp")
    assert [answer["ret"] for answer in replies] == [0] * 4
    assert replies[-1]["request_id"] == 1.23e15
    assert diagnostics["messages"]["tolerated"] == {
        "trailing commas": 3,
        "something behind the closing brace": 1,
        "request_id missing or not a string": 1,
    }
    assert caplog.text.count("is understood in spite of") == 3


# Each letter that may be lost or changed is in it.
PLAIN = b64encode(JPEG + b"." + bytes.fromhex("fbefbefffefff8")).decode()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f"data:image/jpeg;base64,{PLAIN}", "base64 as a data URI"),
        (encodebytes(JPEG * 9).decode().strip(), "base64 in lines"),
        (PLAIN.replace("+", "-").replace("/", "_"), "base64 in the URL-safe alphabet"),
        (PLAIN.rstrip("="), "base64 without its padding"),
        (PLAIN.replace("+", " "), "base64 with a space where a plus was"),
        (f"{PLAIN}\r\n", "white space around base64"),
        (f" {PLAIN}", "white space around base64"),
    ],
)
async def test_dialects_of_base64(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
    entry: MockConfigEntry,
    online: SimulatedCamera,
    data: str,
    kind: str,
) -> None:
    """What is odd about the base64 of a picture is counted and logged as well."""
    caplog.set_level(logging.INFO)
    for number in range(2):
        broker.send(upload(data=data, request_id=str(number)), UP)
        await broker.settle()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert [x["ret"] for x in broker.messages("upload_snapshot_rsp")] == [0, 0]
    assert diagnostics["messages"]["tolerated"] == {kind: 2}
    assert caplog.text.count(f"is understood in spite of: {kind}") == 1


async def test_no_more_than_twenty(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    online: SimulatedCamera,
) -> None:
    """A camera that runs for years does not fill the memory."""
    for number in range(30):
        broker.send(heartbeat(request_id=number, **{"x" * number: number}), UP)
    await broker.settle()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert len(diagnostics["messages"]["envelopes"]) == 20
    assert diagnostics["messages"]["counts"]["camera: heartbeat"] == 31


async def test_nothing_private(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    posting: SimulatedCamera,
) -> None:
    """No number, address, token or picture can be told from it."""
    await posting.send_heartbeat()
    await broker.settle()
    await call(hass, "select.select_option", DELIVERY, option="http_home_assistant")
    await call(hass, "button.press", BUTTON)
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    text = json.dumps(diagnostics)
    assert diagnostics["messages"]["counts"]["camera: upload_snapshot"] == 2
    assert diagnostics["sn_begins"] == SN[:4]
    for private in (SN, entry.data["token"], posting.config.mac, "192.168", "/9j/"):
        assert private not in text


async def test_nothing_private_in_repairs(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    camera: SimulatedCamera,
) -> None:
    """Home Assistant adds which repairs there are to the file that is downloaded."""
    camera.faults.clock_offset = 4000
    await camera.send_heartbeat()
    await broker.settle()
    client = await hass_client()
    response = await client.get(f"/api/diagnostics/config_entry/{entry.entry_id}")
    text = await response.text()

    assert [issue["domain"] for issue in json.loads(text)["issues"]] == ["snapcam"]
    assert SN not in text


async def test_topics(
    hass: HomeAssistant, broker: Broker, hass_client: ClientSessionGenerator
) -> None:
    """Topics are shown as they are set; only a serial number in them is not."""
    entry = MockConfigEntry(
        domain="snapcam",
        unique_id="Cam1",
        data={"sn": "Cam1", "up": "site/{sn}/up", "down": "site/cam-CAM1/down"},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    data = diagnostics["entry"]["data"]
    assert data["up"] == "site/{sn}/up"
    assert data["down"] == "site/cam-**REDACTED**/down"
    assert data["sn"] == "**REDACTED**"


async def test_system_health(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """All cameras are counted, and what is kept of them."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    broker.send(upload(), UP)
    await broker.settle()
    silent = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        data={"sn": OTHER_SN, "up": "up", "down": "down"},
    )
    silent.add_to_hass(hass)
    assert await hass.config_entries.async_setup(silent.entry_id)

    assert await get_system_health_info(hass, "snapcam") == {
        "cameras": 2,
        "cameras_online": 1,
        "broker_connected": True,
        "unreadable_messages": 0,
        "pictures_kept": 1,
    }


async def test_system_health_of_unreadable_messages(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, online: SimulatedCamera
) -> None:
    """It tells which camera sends what cannot be read, and why."""
    assert await async_setup_component(hass, "system_health", {})
    await set_up(hass, OTHER_SN)
    await hass.async_block_till_done()
    for message in ("nonsense", "more nonsense", "[]"):
        broker.send(message, UP)
    broker.send("[]", f"snapcam/{OTHER_SN}/up")

    info = await get_system_health_info(hass, "snapcam")
    assert info["unreadable_messages"] == (
        "Gate: not JSON (2), not a JSON object (1); 200000000002: not a JSON object (1)"
    )


async def test_system_health_without_a_camera(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is told as well when nothing is set up any more."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await hass.config_entries.async_remove(entry.entry_id)

    assert await get_system_health_info(hass, "snapcam") == {
        "cameras": 0,
        "cameras_online": 0,
        "broker_connected": False,
        "unreadable_messages": 0,
        "pictures_kept": 0,
    }
