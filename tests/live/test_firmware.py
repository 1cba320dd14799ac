"""Firmware is offered, downloaded by the camera over the network, and confirmed."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
import random
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
from yarl import URL

from tests.live import flows
from tests.live.api import Json
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed, install
from tests.live.home import Home
from tests.live.process import ServerError, kib, reset_peak, until
from tests.simulator import SimulatedCamera, UpgradeFault
from tests.simulator.links import Body

pytestmark = STEP

PACKAGE = random.Random(0).randbytes(20_000_000)
DIGEST = sha256(PACKAGE).hexdigest()
VERSION = "1.4.2"

DOWNTIME = 2.0
"""How long a camera restarts."""

GROWTH = 5 * 1024
"""By how many KiB the memory may grow while a package is sent."""

WEBSOCKET_LOG = "homeassistant.components.websocket_api.http.connection"


async def test_install_downloads_restarts_and_is_confirmed(
    home: Home, cameras: Cameras
) -> None:
    """The action ends when the camera has the package and has started anew with it.

    The address of the package is nobody's from then on.
    """
    installed = await offered(home, cameras, "200000000041", "Orchard")
    await home.api.act("update.install", installed.entities["update.firmware"])
    assert_downloaded(installed.camera)
    assert installed.camera.run_time < 2
    await assert_installed(home, installed)
    await assert_gone(home, installed.camera)


async def test_download_takes_no_memory(home: Home, cameras: Cameras) -> None:
    """A package of 20 MB is not held in memory, not even for a moment.

    The peak from just before to just after the install is measured. Another one goes
    before it as a warm-up, since the first use of anything takes memory for good.
    """
    installed = await offered(home, cameras, "200000000042", "Barn", version="1.4.1")
    camera, update = installed.camera, installed.entities["update.firmware"]
    await home.api.act("update.install", update)
    assert_downloaded(camera)
    camera.firmware = None
    await until_settled(camera)
    await home.offer_firmware(installed.entities["camera.snapshot"], PACKAGE, VERSION)
    await home.api.until_state(update, "on")

    before = reset_peak(home.pid)
    await home.api.act("update.install", update)
    growth = kib(home.pid, "VmHWM") - before
    assert_downloaded(camera)
    assert growth < GROWTH
    await assert_installed(home, installed)


async def test_download_in_two_ranges_is_confirmed(
    home: Home, cameras: Cameras
) -> None:
    """A camera that looks at the first bytes before it gets the rest has it all."""
    installed = await offered(home, cameras, "200000000043", "Stable")
    installed.camera.faults.upgrade = UpgradeFault.RANGED
    await home.api.act("update.install", installed.entities["update.firmware"])
    assert_downloaded(installed.camera)
    await assert_installed(home, installed)


async def test_refusal_is_told(home: Home, cameras: Cameras) -> None:
    """A camera that refuses says why, and can be asked again."""
    installed = await offered(home, cameras, "200000000044", "Vault")
    installed.camera.faults.upgrade = UpgradeFault.REFUSE
    installed.camera.faults.msg = "battery low"
    update = installed.entities["update.firmware"]
    async with errors_unlogged(home):
        with pytest.raises(ServerError) as raised:
            await home.api.call("update.install", update)
    told = str(raised.value)
    assert "'translation_key': 'refused'" in told
    assert "Vault refused with code 4: battery low" in told
    state = await home.api.until_state(update, "on")
    assert state["attributes"]["in_progress"] is False
    await assert_gone(home, installed.camera)


async def test_second_install_is_refused(home: Home, cameras: Cameras) -> None:
    """While one is under way it is shown, and another one is not begun.

    Its package can be had all that time, and not any more once the camera tells the
    new version, which confirms an install whatever else was seen of it.
    """
    installed = await offered(home, cameras, "200000000045", "Mill")
    camera, update = installed.camera, installed.entities["update.firmware"]
    camera.faults.upgrade = UpgradeFault.IGNORE
    async with installing(home, installed) as first:
        async with errors_unlogged(home):
            with pytest.raises(ServerError, match="already in progress"):
                await home.api.call("update.install", update)
        state = await home.api.state(update)
        assert (state["state"], state["attributes"]["in_progress"]) == ("on", True)
        assert len(requests(camera)) == 1
        content, content_type = await home.api.download(package_path(camera))
        assert sha256(content).hexdigest() == DIGEST
        assert content_type == "application/octet-stream"
        camera.version = VERSION
        await camera.send_heartbeat()
        await first
    await assert_installed(home, installed)
    await assert_gone(home, camera)


async def test_uploaded_package_is_offered_and_withdrawn(
    home: Home, cameras: Cameras
) -> None:
    """The options take a file as the frontend sends it, show it, and take it back."""
    sn = "200000000046"
    installed = await install(home, cameras, sn, "Kiosk")
    update = installed.entities["update.firmware"]
    entry_id = await home.api.entry_id(sn)
    # Unlike the others', so that nobody else needs it.
    package = PACKAGE[::-1]
    digest = sha256(package).hexdigest()
    kept = home.config / "snapcam" / "firmware" / digest
    form = await flows.open_options(home.api, entry_id, "firmware")
    assert form["step_id"] == "firmware"
    file_id = await home.api.upload("kiosk 1.4.2.bin", package)
    confirm = await flows.submit_options(
        home.api, form, version=VERSION, file=file_id, release_notes="*New*"
    )
    assert (confirm["step_id"], confirm["errors"]) == ("confirm", None)
    assert confirm["description_placeholders"] == {
        "version": VERSION,
        "source": "kiosk_1.4.2.bin",
        "size": "20,000,000",
        "sha256": digest,
    }
    end = await flows.submit_options(home.api, confirm)
    assert end["type"] == "create_entry"
    state = await home.api.until_state(update, "on")
    assert state["attributes"]["latest_version"] == VERSION
    notes = await home.api.command("update/release_notes", entity_id=update)
    assert notes == "*New*"
    assert kept.exists()

    end = await flows.open_options(home.api, entry_id, "withdraw")
    assert end["type"] == "create_entry"
    state = await home.api.until_state(update, "off")
    assert state["attributes"]["latest_version"] == "?"
    assert not kept.exists()


async def test_install_goes_on_after_a_kill(home: Home, cameras: Cameras) -> None:
    """A camera that has agreed finds its package after a power cut of Home Assistant.

    It fetches it from the address it was given before, and that confirms the install.
    """
    # Unlike the others', so that it can be seen when the offer is stored.
    package = b"killed" + PACKAGE
    installed = await offered(home, cameras, "200000000047", "Harbour", content=package)
    camera = installed.camera
    digest = sha256(package).hexdigest()
    await until(partial(home.has_stored, digest), "the offer is not stored")
    begin = asyncio.Event()
    with patch.object(camera, "download", held(camera, begin)):
        async with installing(home, installed) as waiting:
            await home.kill()
            await asyncio.wait([waiting])
            await home.start()
            await home.until_running()
            begin.set()
            await assert_installed(home, installed)
            assert waiting.exception()
    assert_downloaded(camera, package)
    await assert_gone(home, camera)


async def test_install_goes_on_after_a_restart(home: Home, cameras: Cameras) -> None:
    """A camera that comes back after Home Assistant has is seen to have the package.

    Who waits for the install is told that it goes on without them.
    """
    installed = await offered(home, cameras, "200000000048", "Quay")
    camera, reboot = installed.camera, installed.camera.reboot
    downloaded, come_back = asyncio.Event(), asyncio.Event()

    async def reboot_later(downtime: float) -> None:
        camera.power_off()
        downloaded.set()
        await come_back.wait()
        await reboot(downtime)

    with patch.object(camera, "reboot", reboot_later):
        async with installing(home, installed) as waiting:
            await downloaded.wait()
            await set_log_level(home, "critical")
            await home.stop()
            await asyncio.wait([waiting])
            await home.start()
            await home.until_running()
            state = await home.api.state(installed.entities["update.firmware"])
            shown = state["state"], state["attributes"]["in_progress"]
            assert shown == ("on", True)
            come_back.set()
            await assert_installed(home, installed)
            assert waiting.exception()
    assert_downloaded(camera)
    await assert_gone(home, camera)


async def test_roll_out_goes_on_after_a_kill(home: Home, cameras: Cameras) -> None:
    """Five cameras get it, each told once, though the power goes while two install it."""
    fleet = [
        await install(home, cameras, f"20000000005{number}", f"Fleet {number}")
        for number in range(5)
    ]
    for installed in fleet:
        installed.camera.upgrade_downtime = DOWNTIME
        installed.camera.booted_at -= 86_400
    path = home.media / "fleet.bin"
    path.write_bytes(PACKAGE)
    entity_ids = [installed.entities["camera.snapshot"] for installed in fleet]
    data = {"version": VERSION, "filename": str(path), "entity_id": entity_ids}
    second, third = (installed.camera for installed in fleet[1:3])

    async def asked() -> bool:
        return bool(requests(second) and requests(third))

    begin = asyncio.Event()
    with (
        patch.object(second, "download", held(second, begin)),
        patch.object(third, "download", held(third, begin)),
    ):
        await home.api.request("POST", "/api/services/snapcam/roll_out_firmware", data)
        await until(asked, "the second wave does not begin", seconds=30)
        await home.kill()
        await home.start()
        await home.until_running()
        begin.set()
        for installed in fleet:
            await until_heard(installed.camera)
            await assert_installed(home, installed, seconds=40)
    for installed in fleet:
        assert_downloaded(installed.camera)
        assert len(requests(installed.camera)) == 1


async def offered(
    home: Home,
    cameras: Cameras,
    sn: str,
    name: str,
    *,
    version: str = VERSION,
    content: bytes = PACKAGE,
) -> Installed:
    """Return a camera that is offered a package, and has been on for a while."""
    installed = await install(home, cameras, sn, name)
    installed.camera.upgrade_downtime = DOWNTIME
    camera, update = (
        installed.entities[key] for key in ("camera.snapshot", "update.firmware")
    )
    await home.offer_firmware(camera, content, version)
    state = await home.api.until_state(update, "on")
    assert state["attributes"]["latest_version"] == version
    await until_settled(installed.camera)
    return installed


async def until_settled(camera: SimulatedCamera) -> None:
    """Wait until a camera, which counts whole seconds, did not start just now."""

    async def settled() -> bool:
        return camera.run_time >= 2

    await until(settled, f"{camera.sn} has only just started")


@asynccontextmanager
async def installing(
    home: Home, installed: Installed
) -> AsyncGenerator[asyncio.Task[None]]:
    """Install in the background; return when the camera has been asked."""
    update = installed.entities["update.firmware"]
    work: Coroutine[Any, Any, None] = home.api.act("update.install", update)
    task = asyncio.create_task(work)

    async def asked() -> bool:
        return bool(requests(installed.camera))

    async def shown() -> bool:
        state = await home.api.state(update)
        return bool(state["attributes"]["in_progress"])

    try:
        await until(asked, "the camera is not asked to upgrade")
        await until(shown, "the install is not shown")
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def held(camera: SimulatedCamera, begin: asyncio.Event) -> Any:
    """Return the way a camera downloads, which begins only when it may."""
    download = camera.download

    @asynccontextmanager
    async def wait_and_download(
        address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AsyncGenerator[Body]:
        await begin.wait()
        async with download(address, start=start, stop=stop) as body:
            yield body

    return wait_and_download


@asynccontextmanager
async def errors_unlogged(home: Home) -> AsyncGenerator[None]:
    """Keep the error that is provoked, and told, out of the log that is read last."""
    await set_log_level(home, "critical")
    yield
    await set_log_level(home, "warning")


async def set_log_level(home: Home, level: str) -> None:
    """Set from which level on failed actions are logged, until the next start."""
    data = dict.fromkeys((WEBSOCKET_LOG, "homeassistant.components.api"), level)
    await home.api.request("POST", "/api/services/logger/set_level", data)


def requests(camera: SimulatedCamera) -> list[Json]:
    """Return what a camera was asked to install."""
    return [m for m in camera.received if m["operate"] == "upgrade_dev"]


def package_path(camera: SimulatedCamera) -> str:
    """Return where a camera was told to fetch its last package."""
    return URL(requests(camera)[-1]["package_url"]).path


async def assert_gone(home: Home, camera: SimulatedCamera) -> None:
    """Assert that there is nothing any more where the camera has fetched."""
    with pytest.raises(aiohttp.ClientResponseError) as raised:
        await home.api.download(package_path(camera))
    assert raised.value.status == 404


async def assert_installed(
    home: Home, installed: Installed, *, seconds: float = 20.0
) -> None:
    """Assert that the version is shown as installed, at once or within a time."""
    update = installed.entities["update.firmware"]
    state = await home.api.until_state(update, "off", seconds=seconds)
    shown = state["attributes"]
    versions = shown["installed_version"], shown["latest_version"]
    assert (versions, shown["in_progress"]) == ((VERSION, VERSION), False)


def assert_downloaded(camera: SimulatedCamera, package: bytes = PACKAGE) -> None:
    """Assert that a camera has the package as it was offered."""
    assert camera.firmware is not None
    assert camera.firmware.sha256 == sha256(package).hexdigest()
