"""Adding a camera by its serial number."""

import asyncio
from typing import Any

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_schema_suggested_value,
)
from pytest_homeassistant_custom_component.typing import MqttMockPahoClient

from ..broker import Broker
from ..common import heartbeat, state
from ..const import OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import progress, shown_topics, start, step

NEW_CONNECTIVITY = f"binary_sensor.snapcam_{SN}_connectivity"
NEW_HB_INTERVAL = f"number.snapcam_{SN}_heartbeat_interval"

MANUAL = {"sn": SN, "topics": TOPICS}


async def unanswered(
    hass: HomeAssistant, broker: Broker, result: ConfigFlowResult
) -> ConfigFlowResult:
    """Wait for a camera that does not answer, without the waiting."""
    while not broker.messages("get_dev_config"):
        await asyncio.sleep(0.01)
    # A sign of life is not the answer.
    broker.send(heartbeat(), f"snapcam/{SN}/up")
    async_fire_time_changed(hass, fire_all=True)
    return await progress(hass, result)


async def test_manual(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """Type the SN; the camera answers; it is online at once, with its settings."""
    result = await start(hass)
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["search", "listen", "manual", "list"]
    result = await step(hass, result, {"next_step_id": "manual"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    result = await step(hass, result, MANUAL)
    assert (result["step_id"], result["progress_action"]) == ("probe", "probe")
    result = await progress(hass, result)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"SnapCam {SN}"
    assert result["data"] == {"sn": SN, **TOPICS}
    assert result["result"].unique_id == SN
    await hass.async_block_till_done()
    assert state(hass, NEW_CONNECTIVITY) == "on"
    assert state(hass, NEW_HB_INTERVAL) == "60"


async def test_no_gap_after_adding(
    hass: HomeAssistant,
    mqtt_client: MqttMockPahoClient,
    broker: Broker,
    camera: SimulatedCamera,
) -> None:
    """The topic the camera answered on stays subscribed while it is set up."""
    mqtt_client.unsubscribe.reset_mock()
    result = await step(hass, await start(hass, "manual"), MANUAL)
    await progress(hass, result)
    await hass.async_block_till_done()
    async_fire_time_changed(hass, fire_all=True)
    await hass.async_block_till_done()

    mqtt_client.unsubscribe.assert_not_called()
    (entry,) = hass.config_entries.async_entries("snapcam")
    assert await hass.config_entries.async_unload(entry.entry_id)
    async_fire_time_changed(hass, fire_all=True)
    await hass.async_block_till_done()
    mqtt_client.unsubscribe.assert_called_once_with(["snapcam/+/up"])


async def test_a_client_that_asks_all_the_time(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """A step that is asked for in the moment the camera answers runs only once."""
    result = await step(hass, await start(hass, "manual"), MANUAL)
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await asyncio.sleep(0)
        result = await step(hass, result, None)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert len(hass.config_entries.async_entries("snapcam")) == 1


async def test_only_the_serial_number_is_needed(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """The topics have defaults, and so has the name."""
    result = await start(hass, "manual")
    result = await progress(hass, await step(hass, result, {"sn": f" {SN} "}))

    assert result["title"] == f"SnapCam {SN}"
    assert result["data"] == {"sn": SN, **TOPICS}


async def test_dialog_is_closed_after_the_answer(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """A camera that has answered but is not added after all can be discovered later."""
    other = broker.connect(SimulatedCamera(sn=OTHER_SN))
    result = await step(hass, await start(hass, "manual"), MANUAL | {"sn": OTHER_SN})
    await hass.async_block_till_done()
    hass.config_entries.flow.async_abort(result["flow_id"])
    await other.send_heartbeat()
    await hass.async_block_till_done()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY
    assert flow["context"]["unique_id"] == OTHER_SN


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"sn": "12 34"}, {"sn": "invalid_sn"}),
        ({"sn": ""}, {"sn": "invalid_sn"}),
        ({"sn": "../../etc"}, {"sn": "invalid_sn"}),
        ({"sn": "1" * 65}, {"sn": "invalid_sn"}),
        ({"topics": {"up": "a/#"}}, {"base": "invalid_up"}),
        ({"topics": {"up": "a/+/up"}}, {"base": "invalid_up"}),
        ({"topics": {"up": "a/cam{sn}/up"}}, {"base": "invalid_up"}),
        ({"topics": {"up": " "}}, {"base": "invalid_up"}),
        ({"topics": {"up": "$share/homes/a/up"}}, {"base": "invalid_up"}),
        ({"topics": {"up": "$SYS/{sn}"}}, {"base": "invalid_up"}),
        ({"topics": {"down": "a/#"}}, {"base": "invalid_down"}),
        ({"topics": {"down": "\x00"}}, {"base": "invalid_down"}),
        ({"topics": {"down": "$share/homes/a/down"}}, {"base": "invalid_down"}),
        ({"topics": {"up": "a/{sn}", "down": "a/{sn}"}}, {"base": "topics_overlap"}),
        ({"topics": {"up": "a/{sn}", "down": "a/b"}}, {"base": "topics_overlap"}),
    ],
)
async def test_manual_errors(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What is typed wrong is said, nothing is sent, and it can be typed again."""
    result = await start(hass, "manual")
    result = await step(hass, result, MANUAL | changes)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    assert result["errors"] == errors
    # What is wrong with a topic is seen beside what was typed.
    topics = result["data_schema"].schema["topics"]
    assert topics.options["collapsed"] is ("base" not in errors)
    assert shown_topics(result) == TOPICS | changes.get("topics", {})
    assert broker.published == []

    result = await progress(hass, await step(hass, result, MANUAL))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_topics_of_its_own_stay_typed(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Who changes what was typed, since nobody answers, finds it there."""
    topics = {"up": "cams/up", "down": "cams/cam-{sn}/down"}
    result = await start(hass, "manual")
    assert shown_topics(result) == TOPICS
    result = await step(hass, result, MANUAL | {"topics": topics})
    result = await unanswered(hass, broker, result)
    result = await step(hass, result, {"next_step_id": "manual"})
    assert shown_topics(result) == topics


async def test_topics_of_its_own(hass: HomeAssistant, broker: Broker) -> None:
    """A camera may have topics of its own, even one that all cameras share."""
    topics = {"up": "cams/up", "down": "cams/cam-{sn}/down"}
    camera = broker.connect(SimulatedCamera(sn=SN), **topics)
    result = await start(hass, "manual")
    result = await progress(hass, await step(hass, result, MANUAL | {"topics": topics}))

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"sn": SN, **topics}
    assert camera.received[0]["operate"] == "get_dev_config"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_no_answer(hass: HomeAssistant, broker: Broker) -> None:
    """A camera that is off: ask again, change what was typed, or add it anyway."""
    result = await start(hass, "manual")
    result = await step(hass, result, MANUAL)
    result = await unanswered(hass, broker, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "no_answer")
    assert result["menu_options"] == ["retry", "manual", "add_anyway"]
    assert result["description_placeholders"] == {
        "sn": SN,
        "up": f"snapcam/{SN}/up",
        "down": f"snapcam/{SN}/down",
    }

    broker.published.clear()
    result = await step(hass, result, {"next_step_id": "retry"})
    result = await unanswered(hass, broker, result)
    result = await step(hass, result, {"next_step_id": "manual"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    shown = result["data_schema"].schema
    assert get_schema_suggested_value(shown, "sn") == SN

    broker.published.clear()
    result = await step(hass, result, MANUAL)
    result = await unanswered(hass, broker, result)
    result = await step(hass, result, {"next_step_id": "add_anyway"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert state(hass, NEW_CONNECTIVITY) == "unknown"


async def test_retry_succeeds(hass: HomeAssistant, broker: Broker) -> None:
    """A camera that is switched on meanwhile is added by asking again."""
    result = await start(hass, "manual")
    result = await step(hass, result, MANUAL)
    result = await unanswered(hass, broker, result)
    broker.connect(SimulatedCamera(sn=SN))
    result = await step(hass, result, {"next_step_id": "retry"})
    result = await progress(hass, result)

    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_already_configured(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A camera is added once."""
    result = await start(hass, "manual")
    result = await step(hass, result, MANUAL)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_mqtt_is_not_set_up(hass: HomeAssistant) -> None:
    """Without MQTT the flow ends at once, and says how to set it up."""
    result = await start(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "mqtt_not_configured"


async def test_mqtt_is_not_connected(hass: HomeAssistant, broker: Broker) -> None:
    """Without its broker nothing can be asked, and the person is told so."""
    await broker.go_down()
    result = await start(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "mqtt_not_connected"


async def test_broker_is_lost_during_the_probe(
    hass: HomeAssistant, broker: Broker
) -> None:
    """A broker that goes away meanwhile looks like a camera that does not answer."""
    result = await step(hass, await start(hass, "manual"), MANUAL)
    await broker.go_down()
    async_fire_time_changed(hass, fire_all=True)
    result = await progress(hass, result)

    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "no_answer")


# MQTT's own, of the client that it has replaced.
@pytest.mark.parametrize("expected_lingering_tasks", [True])
@pytest.mark.parametrize("expected_lingering_timers", [True])
@pytest.mark.parametrize(
    ("choice", "inputs", "step_id"),
    [("manual", [MANUAL], "no_answer"), ("search", [], "nothing_heard")],
)
async def test_mqtt_is_removed_meanwhile(
    hass: HomeAssistant,
    broker: Broker,
    choice: str,
    inputs: list[dict[str, Any]],
    step_id: str,
) -> None:
    """MQTT that goes away between two steps spoils nothing for later."""
    result = await start(hass)
    (mqtt_entry,) = hass.config_entries.async_entries("mqtt")
    broker.component.connected = False
    await hass.config_entries.async_set_disabled_by(
        mqtt_entry.entry_id, ConfigEntryDisabler.USER
    )
    for user_input in ({"next_step_id": choice}, *inputs):
        result = await step(hass, result, user_input)
    assert result["step_id"] == step_id

    await hass.config_entries.async_set_disabled_by(mqtt_entry.entry_id, None)
    await hass.async_block_till_done()
    await broker.come_back()
    broker.connect(SimulatedCamera(sn=SN))
    result = await step(hass, await start(hass, "manual"), MANUAL)
    result = await progress(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_camera_that_refuses_is_there(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """A camera that answers, if only to refuse, is added."""
    camera.faults.ret = 2
    result = await step(hass, await start(hass, "manual"), MANUAL)
    result = await progress(hass, result)

    assert result["type"] is FlowResultType.CREATE_ENTRY
