"""Faults of the broker and of cameras: what goes on, what is told, what is cleaned up."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .broker import Broker
from .common import JPEG, PNG, call, heartbeat, pass_time, state, upload
from .const import (
    BUTTON,
    CAMERA,
    CONNECTIVITY,
    DELIVERY,
    HB_INTERVAL,
    IMAGE,
    INTERNAL_URL,
    IO0,
    IO1,
    SN,
    UP,
    UPDATE,
)
from .simulator import SimulatedCamera

FLAPS = 20
OFFERED = 20


@pytest.fixture
def seen(hass: HomeAssistant, online: SimulatedCamera) -> list[str]:
    """Collect what is shown of the camera's connection from now on."""
    states: list[str] = []

    @callback
    def take(event: Event[EventStateChangedData]) -> None:
        new_state = event.data["new_state"]
        assert new_state is not None
        states.append(new_state.state)

    async_track_state_change_event(hass, CONNECTIVITY, take)
    return states


async def test_broker_is_absent_for_five_minutes(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    seen: list[str],
) -> None:
    """Nobody is called offline, and what was asked for meanwhile never happens."""
    await broker.go_down()
    for _ in range(30):
        with pytest.raises(HomeAssistantError) as raised:
            await call(hass, "snapcam.control_io", CAMERA, io0=True)
        assert raised.value.translation_key == "not_connected"
        await pass_time(hass, broker, freezer, 10)
    assert broker.published == []
    assert seen == ["unknown"]

    await broker.come_back()
    await online.send_heartbeat()
    await broker.settle()
    assert seen == ["unknown", "on"]
    assert [request["operate"] for request in online.received] == ["get_dev_config"]
    assert [answer["ret"] for answer in online.answers] == [0]
    await call(hass, "switch.turn_on", IO1)
    assert (online.io0, online.io1) == (0, 1)


async def test_broker_flaps(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    seen: list[str],
) -> None:
    """Each command that was under way ends then, is sent once, and leaves no work."""
    online.faults.silent = True
    for _ in range(FLAPS):
        command = asyncio.create_task(call(hass, "switch.turn_on", IO0))
        await broker.settle()
        await broker.go_down()
        with pytest.raises(HomeAssistantError) as raised:
            await command
        assert raised.value.translation_key == "not_connected"
        await broker.come_back()
    assert len(online.received) == FLAPS
    assert seen == ["unknown", "on"] * FLAPS
    assert entry._background_tasks == set()

    online.faults.silent = False
    await call(hass, "switch.turn_on", IO1)
    assert state(hass, IO1) == "on"


async def test_flapping(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    seen: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each time it is gone and back is told once, and leaves no work behind."""
    for _ in range(FLAPS):
        broker.disconnect(online)
        await pass_time(hass, broker, freezer, 91)
        await pass_time(hass, broker, freezer, 60)
        broker.connect(online)
        for _ in range(3):
            await online.send_heartbeat()
            await broker.settle()

    assert seen == ["off", "on"] * FLAPS
    assert caplog.text.count("Gate is offline") == FLAPS
    assert caplog.text.count("Gate is back") == FLAPS
    assert [answer["ret"] for answer in online.answers] == [0] * 3 * FLAPS
    assert entry._background_tasks == set()


async def test_flicker(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    seen: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A camera that is away for less than its window was never gone."""
    for _ in range(FLAPS):
        broker.disconnect(online)
        await pass_time(hass, broker, freezer, 70)
        broker.connect(online)
        await online.send_heartbeat()
        await broker.settle()

    assert seen == []
    assert "Gate is" not in caplog.text


async def test_two_cameras_with_one_serial_number(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Both are served as one camera that says and does everything twice.

    Both obey a command, the first answer counts, and the other one answers nothing.
    """
    twin = broker.connect(SimulatedCamera(sn=SN))
    twin.faults.integer_ids = True
    pictures = []
    for camera in (online, twin, online, twin):
        camera.answers.clear()
        await camera.send_heartbeat()
        await broker.settle()
        await camera.send_snapshot()
        await broker.settle()
        pictures.append(camera.last_picture)
        assert [answer["ret"] for answer in camera.answers] == [0, 0]
    stored = [path.read_bytes() for path in sorted(media.rglob("*.jpg"))]
    assert stored == pictures

    broker.published.clear()
    await call(hass, "switch.turn_on", IO0)
    await broker.settle()
    assert len(broker.messages("control_cmd")) == 1
    assert online.io0 == twin.io0 == 1
    assert (state(hass, IO0), state(hass, CONNECTIVITY)) == ("on", "on")
    assert [r for r in caplog.records if r.levelname in {"WARNING", "ERROR"}] == []


async def test_reordered_messages(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Each counts as it comes: the last one that came is shown, and all are kept."""
    now = heartbeat()["timestamp"]
    messages = [
        heartbeat(request_id="4", timestamp=now),
        upload(PNG, request_id="3", timestamp=now - 10),
        heartbeat(request_id="2", timestamp=now - 20),
        upload(JPEG, request_id="1", timestamp=now - 30),
    ]
    for message in messages:
        broker.send(message, UP)
    await broker.settle()

    answers = broker.messages("heartbeat_rsp") + broker.messages("upload_snapshot_rsp")
    assert {answer["request_id"]: answer["ret"] for answer in answers} == dict.fromkeys(
        "1234", 0
    )
    stored = [path.read_bytes() for path in sorted(media.rglob("*.*"))]
    assert stored == [PNG, JPEG]
    assert await shown(hass, hass_client) == JPEG
    assert state(hass, CONNECTIVITY) == "on"


COMMANDS: list[tuple[str, str, dict[str, Any]]] = [
    ("button.press", BUTTON, {}),
    ("switch.turn_on", IO0, {}),
    ("number.set_value", HB_INTERVAL, {"value": 30}),
    ("select.select_option", DELIVERY, {"option": "http_other"}),
    ("update.install", UPDATE, {}),
    ("snapcam.take_snapshot", CAMERA, {}),
    ("snapcam.control_io", CAMERA, {"io0": True}),
    ("snapcam.control_io", CAMERA, {"io1": True, "pulse": 5}),
]


@pytest.mark.parametrize(("action", "entity_id", "data"), COMMANDS)
async def test_unloaded_with_a_command_in_flight(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    action: str,
    entity_id: str,
    data: dict[str, Any],
) -> None:
    """Each kind of command ends at once with an error people can read, and is over."""
    offer = {"version": "2", "package_url": "http://192.168.1.2/fw.bin"}
    await call(hass, "snapcam.offer_firmware", CAMERA, **offer)
    online.faults.silent = True
    command = asyncio.create_task(call(hass, action, entity_id, **data))
    await broker.settle()
    assert len(online.received) == 1
    assert await hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(HomeAssistantError) as raised:
        await command
    assert raised.value.translation_domain == "snapcam"
    keys = {"update.install": "reloaded"}
    assert raised.value.translation_key == keys.get(action, "not_connected")
    assert entry._background_tasks == set()
    assert [name for name in names(hass) if "snapcam" in name] == []
    assert len(online.received) == 1


async def test_unloaded_while_a_delivery_is_tried(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """What is not proven is put back while it can be, and nobody goes on with it."""
    before = dict(vars(online.config))
    hass.config.internal_url = INTERNAL_URL
    option = {"option": "http_home_assistant"}
    command = asyncio.create_task(
        call(hass, "select.select_option", DELIVERY, **option)
    )
    await broker.settle()
    assert online.received[-1]["operate"] == "control_cmd"
    assert await hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(HomeAssistantError) as raised:
        await command
    assert raised.value.translation_key == "not_delivered"
    assert vars(online.config) == before
    assert [name for name in names(hass) if "snapcam" in name] == []


async def test_unloaded_with_all_places_taken(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """Those that wait end as well, and the camera takes commands when it is back."""
    online.faults.silent = True
    commands = [
        asyncio.create_task(call(hass, "switch.turn_on", IO0)) for _ in range(9)
    ]
    await broker.settle()
    assert await hass.config_entries.async_reload(entry.entry_id)

    results = await asyncio.gather(*commands, return_exceptions=True)
    assert {getattr(result, "translation_key", result) for result in results} == {
        "not_connected"
    }
    assert len(online.received) == 1
    online.faults.silent = False
    await call(hass, "switch.turn_on", IO1)
    assert state(hass, IO1) == "on"


async def test_ignored_cards_make_room(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Who has ignored a neighbour's cameras is offered their own, though all is quiet."""

    async def hear(sn: str) -> set[str]:
        broker.send(heartbeat(sn=sn), f"snapcam/{sn}/up")
        await broker.settle()
        flows = hass.config_entries.flow.async_progress()
        return {flow["context"]["unique_id"] for flow in flows}

    for number in range(OFFERED):
        await hear(f"{number:012}")
    assert "own" not in await hear("own")
    for number in range(OFFERED):
        await hass.config_entries.flow.async_init(
            "snapcam",
            context={"source": SOURCE_IGNORE},
            data={"unique_id": f"{number:012}", "title": "A neighbour's"},
        )
    assert await hear("own") == {"own"}


async def test_start_without_the_folder_for_media(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A disk that is not there yet keeps no camera from starting.

    Its pictures are there again once the disk is, and a new start.
    """
    await online.send_snapshot()
    await broker.settle()
    elsewhere = media.with_name("unplugged")
    assert await hass.config_entries.async_unload(entry.entry_id)
    media.rename(elsewhere)
    media.write_bytes(b"a file where the folder should be")
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, IMAGE) == "unknown"
    broker.send(upload(PNG), UP)
    await broker.settle()
    assert broker.messages("upload_snapshot_rsp")[-1]["ret"] == 6
    assert await shown(hass, hass_client) == PNG

    media.unlink()
    elsewhere.rename(media)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert await shown(hass, hass_client) == online.last_picture


async def shown(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> bytes:
    """Return the picture that is shown."""
    response = await (await hass_client()).get(f"/api/camera_proxy/{CAMERA}")
    assert response.status == HTTPStatus.OK
    return await response.read()


def names(hass: HomeAssistant) -> list[str]:
    """Return what is still being worked on."""
    return [
        work.get_name()
        for work in hass._tasks | hass._background_tasks
        if isinstance(work, asyncio.Task)
    ]
