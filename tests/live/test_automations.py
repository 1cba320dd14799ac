"""What people automate: pictures on a trigger, triggers on pictures, doors."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
import shutil
from unittest.mock import patch

import pytest
import pytest_asyncio

from tests.live.api import Api, Json, device_id
from tests.live.automations import automation, next_event
from tests.live.conftest import STEP, Installed
from tests.live.home import Home
from tests.live.phones import press, pushed, register
from tests.live.pictures import digest
from tests.live.process import ROOT, until

pytestmark = STEP

BLUEPRINTS = "blueprints/automation/snapcam"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def phone(home: Home) -> str:
    """Return the webhook of a phone with the app, which is called Pixel."""
    return await register(home.api, "Pixel", push_websocket_channel=True)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def target(home: Home, gate: Installed) -> Json:
    """Return the ways to name a camera, one of them by an area it is in."""
    area = await home.api.command("config/area_registry/create", name="Drive")
    device = await device_id(home.api, "Front gate")
    await home.api.command(
        "config/device_registry/update", device_id=device, area_id=area["area_id"]
    )
    return {"device_id": device, "area_id": area["area_id"]}


async def test_blueprint_sends_the_picture_it_has_taken(
    home: Home, gate: Installed, phone: str
) -> None:
    """The notification has the very picture, not the one before, and needs no delay."""
    shutil.copytree(ROOT / BLUEPRINTS, home.config / BLUEPRINTS, dirs_exist_ok=True)
    camera = gate.camera
    await camera.wait_answer(await camera.send_snapshot())
    before = camera.last_picture
    done = {
        "url": "{{ snapshot.url }}",
        "media_content_id": "{{ snapshot.media_content_id }}",
        "size": "{{ snapshot.size }}",
    }
    blueprint = {
        "path": "snapcam/snapshot_on_trigger.yaml",
        "input": {
            "triggers": [{"trigger": "event", "event_type": "live_motion"}],
            "cameras": [gate.entities["camera.snapshot"]],
            "phones": [await device_id(home.api, "Pixel")],
            "then": [{"event": "live_done", "event_data": done}],
        },
    }
    async with (
        automation(home.api, "live_blueprint", use_blueprint=blueprint),
        home.api.subscribed(
            "mobile_app/push_notification_channel", webhook_id=phone
        ) as notifications,
        home.api.subscribed("subscribe_events", event_type="live_done") as events,
    ):
        # Even of a camera that takes its time.
        with patch.object(camera.faults, "answer_delay", 1.0):
            await home.api.request("POST", "/api/events/live_motion")
            notification = await next_event(notifications)
            data = (await next_event(events))["data"]
    assert camera.last_picture is not None
    assert camera.last_picture != before
    assert notification["title"] == "Front gate"
    assert notification["data"]["image"] == data["url"]
    assert data["size"] == len(camera.last_picture)
    assert await is_served(home.api, data["url"], camera.last_picture)
    resolved = await home.api.command(
        "media_source/resolve_media", media_content_id=data["media_content_id"]
    )
    assert resolved["mime_type"] == "image/jpeg"
    assert await is_served(home.api, resolved["url"], camera.last_picture)


async def test_blueprint_sends_what_the_camera_sends_by_itself(
    home: Home, gate: Installed, phone: str
) -> None:
    """The phones get the very picture, and its buttons do what is written on them.

    One is connected to Home Assistant, the other is reached by a push service.
    """
    shutil.copytree(ROOT / BLUEPRINTS, home.config / BLUEPRINTS, dirs_exist_ok=True)
    camera = gate.camera
    timer = await home.api.command("timer/create", name="Silence")
    silence = f"timer.{timer['id']}"
    async with AsyncExitStack() as stack:
        far_away = await stack.enter_async_context(pushed(home.api, "Tablet"))
        blueprint = {
            "path": "snapcam/send_what_it_sees.yaml",
            "input": {
                "cameras": {"device_id": await device_id(home.api, "Front gate")},
                "phones": [await device_id(home.api, x) for x in ("Pixel", "Tablet")],
                "line": "io1",
                "pulse": 1,
                "silence": [silence],
            },
        }
        await stack.enter_async_context(
            automation(home.api, "live_sees", use_blueprint=blueprint)
        )
        notifications = await stack.enter_async_context(
            home.api.subscribed(
                "mobile_app/push_notification_channel", webhook_id=phone
            )
        )
        await camera.wait_answer(await camera.send_snapshot())
        seen = camera.last_picture
        assert seen is not None
        first = await next_event(notifications)
        assert await is_served(home.api, first["data"]["image"], seen)
        assert (await next_event(far_away))["data"] == first["data"]
        buttons = {x["title"]: x["action"] for x in first["data"]["actions"]}

        await press(home.api, phone, buttons["Take another"])
        second = await next_event(notifications)
        assert camera.last_picture not in (None, seen)
        assert await is_served(home.api, second["data"]["image"], camera.last_picture)
        assert second["data"]["tag"] == first["data"]["tag"]

        await press(home.api, phone, buttons["Open the gate"])

        async def is_open() -> bool:
            return camera.io1 == 1

        async def is_shut() -> bool:
            return camera.io1 == 0

        await until(is_open, "the gate is not opened")
        await until(is_shut, "the gate is not shut")

        await next_event(far_away)
        await press(home.api, phone, buttons["Silence 30 minutes"])
        await home.api.until_state(silence, "active")
        await camera.wait_answer(await camera.send_snapshot())
        assert (notifications.qsize(), far_away.qsize()) == (0, 0)


@pytest.mark.parametrize("way", ["entity_id", "device_id", "area_id"])
async def test_automation_runs_on_a_picture_of_a_camera_that_is_online(
    home: Home, gate: Installed, target: Json, way: str
) -> None:
    """Trigger and condition of the editor do, however the camera is named."""
    event, connectivity = (
        {**target, "entity_id": gate.entities[key]}[way]
        for key in ("event.snapshot", "binary_sensor.connectivity")
    )
    config = {
        "triggers": [{"trigger": "snapcam.snapshot_received", "target": {way: event}}],
        "conditions": [is_online({way: connectivity})],
        "actions": [
            {
                "event": "live_received",
                "event_data": {
                    "entity_id": "{{ trigger.entity_id }}",
                    "url": "{{ trigger.to_state.attributes.url }}",
                },
            }
        ],
    }
    async with (
        automation(home.api, f"live_{way}", **config),
        home.api.subscribed("subscribe_events", event_type="live_received") as events,
    ):
        request_id = await gate.camera.send_snapshot()
        data = (await next_event(events))["data"]
        await gate.camera.wait_answer(request_id)
    assert data["entity_id"] == gate.entities["event.snapshot"]
    assert gate.camera.last_picture is not None
    assert await is_served(home.api, data["url"], gate.camera.last_picture)


async def test_condition_fails_for_a_camera_that_is_not_heard(
    home: Home, gate: Installed, silent: Installed
) -> None:
    """One camera of two is enough or not, as the automation wants it."""
    sensors = [
        camera.entities["binary_sensor.connectivity"] for camera in (gate, silent)
    ]
    await home.api.until_state(sensors[1], "off", seconds=50)
    passed = [
        await home.api.command("test_condition", condition=condition)
        for condition in (
            is_online({"entity_id": sensors}, behavior="any"),
            is_online({"entity_id": sensors}, behavior="all"),
            is_online({"entity_id": sensors[1]}),
        )
    ]
    assert [outcome["result"] for outcome in passed] == [True, False, False]


async def test_action_responds_with_the_new_picture(
    home: Home, gate: Installed
) -> None:
    """A script learns all it needs to send the picture on."""
    before = datetime.now(UTC)
    entity = gate.entities["camera.snapshot"]
    response = await home.api.respond("snapcam.take_snapshot", entity)
    picture = gate.camera.last_picture
    assert picture is not None
    details = response[entity]
    captured_at = datetime.fromisoformat(details.pop("captured_at"))
    assert before <= captured_at <= datetime.now(UTC)
    url = details.pop("url")
    assert details == {
        "content_type": "image/jpeg",
        "size": len(picture),
        "media_content_id": url.replace("/media/local/", "media-source://", 1),
        "panel_url": url.replace("/media/local", "", 1).removesuffix(".jpg"),
        "request_id": gate.camera.received[-1]["request_id"],
    }
    assert await is_served(home.api, url, picture)


async def test_pulse_sets_a_line_and_sets_it_back(home: Home, gate: Installed) -> None:
    """The action returns while the line is set, and the line goes back by itself."""
    camera, entity = gate.camera, gate.entities["camera.snapshot"]
    loop = asyncio.get_running_loop()
    await home.api.act("switch.turn_off", gate.entities["switch.io0"])
    started = loop.time()
    await home.api.act("snapcam.control_io", entity, io0=True, pulse=1)
    assert camera.io0 == 1

    async def is_back() -> bool:
        return camera.io0 == 0

    await until(is_back, "the line is not set back")
    assert 1 <= loop.time() - started < 3
    await home.api.until_state(gate.entities["switch.io0"], "off")


def is_online(target: Json, *, behavior: str = "any") -> Json:
    """Return the condition of the automation editor."""
    options = {"behavior": behavior}
    return {"condition": "snapcam.is_online", "target": target, "options": options}


async def is_served(api: Api, url: str, picture: bytes) -> bool:
    """Return whether an address has exactly this picture."""
    content, content_type = await api.download(url)
    return (digest(content), content_type) == (digest(picture), "image/jpeg")
