"""The bridge that docs/remote.md describes: two brokers, and a line that is cut."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from io import BytesIO
import shutil

import aiomqtt
from PIL import Image
import pytest

from tests.live import flows
from tests.live.broker import find_mosquitto
from tests.live.cameras import Cameras, Installed, until_heard
from tests.live.conftest import STEP, new_home, shared
from tests.live.home import Home
from tests.live.line import Line
from tests.live.pages import follow, password, start
from tests.live.process import HOST, ROOT, ServerError, free_port

pytestmark = [
    *STEP,
    pytest.mark.skipif(
        find_mosquitto() is None or shutil.which("mosquitto_passwd") is None,
        reason="the page is about Mosquitto",
    ),
]

SITE = "north"
TOPICS = {"up": "north/{sn}/up", "down": "north/{sn}/down"}
GATE = "200000000001"
HEARTBEAT = 15

OFFLINE_SECONDS = 45.0
"""The silence after which a camera with that heartbeat counts as offline."""

LATE_SECONDS = 15.0
"""Until the broker at home has closed a connection that is silent."""

BACK_SECONDS = 45.0
"""The longest pause of the bridge, and a heartbeat."""

LARGE_SIZE = (1600, 1200)
LARGE_BYTES = 1_400_000

HEARTBEAT_BYTES = 350
"""What the page counts with, besides some 250 for what TCP adds."""


@dataclass(frozen=True, kw_only=True)
class Bridged:
    """A camera at the site, the line home, and the port of the broker there."""

    gate: Installed
    line: Line
    port: int


@shared
async def bridged_home(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[Home]:
    """Run a Home Assistant for the broker at home."""
    async with new_home(tmp_path_factory.mktemp("home"), "Bridged") as home:
        yield home


@shared
async def bridged(
    bridged_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Bridged]:
    """Do what the pages say, at home and at the site, and add a camera there."""
    home, site = (tmp_path_factory.mktemp(name) for name in ("home", "site"))
    plain, tls, line_port, site_port = (free_port() for _ in range(4))
    at_home, at_site = sections()
    await follow(
        (ROOT / "docs/security.md").read_text(encoding="utf-8"),
        home,
        {
            "192.168.1.10": HOST,
            "listener 1883": f"listener {plain} {HOST}",
            "listener 8883": f"listener {tls} {HOST}",
        },
    )
    await follow(at_home, home, {})
    (site / "certs").mkdir()
    shutil.copy(home / "certs/ca.crt", site / "certs")
    await follow(
        at_site,
        site,
        {
            "192.168.1.10:8883": f"{HOST}:{line_port}",
            "listener 1883": f"listener {site_port} {HOST}",
            "PASSWORD": password(SITE),
        },
    )
    line = Line(line_port, tls)
    await line.mend()
    brokers = [
        await start(home, plain=plain, tls=tls),
        await start(site, plain=site_port, tls=site_port),
    ]
    await flows.add_mqtt(
        bridged_home.api,
        plain,
        username="homeassistant",
        password=password("homeassistant"),
    )
    cameras = Cameras(site_port, username=GATE, password=password(GATE))
    try:
        gate = await install(bridged_home, cameras)
        yield Bridged(gate=gate, line=line, port=plain)
    finally:
        await cameras.stop_all()
        await line.close()
        for broker in brokers:
            await broker.stop()


def sections() -> tuple[str, str]:
    """Return what the page says is to be done at home, and at the site."""
    page = (ROOT / "docs/remote.md").read_text(encoding="utf-8")
    parts = dict(part.split("\n", 1) for part in page.split("\n## "))
    return parts["At home"], parts["At the site"]


async def install(home: Home, cameras: Cameras) -> Installed:
    """Switch a camera at the site on, and add it by the topics it has at home."""
    camera = await cameras.start(GATE, hb_interval=HEARTBEAT)
    menu = await flows.start(home.api)
    form = await flows.choose(home.api, menu, "manual")
    end = await flows.submit(home.api, form, sn=GATE, topics=TOPICS)
    assert end["type"] == "create_entry", end
    await until_heard(camera)
    return Installed(camera=camera, entities=await home.api.entities(GATE))


async def test_camera_does_its_work(bridged: Bridged, bridged_home: Home) -> None:
    """Over the bridge a camera sends, also large pictures, and obeys."""
    camera, entities = bridged.gate.camera, bridged.gate.entities
    answer = await camera.wait_answer(await camera.send_snapshot())
    assert answer["ret"] == 0
    large = BytesIO()
    Image.effect_noise(LARGE_SIZE, 100).save(large, "JPEG", quality=95)
    assert large.tell() > LARGE_BYTES
    answer = await camera.wait_answer(await camera.send_snapshot(large.getvalue()))
    assert answer["ret"] == 0
    await bridged_home.api.act("button.press", entities["button.take_snapshot"])
    await bridged_home.api.act("switch.turn_on", entities["switch.io1"])
    assert camera.io1 == 1


async def test_heartbeat_costs_little(bridged: Bridged) -> None:
    """What a heartbeat and its answer put on the line is what the page counts with."""
    camera, line = bridged.gate.camera, bridged.line
    before = line.carried
    for _ in range(10):
        await camera.wait_answer(await camera.send_heartbeat())
    assert (line.carried - before) / 10 < HEARTBEAT_BYTES


async def test_nothing_waits_for_the_line(bridged: Bridged, bridged_home: Home) -> None:
    """While the line is cut a command fails; when it is back no relay switches late."""
    camera, entities = bridged.gate.camera, bridged.gate.entities
    api, line = bridged_home.api, bridged.line
    await api.act("switch.turn_on", entities["switch.io0"])
    connectivity = entities["binary_sensor.connectivity"]
    await api.until_state(connectivity, "on")
    await line.cut()
    camera.received.clear()
    with pytest.raises(ServerError, match="did not answer in time"):
        await api.call("switch.turn_off", entities["switch.io0"])
    lost = await camera.send_snapshot()
    with pytest.raises(TimeoutError):
        await camera.wait_answer(lost, timeout=LATE_SECONDS)
    await api.until_state(connectivity, "off", seconds=OFFLINE_SECONDS)
    await line.mend()
    await api.until_state(connectivity, "on", seconds=BACK_SECONDS)
    await until_heard(camera)

    answer = await camera.wait_answer(await camera.send_snapshot())
    assert answer["ret"] == 0
    assert camera.io0 == 1
    assert lost not in {answer["request_id"] for answer in camera.answers}
    told = [x["operate"] for x in camera.received if x["operate"] == "control_cmd"]
    assert told == []


async def test_site_speaks_for_itself_alone(bridged: Bridged) -> None:
    """With the account of a site nobody is heard elsewhere, nor hears what is sent there."""
    own, elsewhere = f"{SITE}/{GATE}/up", f"snapcam/{GATE}/up"
    heard: list[str] = []
    async with (
        connect(bridged, "homeassistant") as home,
        connect(bridged, SITE) as site,
    ):
        await home.subscribe([(own, 1), (elsewhere, 1)])
        await site.subscribe("#", qos=1)
        await site.publish(elsewhere, b"marked", qos=1)
        await site.publish(own, b"marked", qos=1)
        async with asyncio.timeout(10):
            async for message in home.messages:
                if message.payload == b"marked":
                    heard.append(message.topic.value)
                    break
        await home.publish(f"snapcam/{GATE}/down", b"marked", qos=1)
        await home.publish(f"{SITE}/{GATE}/down", b"marked", qos=1)
        first = await anext(site.messages)
    assert heard == [own]
    assert first.topic.value == f"{SITE}/{GATE}/down"


def connect(bridged: Bridged, user: str) -> aiomqtt.Client:
    """Return a connection of an account to the broker at home."""
    return aiomqtt.Client(HOST, bridged.port, username=user, password=password(user))
