"""Adding many cameras from one list."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import Event, HomeAssistant
from homeassistant.data_entry_flow import (
    EVENT_DATA_ENTRY_FLOW_PROGRESSED,
    FlowResultType,
)
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from ..broker import Broker
from ..const import OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import progress, shown_topics, start, step

LIST = f"""SN;Name;Area
{SN};Gate;Garden
30000001;Yard;
not a number;;
30000002;Roof, left;garden
30000001;Yard;
30000003
"""
NEW = ("30000001", "30000002", "30000003")


async def paste(
    hass: HomeAssistant, text: str, topics: dict[str, str] = TOPICS
) -> ConfigFlowResult:
    """Paste a list."""
    result = await start(hass, "list")
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "list")
    assert shown_topics(result) == TOPICS
    return await step(hass, result, {"cameras": text, "topics": topics})


def entries(hass: HomeAssistant) -> dict[str, MockConfigEntry]:
    """Return the entries of the cameras by serial number."""
    found = hass.config_entries.async_entries("snapcam", include_ignore=False)
    return {entry.data["sn"]: entry for entry in found}


def areas(hass: HomeAssistant) -> dict[str, str | None]:
    """Return the area of each camera that has one."""
    devices, registry = dr.async_get(hass), ar.async_get(hass)
    return {
        device.serial_number: registry.async_get_area(device.area_id).name
        for device in devices.devices
        if device.area_id
    }


async def ends(
    hass: HomeAssistant, broker: Broker, result: ConfigFlowResult
) -> ConfigFlowResult:
    """See a step that waits to its end, without the waiting."""
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    await broker.settle()
    async_fire_time_changed(hass, fire_all=True)
    return await progress(hass, result)


async def test_paste_a_list(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """What is in the list is said first; then all are asked, added, put into areas."""
    garden = ar.async_get(hass).async_create("Garden")
    for sn in NEW:
        broker.connect(SimulatedCamera(sn=sn))
    result = await paste(hass, LIST)
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "list_read")
    assert result["menu_options"] == ["list_ask", "list_add", "list"]
    assert result["description_placeholders"] == {
        "new": "3",
        "known": "1",
        "wrong": "2 (line 4: not a serial number; "
        "line 6: the same serial number once more)",
    }
    assert broker.published == []
    assert entries(hass).keys() == {SN}

    result = await step(hass, result, {"next_step_id": "list_ask"})
    assert (result["step_id"], result["progress_action"]) == ("list_ask", "list_ask")
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        result = await progress(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "cameras_added")
    assert result["description_placeholders"] == {"added": "3"}

    await hass.async_block_till_done()
    found = entries(hass)
    assert [found[sn].title for sn in NEW] == ["Yard", "Roof, left", "SnapCam 30000003"]
    assert {x.state for x in found.values()} == {ConfigEntryState.LOADED}
    assert found["30000002"].data.items() >= {"sn": "30000002", **TOPICS}.items()
    assert hass.states.get("binary_sensor.yard_connectivity").state == "on"
    assert areas(hass) == {"30000002": "Garden"}
    assert [*ar.async_get(hass).async_list_areas()] == [garden]
    assert hass.config_entries.flow.async_progress() == []


async def test_silent_cameras(hass: HomeAssistant, broker: Broker) -> None:
    """Who does not answer is named, asked again alone, and left out or added anyway."""
    broker.connect(SimulatedCamera(sn="30000001"))
    result = await paste(hass, LIST)
    result = await step(hass, result, {"next_step_id": "list_ask"})
    result = await ends(hass, broker, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "list_silent")
    options = ["list_add_answered", "list_ask", "list_add", "list"]
    assert result["menu_options"] == options
    assert result["description_placeholders"] == {
        "answered": "1",
        "total": "4",
        "silent": f"Gate ({SN}), Roof, left (30000002), 30000003",
    }

    broker.published.clear()
    broker.connect(SimulatedCamera(sn="30000003"))
    result = await step(hass, result, {"next_step_id": "list_ask"})
    result = await ends(hass, broker, result)
    asked = {message["sn"] for message in broker.messages("get_dev_config")}
    assert asked == {SN, "30000002", "30000003"}
    assert result["description_placeholders"]["answered"] == "2"

    result = await step(hass, result, {"next_step_id": "list_add_answered"})
    result = await progress(hass, result)
    assert result["description_placeholders"] == {"added": "2"}
    await hass.async_block_till_done()
    assert entries(hass).keys() == {"30000001", "30000003"}

    # The same list again: nothing of it is added twice.
    result = await paste(hass, LIST)
    assert result["description_placeholders"]["known"] == "2"
    result = await step(hass, result, {"next_step_id": "list_add"})
    result = await progress(hass, result)
    assert result["description_placeholders"] == {"added": "2"}
    await hass.async_block_till_done()
    assert entries(hass).keys() == {SN, *NEW}
    assert areas(hass) == {SN: "Garden", "30000002": "Garden"}

    result = await paste(hass, LIST)
    assert result["menu_options"] == ["list"]
    assert result["description_placeholders"]["new"] == "0"


async def test_nobody_answers(hass: HomeAssistant, broker: Broker) -> None:
    """Where none answers, none can be added because it did; the list can be changed."""
    result = await paste(hass, LIST)
    result = await step(hass, result, {"next_step_id": "list_ask"})
    result = await ends(hass, broker, result)
    assert result["menu_options"] == ["list_ask", "list_add", "list"]
    result = await step(hass, result, {"next_step_id": "list"})
    assert result["data_schema"].schema["cameras"] is not None
    topics = {"up": "north/{sn}/up", "down": "north/{sn}/down"}
    for sn in (SN, *NEW):
        broker.connect(SimulatedCamera(sn=sn), **topics)
    result = await step(hass, result, {"cameras": LIST, "topics": topics})
    result = await step(hass, result, {"next_step_id": "list_ask"})
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        result = await progress(hass, result)
    assert result["description_placeholders"] == {"added": "4"}
    await hass.async_block_till_done()
    assert {x.data["up"] for x in entries(hass).values()} == {"north/{sn}/up"}


async def test_how_many_have_answered_so_far(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Who waits sees how many have answered, each second."""
    broker.connect(SimulatedCamera(sn="30000001"))
    result = await paste(hass, LIST)
    result = await step(hass, result, {"next_step_id": "list_ask"})
    assert result["description_placeholders"] == {"answered": "0", "total": "4"}
    await broker.settle()
    refreshed: list[Event[Any]] = async_capture_events(
        hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED
    )
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2))
    await broker.settle()
    assert [x.data["flow_id"] for x in refreshed] == [result["flow_id"]]
    # The frontend asks for the flow then.
    result = await step(hass, result, None)
    assert result["description_placeholders"] == {"answered": "1", "total": "4"}
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_dialog_is_closed_while_asking(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Who has answered and was not added can be discovered later."""
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    result = await paste(hass, f"{OTHER_SN}\n30000001")
    result = await step(hass, result, {"next_step_id": "list_ask"})
    await broker.settle()
    hass.config_entries.flow.async_abort(result["flow_id"])
    await broker.settle()
    await camera.send_heartbeat()
    await hass.async_block_till_done()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == OTHER_SN


async def test_dialog_is_closed_while_adding(
    hass: HomeAssistant, broker: Broker
) -> None:
    """What was confirmed is done to the end, whoever looks."""
    text = "\n".join(f"4{n:03}" for n in range(30))
    result = await paste(hass, text)
    result = await step(hass, result, {"next_step_id": "list_add"})
    assert (result["step_id"], result["progress_action"]) == (
        "list_adding",
        "list_adding",
    )
    assert result["description_placeholders"]["total"] == "30"
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(entries(hass)) == 30


async def test_ignored_and_discovered_cameras(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A list counts for more than a card that was ignored, or that waits."""
    MockConfigEntry(
        domain="snapcam", unique_id="30000001", source=SOURCE_IGNORE
    ).add_to_hass(hass)
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    await camera.send_heartbeat()
    await hass.async_block_till_done()
    assert len(hass.config_entries.flow.async_progress()) == 1

    result = await paste(hass, f"30000001,Yard\n{OTHER_SN}")
    assert result["description_placeholders"]["new"] == "2"
    result = await step(hass, result, {"next_step_id": "list_add"})
    result = await progress(hass, result)
    assert result["description_placeholders"] == {"added": "2"}
    await hass.async_block_till_done()
    assert entries(hass).keys() == {SN, OTHER_SN, "30000001"}
    assert hass.config_entries.flow.async_progress() == []


async def test_added_by_somebody_else_meanwhile(
    hass: HomeAssistant, broker: Broker
) -> None:
    """A camera that is added in another window is not added a second time."""
    lists = [await paste(hass, "30000001\n30000002") for _ in range(2)]
    lists = [await step(hass, x, {"next_step_id": "list_add"}) for x in lists]
    ended = [await progress(hass, result) for result in lists]
    added = [int(x["description_placeholders"]["added"]) for x in ended]
    assert sum(added) == 2
    await hass.async_block_till_done()
    assert len(entries(hass)) == 2


async def test_broker_is_lost_meanwhile(hass: HomeAssistant, broker: Broker) -> None:
    """Without a broker all are silent at once, and can be added anyway."""
    result = await paste(hass, LIST)
    await broker.go_down()
    result = await step(hass, result, {"next_step_id": "list_ask"})
    result = await progress(hass, result)
    assert result["step_id"] == "list_silent"
    assert result["description_placeholders"]["answered"] == "0"
    result = await step(hass, result, {"next_step_id": "list_add"})
    result = await progress(hass, result)
    assert result["description_placeholders"] == {"added": "4"}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"cameras": ""}, {"cameras": "no_list"}),
        ({"cameras": "Dear all,\nplease add the cameras"}, {"cameras": "no_list"}),
        ({"cameras": "1\n" * 2001}, {"cameras": "list_too_long"}),
        ({"topics": {"up": "a/#"}}, {"base": "invalid_up"}),
        ({"topics": {"down": "$SYS/a"}}, {"base": "invalid_down"}),
        ({"topics": {"up": "a/{sn}", "down": "a/{sn}"}}, {"base": "topics_overlap"}),
    ],
)
async def test_list_errors(
    hass: HomeAssistant,
    broker: Broker,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What is wrong is said, stays typed, and can be pasted again."""
    result = await start(hass, "list")
    result = await step(hass, result, {"cameras": LIST, "topics": TOPICS} | changes)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "list")
    assert result["errors"] == errors
    assert shown_topics(result) == TOPICS | changes.get("topics", {})

    result = await step(hass, result, {"cameras": LIST, "topics": TOPICS})
    assert result["step_id"] == "list_read"


async def test_exported_list(hass: HomeAssistant, broker: Broker) -> None:
    """What is exported is a list that another Home Assistant takes."""
    result = await paste(hass, LIST)
    await progress(hass, await step(hass, result, {"next_step_id": "list_add"}))
    await hass.async_block_till_done()
    devices = dr.async_get(hass)
    yard = entries(hass)["30000001"]
    (device,) = dr.async_entries_for_config_entry(devices, yard.entry_id)
    devices.async_update_device(device.id, name_by_user="Back yard")
    response = await hass.services.async_call(
        "snapcam", "export_cameras", blocking=True, return_response=True
    )
    assert response == {
        "cameras": [
            {"sn": SN, "name": "Gate", "area": "Garden", **TOPICS},
            {"sn": "30000001", "name": "Back yard", "area": "", **TOPICS},
            {"sn": "30000002", "name": "Roof, left", "area": "Garden", **TOPICS},
            {"sn": "30000003", "name": "SnapCam 30000003", "area": "", **TOPICS},
        ],
        "list": f"{SN},Gate,Garden\n"
        "30000001,Back yard,\n"
        '30000002,"Roof, left",Garden\n'
        "30000003,SnapCam 30000003,\n",
    }

    result = await paste(hass, str(response["list"]))
    assert result["description_placeholders"]["known"] == "4"
