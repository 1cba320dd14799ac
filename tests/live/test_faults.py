"""What goes on while the disk, the broker or a camera does what it should not."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
import json
from pathlib import Path
import resource

import aiomqtt

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_connected, until_heard
from tests.live.conftest import STEP, Installed, choose_delivery, install
from tests.live.flood import assert_served_in_a_flood
from tests.live.home import RETRY_SECONDS, Home
from tests.live.pictures import assert_shown, digest, listed, on_disk, upload
from tests.live.process import HOST, kib, until
from tests.simulator import pad_picture
from tests.simulator.commands import Message

pytestmark = STEP

ENTRIES = "/api/config/config_entries/entry"
MIB = 1024**2
STRANGERS = 1000
OFFERED = 20
FLICKERS = 15
THROWN_OFF = 3
FLOOD_SECONDS = 15.0
GROWTH = 50 * 1024
"""By how many KiB the memory may grow for a thousand strangers."""


async def test_stray_messages_change_nothing(
    home: Home, gate: Installed, broker: MqttBroker
) -> None:
    """Nobody is answered who says what was not asked, or what others have to say."""
    camera = gate.camera
    await until_heard(camera)
    image = await home.api.state(gate.entities["image.snapshot"])
    files = on_disk(home.pictures(camera.sn))
    picture = {
        "type": "take_snapshot",
        "data": camera.faults.encode(b"\xff\xd8\xff\xd9"),
    }
    stray: list[Message] = [
        {"operate": "heartbeat_rsp", "ret": 0, "msg": ""},
        {"operate": "control_cmd_rsp", "ret": 0, "msg": "", "cmd_data": picture},
        {"operate": "control_cmd", "timestamp": int(camera.now), "cmd_data": picture},
    ]
    async with connected(broker) as client:
        for number, message in enumerate(stray):
            envelope = {"sn": camera.sn, "request_id": f"stray {number}"}
            await publish(client, camera.sn, message | envelope)
    await until_heard(camera)
    assert await home.api.state(gate.entities["image.snapshot"]) == image
    assert on_disk(home.pictures(camera.sn)) == files


async def test_message_that_comes_twice_is_taken_once(
    home: Home, gate: Installed
) -> None:
    """The camera has two answers, and the picture is kept once."""
    camera = gate.camera
    before = len(on_disk(home.pictures(camera.sn)))
    camera.faults.duplicate = True
    request_id = await camera.send_snapshot()
    camera.faults.duplicate = False
    await camera.wait_answer(request_id)
    await until_heard(camera)
    answers = [a["ret"] for a in camera.answers if a["request_id"] == request_id]
    assert answers == [0, 0]
    assert len(on_disk(home.pictures(camera.sn))) == before + 1


async def test_camera_that_flickers_was_never_gone(
    home: Home, cameras: Cameras
) -> None:
    """One that is switched off and on again and again is shown as it is: there."""
    sn = "200000000061"
    installed = await install(home, cameras, sn, "Flicker", hb_interval=15)
    connectivity = installed.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on")
    async with home.api.states_of(connectivity) as states:
        for _ in range(FLICKERS):
            await cameras.stop(sn)
            camera = await cameras.start(sn, hb_interval=15)
        await until_heard(camera)
        await home.api.act("switch.turn_on", installed.entities["switch.io0"])
    assert camera.io0 == 1
    assert states == []
    assert "Flicker is " not in home.log.read_text()


async def test_two_cameras_with_one_serial_number(
    home: Home, cameras: Cameras, broker: MqttBroker
) -> None:
    """They throw each other off the broker; whichever is on it is served.

    A broker has one connection for each client id, which is made of the serial number.
    """
    sn = "200000000067"
    installed = await install(home, cameras, sn, "Twin", hb_interval=15)
    connectivity = installed.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on")
    twins = Cameras(broker.camera_port)
    async with home.api.states_of(connectivity) as states:
        twin = await twins.start(sn, hb_interval=15)
        both = (installed.camera, twin)

        async def both_are_heard() -> bool:
            return all(len(camera.answers) >= THROWN_OFF for camera in both)

        await until(both_are_heard, "one of the twins is not answered", seconds=30)
        await twins.stop_all()
        await until_connected(installed.camera)
        await until_heard(installed.camera)
        await home.api.act("switch.turn_on", installed.entities["switch.io1"])
    assert installed.camera.io1 == 1
    assert states == []
    answers = [a["ret"] for camera in both for a in camera.answers]
    assert set(answers) == {0}


async def test_pictures_are_shown_while_the_media_folder_is_gone(
    home: Home, gate: Installed, cameras: Cameras
) -> None:
    """Each camera is told so, people once, and it ends by itself.

    Where the folder was is a file: that stops everybody from writing there, while
    permissions would not stop root.
    """
    other = await install(home, cameras, "200000000062", "Carport")
    for installed in (gate, other):
        assert await upload(installed.camera) == 0
    with replaced(home.config / "media"):
        for installed in (gate, other, gate):
            assert await upload(installed.camera) == 6
            await assert_shown(home, installed)
        assert await issues(home) == ["storage_failed"]
        assert await listed(home.api, gate.camera.sn) == set()
        camera = gate.entities["camera.snapshot"]
        taken = await home.api.respond("snapcam.take_snapshot", camera)
        assert (taken[camera]["url"], taken[camera]["size"]) == (
            None,
            len(gate.camera.last_picture or b""),
        )
    for installed in (gate, other):
        assert await upload(installed.camera) == 0
        await assert_shown(home, installed)
    assert await issues(home) == []
    said = home.log.read_text().count("Snapshots cannot be stored")
    assert said == 1


async def test_picture_that_breaks_off_on_disk_leaves_nothing(
    home: Home, cameras: Cameras
) -> None:
    """A write that fails half-way is told, and what is smaller is still stored.

    The limit for files of Home Assistant's process works where disks cannot be mounted.
    """
    installed = await install(home, cameras, "200000000063", "Pier")
    camera, folder = installed.camera, home.pictures("200000000063")
    await choose_delivery(home, installed, "http_home_assistant")
    large = pad_picture(camera.take_picture(), 15 * MIB // 2)
    before = on_disk(folder)
    with file_limit(home.pid, 7 * MIB):
        assert await upload(camera, large) == 6
        await assert_shown(home, installed)
        assert on_disk(folder) == before
        assert await issues(home) == ["storage_failed"]
        assert await upload(camera) == 0
        assert await issues(home) == []
    assert await upload(camera, large) == 0
    assert digest(large) in on_disk(folder).values()


async def test_thousand_strangers_are_twenty_cards(
    home: Home, gate: Installed, broker: MqttBroker, cameras: Cameras
) -> None:
    """A neighbour's cameras cost little, and who ignores them is offered their own."""
    await until_heard(gate.camera)
    log, memory = home.log.stat().st_size, kib(home.pid, "VmRSS")
    async with connected(broker) as client:
        for number in range(STRANGERS):
            sn = f"3{number:011}"
            message = {
                "operate": "heartbeat",
                "request_id": f"{number}",
                "timestamp": int(gate.camera.now),
                "sn": sn,
            }
            await publish(client, sn, message)
    await until_heard(gate.camera)

    async def twenty() -> bool:
        return len(await flows.offered(home.api)) == OFFERED

    await until(twenty, "there are not twenty cards")
    assert kib(home.pid, "VmRSS") - memory < GROWTH
    assert home.log.stat().st_size - log < 100_000
    for flow in (await flows.offered(home.api)).values():
        await flows.ignore(home.api, flow)
    await cameras.start("200000000064")
    await flows.discovered(home.api, "200000000064")


async def test_flood_of_pictures_leaves_the_others_served(
    home: Home, gate: Installed, cameras: Cameras
) -> None:
    """One camera that runs wild for a while neither blocks nor fills anything."""
    wild = await install(home, cameras, "200000000065", "Wild")
    await assert_served_in_a_flood(home, wild, gate, seconds=FLOOD_SECONDS)


async def test_mqtt_is_removed_and_added_again(
    home: Home, gate: Installed, broker: MqttBroker, cameras: Cameras
) -> None:
    """Cameras are there again by themselves, also one that was reloaded meanwhile.

    What the broker has kept of a camera meanwhile is no new picture.
    """
    sn = "200000000066"
    installed = await install(home, cameras, sn, "Lagoon")
    camera, entities = installed.camera, installed.entities
    assert await upload(camera) == 0
    shown = await home.api.state(entities["image.snapshot"])
    files = on_disk(home.pictures(sn))

    (entry,) = await home.api.command("config_entries/get", domain="mqtt")
    await home.api.request("DELETE", f"{ENTRIES}/{entry['entry_id']}")
    await home.api.until_state(entities["binary_sensor.connectivity"], "unknown")
    assert (await home.api.state(entities["switch.io0"]))["state"] == "unavailable"
    reload = f"{ENTRIES}/{await home.api.entry_id(gate.camera.sn)}/reload"
    await home.api.request("POST", reload)
    message = {
        "operate": "upload_snapshot",
        "request_id": "kept",
        "timestamp": int(camera.now),
        "sn": sn,
        "data": camera.faults.encode(camera.take_picture()),
    }
    async with connected(broker) as client:
        await publish(client, sn, message, retain=True)

    await flows.add_mqtt(home.api, broker.home_port)
    await home.api.until_state(entities["binary_sensor.connectivity"], "on")
    await assert_served_once(installed)
    await home.api.act("switch.turn_on", entities["switch.io0"])
    assert camera.io0 == 1
    assert await home.api.state(entities["image.snapshot"]) == shown
    assert on_disk(home.pictures(sn)) == files
    connectivity = gate.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on", seconds=RETRY_SECONDS)
    await assert_served_once(gate)
    async with connected(broker) as client:
        await client.publish(f"snapcam/{sn}/up", b"", qos=1, retain=True)


async def assert_served_once(installed: Installed) -> None:
    """Assert that a camera gets one answer to what it says."""
    camera = installed.camera
    camera.answers.clear()
    for _ in range(3):
        await until_heard(camera)
    ids = [answer["request_id"] for answer in camera.answers]
    assert len(ids) == len(set(ids))


async def issues(home: Home) -> list[str]:
    """Return the repair issues of the integration."""
    found = await home.api.command("repairs/list_issues")
    return [i["issue_id"] for i in found["issues"] if i["domain"] == "snapcam"]


@asynccontextmanager
async def connected(broker: MqttBroker) -> AsyncGenerator[aiomqtt.Client]:
    """Be somebody on the broker who is no camera."""
    async with aiomqtt.Client(HOST, broker.camera_port) as client:
        yield client


async def publish(
    client: aiomqtt.Client, sn: str, message: Message, *, retain: bool = False
) -> None:
    """Say something on the topic of a camera."""
    payload = json.dumps(message)
    await client.publish(f"snapcam/{sn}/up", payload, qos=1, retain=retain)


@contextmanager
def replaced(folder: Path) -> Generator[None]:
    """Have a file where a folder was."""
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    try:
        folder.write_bytes(b"")
        yield
    finally:
        folder.unlink()
        elsewhere.rename(folder)


@contextmanager
def file_limit(pid: int, size: int) -> Generator[None]:
    """Let a process write no file that is larger."""
    former = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, former)
