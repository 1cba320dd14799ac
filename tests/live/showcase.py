"""What there is to see in the demo: cameras, pictures, automations, a dashboard."""

import asyncio
from datetime import datetime, timedelta
import shutil

from tests.simulator import draw_picture

from . import automations, dashboard, flows
from .api import Json
from .cameras import Cameras, Installed, until_heard
from .dashboard import Shown, Trial
from .home import Home
from .process import ROOT
from .texts import ENGLISH, Texts

GATE = "200000000001"
WORKSHOP = "200000000002"

PICTURE_SIZE = (1280, 720)
SNAPSHOT_SECONDS = 60.0
DOOR_SECONDS = 5
LAMP = "mdi:post-lamp"

# The hours of yesterday's pictures.
HOURS = (6, 8, 12, 16, 19, 22)
DAYLIGHT = range(8, 18)

VERSION = "1.4.2"
NEW_VERSION = "1.5.0"
PACKAGE = bytes(2_000_000)
RESTART_SECONDS = 8.0

BLUEPRINTS = "blueprints/automation/snapcam"


async def build(
    home: Home, cameras: Cameras, texts: Texts = ENGLISH
) -> dict[str, Installed]:
    """Fill a Home Assistant that has an owner and MQTT; return its cameras by SN."""
    names = {GATE: texts.gate, WORKSHOP: texts.workshop}
    lines = {
        GATE: zip(texts.gate_lines, ("mdi:gate", LAMP), strict=True),
        WORKSHOP: zip(texts.workshop_lines, ("mdi:garage", LAMP), strict=True),
    }
    installed = {
        sn: await add_camera(home, cameras, sn, name) for sn, name in names.items()
    }
    await offer_firmware(home, installed[GATE], texts)
    await dashboard.create(
        home.api,
        texts,
        [
            Shown(sn=sn, name=names[sn], lines=[*lines[sn]], entities=camera.entities)
            for sn, camera in installed.items()
        ],
        await add_automations(home, installed, texts),
    )
    return installed


async def add_camera(home: Home, cameras: Cameras, sn: str, name: str) -> Installed:
    """Switch a camera on, add it, and have it take pictures."""
    await asyncio.to_thread(hang_up_yesterday, home, sn)
    camera = await cameras.start(sn, snapshot_every=SNAPSHOT_SECONDS)
    camera.picture_size = PICTURE_SIZE
    camera.version = VERSION
    await flows.add_camera(home.api, sn, name)
    await until_heard(camera)
    entities = await home.api.entities(sn)
    # Nobody knows the lines until they are set, and a demo should not begin like that.
    for line, state in (("io1", "on"), ("io0", "on"), ("io0", "off")):
        await home.api.act(f"switch.turn_{state}", entities[f"switch.{line}"])
        await camera.wait_answer(await camera.send_snapshot())
    return Installed(camera=camera, entities=entities)


def hang_up_yesterday(home: Home, sn: str) -> None:
    """Put pictures where Home Assistant would have stored them yesterday."""
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    folder = home.pictures(sn) / f"{yesterday:%Y-%m-%d}"
    folder.mkdir(parents=True)
    for number, hour in enumerate(HOURS, start=1):
        taken_at = yesterday.replace(hour=hour, minute=7 * number)
        picture = draw_picture(
            sn=sn,
            taken_at=taken_at,
            io0=0,
            io1=hour not in DAYLIGHT,
            size=PICTURE_SIZE,
            counter=number,
        )
        (folder / f"{taken_at:%H%M%S-%f}.jpg").write_bytes(picture)


async def offer_firmware(home: Home, installed: Installed, texts: Texts) -> None:
    """Offer a camera new firmware, and have it restart with that when it is installed."""
    installed.camera.next_version = NEW_VERSION
    installed.camera.upgrade_downtime = RESTART_SECONDS
    await home.offer_firmware(
        installed.entities["camera.snapshot"],
        PACKAGE,
        NEW_VERSION,
        release_notes=texts.release_notes,
    )


async def add_automations(
    home: Home, installed: dict[str, Installed], texts: Texts
) -> list[Trial]:
    """Make automations from the blueprints, each with a button that sets it off."""
    await asyncio.to_thread(
        shutil.copytree, ROOT / BLUEPRINTS, home.config / BLUEPRINTS
    )
    gate, workshop = (
        installed[sn].entities["camera.snapshot"] for sn in (GATE, WORKSHOP)
    )
    return [
        await add_automation(
            home,
            alias=texts.bell,
            button=(texts.bell_button, "mdi:bell-ring"),
            message=texts.bell_message,
            path="snapcam/open_door.yaml",
            camera=gate,
            pulse=DOOR_SECONDS,
        ),
        await add_automation(
            home,
            alias=texts.motion,
            button=(texts.motion_button, "mdi:motion-sensor"),
            message=texts.motion_message,
            path="snapcam/snapshot_on_trigger.yaml",
            cameras=[workshop],
        ),
    ]


async def add_automation(
    home: Home,
    *,
    alias: str,
    button: tuple[str, str],
    message: str,
    path: str,
    **inputs: object,
) -> Trial:
    """Make one from a blueprint: at the press of a new button, and to tell of it."""
    name, icon = button
    helper = await home.api.command("input_button/create", name=name, icon=icon)
    pressed = await home.api.entity("input_button", helper["id"])
    inputs |= {
        "triggers": [{"trigger": "state", "entity_id": pressed}],
        "then": notify(home, alias, message),
    }
    automation = await automations.add(
        home.api,
        helper["id"],
        alias=alias,
        use_blueprint={"path": path, "input": inputs},
    )
    return Trial(button=pressed, automation=automation)


def notify(home: Home, title: str, message: str) -> list[Json]:
    """Return the actions that show the picture among Home Assistant's notifications."""
    # Pictures in notifications are loaded without a log-in, so it must be where none is needed.
    file = "{{ snapshot.request_id }}.jpg"
    return [
        {
            "action": "camera.snapshot",
            "target": {"entity_id": "{{ camera_entity }}"},
            "data": {"filename": f"{home.config}/www/{file}"},
        },
        {
            "action": "persistent_notification.create",
            "data": {"title": title, "message": f"{message}\n\n![](/local/{file})"},
        },
    ]
