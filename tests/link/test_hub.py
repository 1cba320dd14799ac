"""Messages on their way to the camera they are from."""

import logging
from typing import Any
from unittest.mock import Mock

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockMqttReasonCode,
)
from pytest_homeassistant_custom_component.typing import MqttMockPahoClient

from ..broker import Broker
from ..common import call, heartbeat, state, upload
from ..const import IO0, OTHER_SN, SN, UP
from ..simulator import SimulatedCamera
from .common import logged, set_up


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(heartbeat(sn="300000000000"), id="unknown camera"),
        pytest.param(
            {"operate": "get_dev_config_rsp", "request_id": "1", "sn": SN, "ret": 0},
            id="answer",
        ),
    ],
)
async def test_nobody_to_tell(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry, message: Any
) -> None:
    """Nothing is said to a camera we do not know, nor to an answer."""
    broker.send(message, f"snapcam/{OTHER_SN}/up")
    await broker.settle()

    assert broker.published == []
    assert hass.config_entries.flow.async_progress() == []


async def test_answer_of_an_unknown_camera(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Only what a camera says by itself makes it known."""
    answer = {"operate": "get_dev_config_rsp", "request_id": "1", "ret": 0}
    broker.send(answer | {"sn": OTHER_SN}, f"snapcam/{OTHER_SN}/up")
    await broker.settle()

    assert broker.published == []
    assert hass.config_entries.flow.async_progress() == []


async def test_one_subscription(
    hass: HomeAssistant,
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    entry: MockConfigEntry,
) -> None:
    """Cameras share a subscription, and the last one ends it."""
    others = [await set_up(hass, f"30000000000{number}") for number in range(5)]
    broker.send(heartbeat(sn="300000000004"), "snapcam/300000000004/up")
    await broker.settle()
    (answer,) = [p for p in broker.published if b"heartbeat_rsp" in p.payload]
    assert answer.topic == "snapcam/300000000004/down"

    for other in others:
        assert await hass.config_entries.async_unload(other.entry_id)
    broker.published.clear()
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert broker.messages("heartbeat_rsp")

    assert await hass.config_entries.async_unload(entry.entry_id)
    broker.published.clear()
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert broker.published == []


# MQTT's own, of the client that it has replaced.
@pytest.mark.parametrize("expected_lingering_tasks", [True])
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_mqtt_is_reloaded(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """After MQTT was reloaded each message is still handled once, or not at all.

    Home Assistant restores subscriptions of ours that we then cannot end.
    """
    (mqtt_entry,) = hass.config_entries.async_entries("mqtt")
    for _ in range(2):
        assert await hass.config_entries.async_reload(mqtt_entry.entry_id)
        assert await hass.config_entries.async_reload(entry.entry_id)
    await broker.come_back()
    broker.published.clear()
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert len(broker.messages("heartbeat_rsp")) == 1

    assert await hass.config_entries.async_unload(entry.entry_id)
    broker.published.clear()
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert broker.published == []


async def test_overlapping_topics(hass: HomeAssistant, broker: Broker) -> None:
    """A camera whose topic another one's filter matches too is answered once."""
    camera = broker.connect(SimulatedCamera(sn=SN), "snapcam/all/up")
    await set_up(hass, SN, "snapcam/all/up")
    await set_up(hass, OTHER_SN)
    await camera.send_heartbeat()
    await broker.settle()

    assert [answer["ret"] for answer in camera.answers] == [0]


async def test_answer_with_another_sn(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """An answer is matched by its request id: the vendor's examples have another SN."""
    online.faults.foreign_sn = "290200001002"
    await call(hass, "switch.turn_on", IO0)

    assert state(hass, IO0) == "on"


async def test_shared_topics(hass: HomeAssistant, broker: Broker) -> None:
    """Cameras on one topic are told apart by the SN in what they say."""
    shared = {"up": "cameras/said", "down": "cameras/told"}
    cameras = [
        broker.connect(SimulatedCamera(sn=sn), **shared) for sn in (SN, OTHER_SN)
    ]
    for camera in cameras:
        await set_up(hass, camera.sn, **shared)
        await camera.send_heartbeat()
    await broker.settle()

    assert [len(camera.answers) for camera in cameras] == [1, 1]
    assert [len(camera.received) for camera in cameras] == [1, 1]


@pytest.mark.parametrize("operate", ["heartbeat", "upload_snapshot"])
async def test_a_fault_of_ours(
    broker: Broker,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    operate: str,
) -> None:
    """Whatever goes wrong here, the payload is not in the log, and the camera is told.

    Home Assistant would log the whole message of a callback that raises.
    """
    message = upload(operate=operate, request_id="SECRET", data="SECRET")
    with monkeypatch.context() as patched:
        patched.setattr(dt_util, "utcnow", Mock(side_effect=ZeroDivisionError))
        broker.send(message, UP)
    await broker.settle()

    assert logged(caplog) == [f"Could not handle a message on {UP}"]
    assert "SECRET" not in "".join(
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        if record.levelno > logging.DEBUG
    )


async def test_a_fault_of_ours_with_a_picture(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera whose picture cannot be handled is answered 9, and may try again."""
    broken = Mock(side_effect=RuntimeError("no executor"))
    message = upload()
    with monkeypatch.context() as patched:
        patched.setattr(hass.loop, "run_in_executor", broken)
        broker.send(message, UP)
        await broker.settle()
    broker.send(message, UP)
    await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [9, 0]
    assert logged(caplog) == ["Could not handle a snapshot of 200000000001"]


@pytest.mark.parametrize("connected", [True, False])
async def test_an_answer_that_cannot_be_sent(
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
    connected: bool,
) -> None:
    """An answer that the broker does not take is forgotten: the camera sends again."""
    refused = Mock(rc=4, mid=1)
    mqtt_client.publish.reset_mock()
    mqtt_client.publish.side_effect = lambda *_args: refused
    broker.component.connected = connected
    broker.send(heartbeat(), UP)
    await broker.settle()

    assert mqtt_client.publish.called is connected
    assert logged(caplog) == []


async def test_a_command_the_broker_does_not_take(
    hass: HomeAssistant,
    mqtt_client: MqttMockPahoClient,
    online: SimulatedCamera,
) -> None:
    """A command that cannot be sent is an error at once."""
    mqtt_client.publish.side_effect = lambda *_args: Mock(rc=4, mid=1)
    with pytest.raises(HomeAssistantError, match="Gate could not be reached"):
        await call(hass, "switch.turn_on", IO0)


async def test_command_waits_for_the_subscription(
    hass: HomeAssistant,
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Right after the broker is back an answer could not be heard yet."""
    await broker.go_down()
    mqtt_client.reset_mock()
    broker.component.connected = True
    mqtt_client.on_connect(None, None, 0, MockMqttReasonCode())
    await call(hass, "switch.turn_on", IO0)

    names = [name for name, *_ in mqtt_client.mock_calls]
    assert names.index("subscribe") < names.index("publish")
    assert online.io0 == 1
