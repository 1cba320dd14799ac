"""What is heard on any topic, and what is not."""

from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MqttMockPahoClient

from ..broker import Broker
from ..common import heartbeat, upload
from ..const import OTHER_SN, SN
from .common import cameras, listen, listened, progress, start, step

CONFIG = {"operate": "get_dev_config_rsp", "request_id": "1", "sn": SN, "ret": 0}


async def test_what_is_heard_is_listed(hass: HomeAssistant, broker: Broker) -> None:
    """Every message of a camera counts; none of a server does, nor those of others."""
    result = await listen(hass)
    broker.send({"state": "ON"}, "lamp/state")
    broker.send("21.5", "sensor/temperature")
    broker.send(CONFIG, "a/up")
    broker.send(upload(), "a/up")
    broker.send(heartbeat(operate="get_dev_config"), "a/down")
    broker.send(CONFIG | {"operate": "heartbeat_rsp"}, "a/down")
    result = await listened(hass, result)

    (listed,) = cameras(result)
    assert listed["label"] == f"{SN} · a/up · get_dev_config_rsp, upload_snapshot"
    assert result["description_placeholders"] == {"refused": "–"}
    hass.config_entries.flow.async_abort(result["flow_id"])


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ('{"operate":"heartbeat","sn":"1"', "not JSON"),
        ('["operate"]', "JSON, but not an object"),
        ('{"operate":"heartbeat","sn":"a b"}', "no serial number, or one with"),
        ('{"operate":1,"sn":"1"}', "“operate” is missing"),
        ('{"operate":"reboot","sn":"1"}', "“operate” names no message"),
        ('{"operate":"x","sn":"1","a":"' + "," * 70_000 + '"}', "too long"),
    ],
)
async def test_heard_but(
    hass: HomeAssistant, broker: Broker, message: str, reason: str
) -> None:
    """What looks like a camera's message and is none is listed, and why."""
    result = await listen(hass)
    broker.send(message, "cam/`7`/up")
    result = await listened(hass, result)

    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "not_heard")
    assert result["menu_options"] == ["listen", "manual"]
    assert result["description_placeholders"]["filter"] == "#"
    refused = result["description_placeholders"]["refused"]
    assert refused.startswith(f"- `cam/'7'/up`: {reason}")
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_heard_but_retained(hass: HomeAssistant, broker: Broker) -> None:
    """What the broker has kept shows no camera, until it speaks."""
    result = await listen(hass)
    broker.send(heartbeat(), f"a/{SN}/up", retain=True)
    broker.send(heartbeat(sn=OTHER_SN), f"a/{OTHER_SN}/up", retain=True)
    broker.send(heartbeat(sn=OTHER_SN), f"a/{OTHER_SN}/up")
    broker.send(heartbeat(), "a/{sn}/up")
    broker.send(heartbeat(), "x" * 1000)
    result = await listened(hass, result)

    assert [x["value"] for x in cameras(result)] == [f"{OTHER_SN} a/{OTHER_SN}/up"]
    lines = result["description_placeholders"]["refused"].splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"- `a/{SN}/up`: retained")
    assert lines[1].startswith("- `a/{sn}/up`: the topic is too long, or")
    assert lines[2].startswith("- `xxx")
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_an_ignored_camera_is_found(hass: HomeAssistant, broker: Broker) -> None:
    """Who listens for it wants it after all."""
    MockConfigEntry(
        domain="snapcam", unique_id=SN, source=SOURCE_IGNORE, data={}
    ).add_to_hass(hass)
    result = await listen(hass)
    broker.send(heartbeat(), "a/up")
    result = await listened(hass, result)
    assert [x["value"] for x in cameras(result)] == [f"{SN} a/up"]
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_bounded(hass: HomeAssistant, broker: Broker) -> None:
    """However many topics there are, a thousand are remembered, and few are shown."""
    result = await listen(hass)
    for number in range(1500):
        broker.send('{"operate"', f"junk/{number:04}")
    for number in range(10):
        broker.send(heartbeat(sn=str(number)), "a/up")
    result = await listened(hass, result)

    assert result["step_id"] == "not_heard"
    lines = result["description_placeholders"]["refused"].splitlines()
    assert len(lines) == 21
    assert lines[-1] == "- … (+980)"
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_nobody_at_all(
    hass: HomeAssistant, broker: Broker, mqtt_client: MqttMockPahoClient
) -> None:
    """A broker that forbids the filter passes nothing on, and is said to perhaps do so."""
    result = await listened(hass, await listen(hass))
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "filter_silent")
    assert result["description_placeholders"] == {
        "filter": "#",
        "example": "cameras/#",
    }
    mqtt_client.unsubscribe.assert_called_with(["#"])

    result = await step(hass, result, {"next_step_id": "listen"})
    assert result["step_id"] == "listen"
    result = await step(hass, result, {"filter": "cams/#"})
    broker.send(heartbeat(), "cams/up")
    result = await listened(hass, result)
    assert result["step_id"] == "heard"
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_broker_closes_the_connection(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Some brokers do so for a filter: then nobody is to subscribe to it again."""
    result = await listen(hass)
    broker.send("on", "lamp")
    await broker.go_down()
    result = await progress(hass, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "filter_lost")
    hass.config_entries.flow.async_abort(result["flow_id"])
    await broker.come_back()


@pytest.mark.parametrize(
    "topic_filter", ["", " ", "a/#/b", "a#", "a+/b", "$SYS/#", "$share/us/#", "\x00"]
)
async def test_no_filter(
    hass: HomeAssistant, broker: Broker, topic_filter: str
) -> None:
    """What is no filter is said to be none, and can be typed again."""
    result = await start(hass, "listen")
    result = await step(hass, result, {"filter": topic_filter})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "listen")
    assert result["errors"] == {"filter": "invalid_filter"}
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_it_ends_with_the_step(
    hass: HomeAssistant, broker: Broker, mqtt_client: MqttMockPahoClient
) -> None:
    """Nothing is answered, and who closes the dialog has left no subscription behind."""
    result = await listen(hass)
    broker.send(heartbeat(), f"snapcam/{SN}/up")
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done()
    async_fire_time_changed(hass, fire_all=True)
    await hass.async_block_till_done()

    mqtt_client.unsubscribe.assert_called_once_with(["#"])
    broker.send(heartbeat(), f"snapcam/{SN}/up")
    await broker.settle()
    assert broker.published == []
