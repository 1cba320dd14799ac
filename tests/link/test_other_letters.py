"""Cameras that spell their serial number in small letters here and large ones there."""

import asyncio
from collections.abc import Callable

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import get_schema_suggested_value

from ..broker import Broker
from ..common import heartbeat, upload
from ..const import TOPICS
from ..flows.common import progress, start, step
from ..simulator import SimulatedCamera
from .common import set_up

SHARED = {"up": "cams/up", "down": "cams/down"}


@pytest.mark.parametrize(
    ("typed", "topic", "said", "down"),
    [
        ("AB12", "snapcam/AB12/up", "ab12", "snapcam/AB12/down"),
        ("ab12", "snapcam/AB12/up", "AB12", "snapcam/AB12/down"),
        ("Ab12", "snapcam/AB12/up", "ab12", "snapcam/AB12/down"),
    ],
)
async def test_spelled_otherwise(
    hass: HomeAssistant,
    broker: Broker,
    issues: Callable[[], set[str]],
    typed: str,
    topic: str,
    said: str,
    down: str,
) -> None:
    """It is heard, and everything it is sent is spelled as it does itself."""
    entry = await set_up(hass, typed)
    broker.send(heartbeat(sn=said), topic)
    await broker.settle()

    assert [(x.topic, x.message["sn"]) for x in broker.published] == [
        (down, said),
        (down, said),
    ]
    assert broker.messages("heartbeat_rsp")[0]["ret"] == 0
    assert entry.runtime_data.data.online
    assert issues() == set()
    assert hass.config_entries.flow.async_progress() == []
    kinds = entry.runtime_data.journal.as_dict()
    assert kinds["tolerated"] == {"sn in other letters": 1}
    assert all(envelope["own_sn"] for envelope in kinds["envelopes"])


async def test_spelled_as_it_is_again(hass: HomeAssistant, broker: Broker) -> None:
    """When the topic is set right in the camera, it is sent there again."""
    await set_up(hass, "ab12")
    for sn in ("AB12", "ab12"):
        broker.published.clear()
        broker.send(heartbeat(sn=sn), f"snapcam/{sn}/up")
        await broker.settle()
        assert {x.topic for x in broker.published} == {f"snapcam/{sn}/down"}


async def test_shared_topic(hass: HomeAssistant, broker: Broker) -> None:
    """On a topic that cameras share it is the message that names the camera."""
    entry = await set_up(hass, "ab12", **SHARED)
    broker.send(heartbeat(sn="AB12"), "cams/up")
    await broker.settle()

    assert {x.message["sn"] for x in broker.published} == {"AB12"}
    assert entry.runtime_data.data.online


async def test_two_that_differ_by_letters(hass: HomeAssistant, broker: Broker) -> None:
    """Where both are set up nothing is guessed."""
    small, large = await set_up(hass, "ab12"), await set_up(hass, "AB12")
    broker.send(heartbeat(sn="ab12"), "snapcam/AB12/up")
    await broker.settle()
    assert [x["ret"] for x in broker.messages("heartbeat_rsp")] == [7]

    broker.send(heartbeat(sn="ab12"), "snapcam/ab12/up")
    await broker.settle()
    assert small.runtime_data.data.online
    assert not large.runtime_data.data.online


async def test_discovered(hass: HomeAssistant, broker: Broker) -> None:
    """An unknown one is offered as its topic spells it, for that is where it listens."""
    await set_up(hass, "300000000000")
    broker.send(heartbeat(sn="ab12"), "snapcam/AB12/up")
    await broker.settle()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == "AB12"


async def test_typed_in_other_letters(hass: HomeAssistant, broker: Broker) -> None:
    """The form says which one it hears, and that one is added."""
    camera = broker.connect(SimulatedCamera(sn="AB12"))
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": "ab12", "topics": TOPICS})
    assert result["step_id"] == "probe"
    while not broker.messages("get_dev_config"):
        await asyncio.sleep(0)
    await camera.send_heartbeat()
    result = await progress(hass, result)

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "manual")
    assert result["errors"] == {"sn": "other_letters"}
    assert result["description_placeholders"]["heard"] == "AB12"
    schema = result["data_schema"].schema
    assert get_schema_suggested_value(schema, "sn") == "AB12"
    result = await step(hass, result, {"sn": "AB12", "topics": TOPICS})
    result = await progress(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == "AB12"


async def test_typed_beside_a_card(hass: HomeAssistant, broker: Broker) -> None:
    """What is offered already does not get a second, dead entry."""
    await set_up(hass, "300000000000")
    camera = broker.connect(SimulatedCamera(sn="AB12"))
    await camera.send_heartbeat()
    await broker.settle()
    broker.published.clear()
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": "ab12", "topics": TOPICS})

    assert result["errors"] == {"sn": "other_letters"}
    assert result["description_placeholders"]["heard"] == "AB12"
    assert broker.published == []


async def test_typed_beside_an_entry(hass: HomeAssistant, broker: Broker) -> None:
    """What is set up already is not set up again in other letters."""
    await set_up(hass, "AB12")
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": "ab12", "topics": TOPICS})
    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "already_configured",
    )


async def test_posted(hass: HomeAssistant, broker: Broker, http: TestClient) -> None:
    """By HTTP it is the same: the answer names the camera as it does itself."""
    entry = await set_up(hass, "AB12")
    address = f"/api/snapcam/upload/{entry.data['token']}"
    for sn, ret in (("ab12", 0), ("ab13", 7)):
        response = await http.post(address, json=upload(sn=sn, request_id=sn))
        reply = await response.json()
        assert (reply["ret"], reply["sn"]) == (ret, "AB12" if ret else "ab12")
    kinds = entry.runtime_data.journal.as_dict()["tolerated"]
    assert kinds == {"sn in other letters": 1}
