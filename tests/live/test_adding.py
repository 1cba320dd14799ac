"""A camera is added in each of the ways there are."""

import aiohttp
import pytest

from tests.live import flows
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed
from tests.live.home import Home

pytestmark = STEP

TOPICS = {"up": "snapcam/{sn}/up", "down": "snapcam/{sn}/down"}


async def test_without_mqtt_the_flow_says_what_is_missing(bare_home: Home) -> None:
    """Somebody without MQTT is told so before anything is asked."""
    flow = await flows.start(bare_home.api)
    assert (flow["type"], flow["reason"]) == ("abort", "mqtt_not_configured")


# Silence must last 45 s before anything can be seen, and an attempt 20 s. They begin here.
@pytest.mark.usefixtures("silent", "brokerless", "unreachable")
async def test_camera_is_added_by_its_serial_number(
    home: Home, cameras: Cameras
) -> None:
    """The usual way: menu, serial number, an answering camera, a device."""
    sn = "200000000011"
    await cameras.start(sn)
    menu = await flows.start(home.api)
    assert (menu["type"], menu["menu_options"]) == (
        "menu",
        ["search", "listen", "manual", "list"],
    )
    form = await flows.choose(home.api, menu, "manual")
    assert (form["type"], form["step_id"]) == ("form", "manual")
    # The frontend fills a section in by its own default, not by its fields'.
    assert form["data_schema"][-1]["default"] == TOPICS
    end = await flows.submit(home.api, form, sn=sn, topics={})
    assert (end["type"], end["title"]) == ("create_entry", f"SnapCam {sn}")
    await flows.give_name(home.api, sn, "Garage")
    devices = await home.api.command("config/device_registry/list")
    (device,) = [device for device in devices if device["serial_number"] == sn]
    assert device["name_by_user"] == "Garage"
    entities = await home.api.entities(sn)
    assert entities["camera.snapshot"] == "camera.garage"
    await home.api.until_state(entities["camera.snapshot"], "idle")
    entry = await home.api.command(
        "config_entries/get_single", entry_id=end["result"]["entry_id"]
    )
    assert entry["config_entry"]["title"] == "Garage"


async def test_camera_cannot_be_added_twice(home: Home, gate: Installed) -> None:
    """A serial number is one device, however often it is typed."""
    form = await flows.choose(home.api, await flows.start(home.api), "manual")
    end = await flows.submit(home.api, form, sn=gate.camera.sn, topics={})
    assert (end["type"], end["reason"]) == ("abort", "already_configured")


@pytest.mark.parametrize("sn", ["", "no spaces", "../up", "a+b", "0" * 65])
async def test_wrong_serial_number_is_refused(home: Home, sn: str) -> None:
    """What is no serial number is said to be none, and the form stays open."""
    form = await flows.choose(home.api, await flows.start(home.api), "manual")
    again = await flows.submit(home.api, form, sn=sn, topics={})
    assert (again["type"], again["errors"]) == ("form", {"sn": "invalid_sn"})


async def test_camera_is_found_by_searching(home: Home, cameras: Cameras) -> None:
    """A camera that is switched on during the search can be picked from a list."""
    sn = "200000000012"
    progress = await flows.search(home.api, await flows.start(home.api))
    camera = await cameras.start(sn, hb_interval=15)
    form = await flows.follow(home.api, progress)
    assert (form["type"], form["step_id"]) == ("form", "pick")
    offered = form["data_schema"][0]["selector"]["select"]["options"]
    assert offered == [{"value": sn, "label": sn}]
    confirm = await flows.submit(home.api, form, sn=[sn])
    assert (confirm["type"], confirm["step_id"]) == ("form", "confirm")
    picture = confirm["description_placeholders"]["picture"]
    # As an image in the dialog is loaded: without a log-in.
    async with aiohttp.request("GET", f"{home.api.url}{picture}") as response:
        assert (response.status, await response.read()) == (200, camera.last_picture)
    end = await flows.submit(home.api, confirm)
    assert (end["type"], end["title"]) == ("create_entry", f"SnapCam {sn}")


async def test_unreachable_camera_can_be_added_anyway(
    home: Home, cameras: Cameras
) -> None:
    """A camera that is still in its box works as soon as it is switched on."""
    sn = "200000000013"
    menu = await flows.add_camera(home.api, sn)
    assert (menu["type"], menu["step_id"]) == ("menu", "no_answer")
    assert menu["menu_options"] == ["retry", "manual", "add_anyway"]
    end = await flows.choose(home.api, menu, "add_anyway")
    assert (end["type"], end["title"]) == ("create_entry", f"SnapCam {sn}")
    await until_heard(await cameras.start(sn))
    entities = await home.api.entities(sn)
    await home.api.until_state(entities["binary_sensor.connectivity"], "on")
    await home.api.until_state(entities["number.hb_interval"], "60")


@pytest.mark.usefixtures("gate")
async def test_unknown_camera_is_offered(home: Home, cameras: Cameras) -> None:
    """A camera heard on a topic in use is one click away from being set up."""
    sn = "200000000014"
    await cameras.start(sn)
    flow = await flows.discovered(home.api, sn)
    assert flow["context"]["title_placeholders"] == {"name": sn}
    confirm = await flows.submit(home.api, flow)
    assert (confirm["type"], confirm["step_id"]) == ("form", "confirm")
    end = await flows.submit(home.api, confirm)
    assert (end["type"], end["title"]) == ("create_entry", f"SnapCam {sn}")
