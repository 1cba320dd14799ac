"""The servers of the live tests: started once, and shared by all steps."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_asyncio
import pytest_socket

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, Installed, until_heard
from tests.live.home import Home
from tests.live.process import free_port, until
from tests.simulator.device import DeviceConfig
from tests.simulator.links import reach_nobody

# All steps share one loop; a step may wait for what takes a minute, and for a start.
STEP = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(180)]

shared = pytest_asyncio.fixture(scope="package", loop_scope="package")


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A camera that cannot deliver by HTTP, while that is found out."""

    installed: Installed
    former: DeviceConfig
    choosing: asyncio.Task[Any]


@pytest.fixture(scope="package", autouse=True)
def network() -> Generator[None]:
    """Open this machine's network, which the test plugin closes before each test."""
    pytest_socket.enable_socket()
    # Cameras reconnect at any time, also between two steps.
    with patch.object(pytest_socket, "disable_socket"):
        yield


# Home Assistant runs in a process of its own: what the test plugin does to the one in
# the test's process, and to the loop that all steps share, is not wanted here.
@pytest.fixture
def enable_custom_integrations() -> None:
    """Leave alone an instance that is not there."""


@pytest.fixture(autouse=True)
def no_sync() -> None:
    """Sync what is to be on a disk when its power is cut."""


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop as it is."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Leave running what the next step needs."""


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the servers keep their files."""
    return tmp_path_factory.mktemp("live")


@shared
async def broker(folder: Path) -> AsyncGenerator[MqttBroker]:
    """Run a broker."""
    broker = MqttBroker.below(folder)
    await broker.start()
    yield broker
    await broker.stop()


@shared
async def cameras(broker: MqttBroker) -> AsyncGenerator[Cameras]:
    """Switch cameras on and off."""
    cameras = Cameras(broker.camera_port)
    yield cameras
    await cameras.stop_all()


@shared
async def bare_home(folder: Path) -> AsyncGenerator[Home]:
    """Run a Home Assistant that nobody has set anything up in."""
    async with new_home(folder, "Live test") as home:
        yield home


@shared
async def home(bare_home: Home, broker: MqttBroker) -> Home:
    """Return the Home Assistant once it is connected to the broker."""
    await flows.add_mqtt(bare_home.api, broker.home_port)
    return bare_home


@shared
async def gate(home: Home, cameras: Cameras) -> Installed:
    """Return a camera that stays on."""
    return await install(home, cameras, "200000000001", "Front gate")


@shared
async def silent(home: Home, cameras: Cameras) -> Installed:
    """Return a camera that speaks often, and is switched off once it is known."""
    installed = await install(home, cameras, "200000000002", "Attic", hb_interval=15)
    await cameras.stop(installed.camera.sn)
    return installed


@shared
async def brokerless(home: Home, cameras: Cameras) -> Installed:
    """Return a camera that can post to Home Assistant, and has lost the broker."""
    installed = await install(home, cameras, "200000000003", "Shed", hb_interval=15)
    await choose_delivery(home, installed, "http_home_assistant")
    await cameras.stop(installed.camera.sn)
    return installed


@shared
async def unreachable(home: Home, cameras: Cameras) -> Attempt:
    """Have a camera deliver by HTTP that cannot reach Home Assistant like that."""
    installed = await install(home, cameras, "200000000004", "Guest house")
    installed.camera.post = reach_nobody
    choosing = home.api.command(
        "call_service",
        domain="select",
        service="select_option",
        target={"entity_id": installed.entities["select.delivery"]},
        service_data={"option": "http_home_assistant"},
    )
    return Attempt(
        installed=installed,
        former=installed.camera.config,
        choosing=asyncio.create_task(choosing),
    )


@asynccontextmanager
async def new_home(folder: Path, name: str) -> AsyncGenerator[Home]:
    """Run a Home Assistant that has an owner, and nothing else."""
    home = Home(folder, free_port(), name=name)
    try:
        await home.start()
        await home.api.create_owner("Tester", "tester", "tester")
        await home.until_running()
        yield home
    finally:
        await home.close()


async def install(
    home: Home, cameras: Cameras, sn: str, name: str, *, hb_interval: int = 60
) -> Installed:
    """Switch a camera on and add it; it takes its first picture by itself."""
    camera = await cameras.start(sn, hb_interval=hb_interval)
    await flows.add_camera(home.api, sn, name)
    await until_heard(camera)
    entities = await home.api.entities(sn)

    async def pictured() -> bool:
        state = await home.api.state(entities["image.snapshot"])
        return state["state"] not in {"unknown", "unavailable"}

    await until(pictured, "there is no first picture")
    return Installed(camera=camera, entities=entities)


async def choose_delivery(home: Home, installed: Installed, option: str) -> None:
    """Choose how a camera delivers, and return when it does."""
    delivery = installed.entities["select.delivery"]
    await home.api.act("select.select_option", delivery, option=option)


async def until_stored(home: Home, installed: Installed) -> None:
    """Wait for Home Assistant itself, which takes a second to write an entry down."""
    sn = installed.camera.sn
    await until(partial(home.has_stored, sn), "the entry is not stored")
