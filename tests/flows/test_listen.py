"""Adding a camera whose topics nobody knows."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_schema_suggested_value,
)

from custom_components.snapcam.protocol import MAX_CANDIDATES

from ..broker import Broker
from ..common import heartbeat
from ..const import OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import cameras, confirm, listen, listened, progress, shown_topics, step


def candidates(result: ConfigFlowResult) -> list[str]:
    """Return where a form says that the camera would be asked."""
    options = result["data_schema"].schema["down"].config["options"]
    return [option["label"] for option in options]


async def choose(
    hass: HomeAssistant, result: ConfigFlowResult, sn: str, topic: str
) -> ConfigFlowResult:
    """Choose a camera from the list, to be told where it would be asked."""
    result = await step(hass, result, {"sn": [f"{sn} {topic}"]})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "ask")
    return result


async def find(
    hass: HomeAssistant, camera: SimulatedCamera, topic: str
) -> ConfigFlowResult:
    """Listen until a camera is heard, and choose it."""
    result = await listen(hass)
    await camera.send_heartbeat()
    return await choose(hass, await listened(hass, result), SN, topic)


async def ask(
    hass: HomeAssistant, broker: Broker, result: ConfigFlowResult, *downs: str
) -> ConfigFlowResult:
    """Agree to all topics, or to some of them, and wait until they are tried."""
    result = await step(hass, result, {"down": list(downs)} if downs else {})
    for _ in range(MAX_CANDIDATES):
        await broker.settle()
        # Enough for the next topic, and too little for the camera to be given up.
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2.1))
    return await progress(hass, result)


@pytest.mark.parametrize(
    ("up", "down", "found"),
    [
        ("snapcam/{sn}/up", "snapcam/{sn}/down", TOPICS),
        ("device/{sn}/report", "device/{sn}/command", None),
        ("/ipc/{sn}/pub", "/ipc/{sn}/sub", None),
        ("cams/tx", "cams/rx", None),
        ("cams/up", "cams/down/{sn}", None),
        ("{sn}", "{sn}/cmd", None),
        ("site/7/device/{sn}", "site/7/server/{sn}", None),
        ("CAM-{sn}/UP", "CAM-{sn}/DOWN", "literal"),
    ],
)
async def test_on_any_topic(
    hass: HomeAssistant, broker: Broker, up: str, down: str, found: Any
) -> None:
    """A camera is found where it speaks, and asked until it answers."""
    camera = broker.connect(SimulatedCamera(sn=SN), up, down)
    result = await listen(hass)
    await camera.send_heartbeat()
    result = await listened(hass, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "heard")
    topic = up.format(sn=SN)
    (listed,) = cameras(result)
    assert listed["label"] == f"{SN} · {topic} · heartbeat"
    assert broker.published == []

    result = await choose(hass, result, SN, topic)
    agreed = candidates(result)
    assert broker.published == []
    result = await confirm(hass, await ask(hass, broker, result))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    expected = {"up": up, "down": down}
    if found == "literal":
        # MQTT has no filter for a part of a level.
        expected = {key: value.format(sn=SN) for key, value in expected.items()}
    assert result["data"] == {"sn": SN, **expected}
    assert {x.topic for x in broker.published} <= {*agreed}
    await hass.async_block_till_done()


async def test_one_serial_number_on_two_topics(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Two cameras that were given one serial number are both shown."""
    other = broker.connect(SimulatedCamera(sn=SN), "b/{sn}/up", "b/{sn}/down")
    result = await listen(hass)
    broker.send(heartbeat(), f"a/{SN}/up")
    await other.send_heartbeat()
    result = await listened(hass, result)
    assert [x["value"] for x in cameras(result)] == [
        f"{SN} a/{SN}/up",
        f"{SN} b/{SN}/up",
    ]
    result = await ask(hass, broker, await choose(hass, result, SN, f"b/{SN}/up"))
    result = await confirm(hass, result)
    assert result["data"] == {"sn": SN, "up": "b/{sn}/up", "down": "b/{sn}/down"}
    await hass.async_block_till_done()


async def test_several_are_chosen(hass: HomeAssistant, broker: Broker) -> None:
    """Of those that speak alike one is asked; who listens nowhere is left out."""
    alike = [
        broker.connect(SimulatedCamera(sn=f"{n}"), "a/{sn}/up", "a/{sn}/down")
        for n in (1, 2)
    ]
    shared = broker.connect(SimulatedCamera(sn="3"), "cams/tx", "cams/rx")
    lost = broker.connect(SimulatedCamera(sn="4"), "z/{sn}/up", "elsewhere/{sn}")
    result = await listen(hass)
    for camera in (*alike, shared, lost):
        await camera.send_heartbeat()
    result = await listened(hass, result)
    assert (await step(hass, result, {"sn": []}))["errors"] == {"sn": "none_chosen"}
    result = await step(hass, result, {"sn": [x["value"] for x in cameras(result)]})
    for sn in ("1", "3", "4"):
        assert (result["step_id"], result["description_placeholders"]["sn"]) == (
            "ask",
            sn,
        )
        result = await ask(hass, broker, result)
    result = await progress(hass, result)

    assert result["reason"] == "cameras_added"
    assert result["description_placeholders"] == {"added": "3"}
    data = [x.data for x in hass.config_entries.async_entries("snapcam")]
    assert [{key: x[key] for key in ("sn", "up", "down")} for x in data] == [
        {"sn": "1", "up": "a/{sn}/up", "down": "a/{sn}/down"},
        {"sn": "2", "up": "a/{sn}/up", "down": "a/{sn}/down"},
        {"sn": "3", "up": "cams/tx", "down": "cams/rx"},
    ]
    await hass.async_block_till_done()


async def test_none_of_several_listens(hass: HomeAssistant, broker: Broker) -> None:
    """Where none answers, the form has what is known of the last one."""
    result = await listen(hass)
    broker.send(heartbeat(sn="1"), "a/1/up")
    broker.send(heartbeat(sn="2"), "a/2/up")
    result = await listened(hass, result)
    result = await step(hass, result, {"sn": [x["value"] for x in cameras(result)]})
    result = await ask(hass, broker, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    assert get_schema_suggested_value(result["data_schema"].schema, "sn") == "1"
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_nothing_without_agreement(hass: HomeAssistant, broker: Broker) -> None:
    """A topic that was unticked is not published on, and said not to be tried."""
    camera = broker.connect(SimulatedCamera(sn=SN), "a/{sn}/up", "a/{sn}/down")
    result = await find(hass, camera, f"a/{SN}/up")
    assert candidates(result)[0] == f"a/{SN}/down"
    result = await ask(hass, broker, result, "a/{sn}/set", "a/{sn}/cmd")

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    assert [x.topic for x in broker.published] == [f"a/{SN}/set", f"a/{SN}/cmd"]
    assert result["errors"] == {"base": "none_answered"}
    assert result["description_placeholders"]["tried"] == f"a/{SN}/set, a/{SN}/cmd"
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_no_candidate_answers(hass: HomeAssistant, broker: Broker) -> None:
    """What was found is filled in, and what was tried is said, once."""
    camera = broker.connect(SimulatedCamera(sn=SN), "a/{sn}/up", "elsewhere/{sn}")
    result = await find(hass, camera, f"a/{SN}/up")
    tried = candidates(result)
    result = await ask(hass, broker, result)

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    assert [x.topic for x in broker.published] == tried
    assert result["description_placeholders"]["tried"] == ", ".join(tried)
    assert get_schema_suggested_value(result["data_schema"].schema, "sn") == SN
    assert shown_topics(result) == {"up": "a/{sn}/up", "down": "a/{sn}/down"}
    topics = {"up": "a/{sn}/up", "down": "elsewhere/{sn}"}
    wrong = await step(hass, result, {"sn": "not one", "topics": topics})
    assert wrong["errors"] == {"sn": "invalid_sn"}
    result = await progress(hass, await step(hass, wrong, {"sn": SN, "topics": topics}))
    assert result["data"] == {"sn": SN, **topics}
    await hass.async_block_till_done()


async def test_a_camera_that_takes_its_time(
    hass: HomeAssistant, broker: Broker
) -> None:
    """An answer that comes while the next topic is tried counts for its own."""
    camera = broker.connect(SimulatedCamera(sn=SN), "a/{sn}/up", "a/{sn}/down")
    camera.faults.answer_delay = 5
    result = await find(hass, camera, f"a/{SN}/up")
    result = await step(hass, result, {})
    for seconds in (2.1, 5.1):
        await broker.settle()
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    result = await confirm(hass, await progress(hass, result), "lines")

    assert len(broker.published) > 1
    assert result["data"] == {"sn": SN, "up": "a/{sn}/up", "down": "a/{sn}/down"}
    await hass.async_block_till_done()


async def test_a_camera_that_refuses_is_there(
    hass: HomeAssistant, broker: Broker
) -> None:
    """An answer is an answer: it listens there."""
    camera = broker.connect(SimulatedCamera(sn=SN), "a/{sn}/tx", "a/{sn}/rx")
    camera.faults.ret = 2
    result = await find(hass, camera, f"a/{SN}/tx")
    result = await confirm(hass, await ask(hass, broker, result), "lines")
    assert result["data"] == {"sn": SN, "up": "a/{sn}/tx", "down": "a/{sn}/rx"}
    await hass.async_block_till_done()


async def test_beside_a_camera_that_is_set_up(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Where another one that speaks alike listens is asked first."""
    topics = {"up": "cams/{sn}/said", "down": "told/{sn}"}
    entry = MockConfigEntry(domain="snapcam", unique_id=SN, data={"sn": SN, **topics})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN), **topics)
    result = await listen(hass)
    await camera.send_heartbeat()
    broker.send(heartbeat(), f"cams/{SN}/said")
    result = await listened(hass, result)
    assert result["description_placeholders"] == {
        "refused": f"- `cams/{SN}/said`: of a camera that is already set up"
    }
    result = await choose(hass, result, OTHER_SN, f"cams/{OTHER_SN}/said")
    assert candidates(result)[0] == f"told/{OTHER_SN}"
    result = await confirm(hass, await ask(hass, broker, result))
    assert result["data"] == {"sn": OTHER_SN, **topics}
    await hass.async_block_till_done()
