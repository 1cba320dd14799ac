"""Adding a camera that is heard."""

import asyncio

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntryDisabler,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from ..broker import Broker
from ..common import heartbeat
from ..const import OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import confirm, progress, start, step


async def test_search(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Cameras that speak are listed, but those that are set up; one is picked."""
    MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        data={"sn": OTHER_SN, **TOPICS},
        disabled_by=ConfigEntryDisabler.USER,
    ).add_to_hass(hass)
    broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
    cameras = [broker.connect(SimulatedCamera(sn=f"30000000000{n}")) for n in range(3)]
    result = await start(hass, "search")
    assert (result["step_id"], result["progress_action"]) == ("search", "search")
    broker.send(heartbeat(), f"snapcam/{SN}/up")
    broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
    for camera in (*cameras, *cameras):
        await camera.send_heartbeat()
        await asyncio.sleep(0)
    async_fire_time_changed(hass, fire_all=True)
    result = await progress(hass, result)

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "pick")
    selector = result["data_schema"].schema["sn"]
    listed = [option["value"] for option in selector.config["options"]]
    assert listed == [camera.sn for camera in cameras]
    result = await step(hass, result, {"sn": [cameras[1].sn]})
    result = await confirm(hass, await progress(hass, result))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"SnapCam {cameras[1].sn}"
    assert result["data"] == {"sn": cameras[1].sn, **TOPICS}
    assert hass.config_entries.flow.async_progress() == []


async def test_search_and_pick_several(hass: HomeAssistant, broker: Broker) -> None:
    """Several are added at once; at least one has to be chosen."""
    cameras = [broker.connect(SimulatedCamera(sn=f"3000000{n}")) for n in range(3)]
    result = await start(hass, "search")
    for camera in cameras:
        await camera.send_heartbeat()
        await asyncio.sleep(0)
    async_fire_time_changed(hass, fire_all=True)
    result = await step(hass, await progress(hass, result), {"sn": []})
    assert (result["step_id"], result["errors"]) == ("pick", {"sn": "none_chosen"})
    result = await step(hass, result, {"sn": [cameras[0].sn, cameras[2].sn]})
    result = await progress(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "cameras_added")
    assert result["description_placeholders"] == {"added": "2"}
    entries = hass.config_entries.async_entries("snapcam")
    assert {x.data["sn"] for x in entries} == {cameras[0].sn, cameras[2].sn}
    assert {x.data["up"] for x in entries} == {TOPICS["up"]}
    await hass.async_block_till_done()


async def test_search_on_topics_in_use(hass: HomeAssistant, broker: Broker) -> None:
    """A camera beside one with topics of its own is found, and has its topics."""
    topics = {"up": "cams/{sn}/said", "down": "cams/{sn}/told"}
    MockConfigEntry(
        domain="snapcam", unique_id=SN, data={"sn": SN, **topics}
    ).add_to_hass(hass)
    (entry,) = hass.config_entries.async_entries("snapcam")
    assert await hass.config_entries.async_setup(entry.entry_id)
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN), **topics)

    result = await start(hass, "search")
    await camera.send_heartbeat()
    await asyncio.sleep(0)
    async_fire_time_changed(hass, fire_all=True)
    result = await progress(hass, result)
    result = await progress(hass, await step(hass, result, {"sn": [OTHER_SN]}))
    result = await confirm(hass, result)
    assert result["data"] == {"sn": OTHER_SN, **topics}


async def test_search_hears_nothing(hass: HomeAssistant, broker: Broker) -> None:
    """When nothing is heard the flow says what to check, and searches again."""
    result = await start(hass, "search")
    async_fire_time_changed(hass, fire_all=True)
    result = await progress(hass, result)
    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "nothing_heard")
    assert result["menu_options"] == ["search", "listen", "manual"]

    result = await step(hass, result, {"next_step_id": "search"})
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_discovery(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A discovered camera is confirmed, asked, and added."""
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    await camera.send_heartbeat()
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "discovery_confirm"

    result = await step(hass, flow, {})
    result = await confirm(hass, await progress(hass, result))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"SnapCam {OTHER_SN}"
    assert result["data"] == {"sn": OTHER_SN, **TOPICS}


async def test_discovery_of_a_camera_that_is_set_up(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A card for a camera that was added meanwhile goes away by itself."""
    result = await hass.config_entries.flow.async_init(
        "snapcam",
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={"sn": SN, **TOPICS},
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
