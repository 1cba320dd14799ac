"""The endings of an install that are seen only when its ten minutes are over."""

import asyncio
from dataclasses import dataclass

import pytest

from tests.live.cameras import Cameras
from tests.live.conftest import install
from tests.live.home import Home
from tests.live.process import ServerError
from tests.simulator import UpgradeFault

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(900)]

PACKAGE = bytes(range(256)) * 8192
INSTALL_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an install that was accepted is told to have failed."""

    sn: str
    name: str
    fault: UpgradeFault
    key: str
    told: str
    state: str
    """What the update entity is then; it has gone with a camera that is gone."""


ENDINGS = [
    Ending(
        sn="200000000051",
        name="Deaf",
        fault=UpgradeFault.IGNORE,
        key="not_fetched",
        told="Deaf has accepted the firmware, but did not fetch the whole package"
        " within 10 minutes.",
        state="on",
    ),
    Ending(
        sn="200000000052",
        name="Lazy",
        fault=UpgradeFault.NO_RESTART,
        key="not_restarted",
        told="Lazy has accepted the firmware and is online, but did not restart"
        " within 10 minutes.",
        state="on",
    ),
    Ending(
        sn="200000000053",
        name="Gone",
        fault=UpgradeFault.VANISH,
        key="not_back",
        told="Gone has accepted the firmware, but was not heard from again"
        " within 10 minutes.",
        state="on",
    ),
]


async def test_each_way_to_fail_is_told_after_ten_minutes(
    home: Home, cameras: Cameras
) -> None:
    """Never fetched, never restarted and never back are errors of their own.

    The three cameras install at once, and none of them is left installing.
    """
    await asyncio.gather(*(fails(home, cameras, ending) for ending in ENDINGS))


async def fails(home: Home, cameras: Cameras, ending: Ending) -> None:
    """Install on a camera with a fault, and assert how that ends."""
    installed = await install(home, cameras, ending.sn, ending.name)
    camera, entities = installed.camera, installed.entities
    update = entities["update.firmware"]
    camera.faults.upgrade = ending.fault
    await home.offer_firmware(entities["camera.snapshot"], PACKAGE, "1.4.2")
    await home.api.until_state(update, "on")
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(ServerError) as raised:
        await home.api.call("update.install", update)
    assert abs(loop.time() - started - INSTALL_SECONDS) < 10
    told = str(raised.value)
    assert f"'translation_key': '{ending.key}'" in told
    assert ending.told in told
    state = await home.api.until_state(update, ending.state)
    assert state["attributes"].get("in_progress", False) is False
