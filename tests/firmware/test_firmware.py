"""Firmware: offered, served, installed, and seen to be so."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
import os
from pathlib import Path
from typing import Any

from aiohttp import ClientTimeout, FormData
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
from yarl import URL

from ..broker import Broker
from ..common import call, pass_time, state
from ..const import CAMERA, INTERNAL_URL, OTHER_SN, SN, TOPICS, UPDATE
from ..simulator import Body, SimulatedCamera, UpgradeFault
from ..simulator.links import DownloadError

PACKAGE = bytes(range(256)) * 400

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return where packages are kept."""
    return Path(hass.config.path("snapcam", "firmware"))


@pytest.fixture
def fetching(camera: SimulatedCamera, http: TestClient) -> SimulatedCamera:
    """Return the camera, which can fetch from Home Assistant's web server."""

    @asynccontextmanager
    async def download(
        address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AsyncGenerator[Body]:
        url = URL(address)
        last = "" if stop is None else stop - 1
        response = await http.get(
            url.path,
            headers={"Range": f"bytes={start}-{last}"},
            timeout=ClientTimeout(),
        )
        if response.status != HTTPStatus.PARTIAL_CONTENT:
            raise DownloadError(f"HTTP status {response.status}")
        total = int(response.headers["Content-Range"].partition("/")[2])
        yield Body(total=total, chunks=response.content.iter_any())

    camera.download = download
    return camera


@pytest.fixture
async def offered(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    fetching: SimulatedCamera,
    online: SimulatedCamera,
    media: Path,
) -> SimulatedCamera:
    """Return a camera that is online, and offered a package of ours."""
    await offer(hass, media)
    freezer.tick(5)
    return online


async def offer(hass: HomeAssistant, media: Path, **data: Any) -> None:
    """Offer a firmware by the action."""
    hass.config.allowlist_external_dirs = {str(media)}
    path = media / "fw 1.4.2.bin"
    path.write_bytes(PACKAGE)
    await call(
        hass,
        "snapcam.offer_firmware",
        CAMERA,
        **{"version": "1.4.2", "filename": str(path), **data},
    )


async def offer_large(hass: HomeAssistant, media: Path) -> None:
    """Offer a firmware that is not sent in one go."""
    (media / "large.bin").write_bytes(PACKAGE * 320)
    await offer(hass, media, filename=str(media / "large.bin"))


async def install(hass: HomeAssistant) -> None:
    """Install what is offered."""
    await call(hass, "update.install", UPDATE)


async def begin(hass: HomeAssistant, broker: Broker) -> asyncio.Task[None]:
    """Return an install that the camera was told of."""
    installing = asyncio.create_task(install(hass))
    await broker.settle()
    return installing


def package_path(camera: SimulatedCamera) -> str:
    """Return where the camera was told to fetch the package."""
    return URL(camera.received[-1]["package_url"]).path


async def restart(camera: SimulatedCamera, broker: Broker) -> None:
    """Have the camera start again, and be heard."""
    await camera.reboot()
    await camera.send_heartbeat()
    await broker.settle()


def shown(hass: HomeAssistant) -> tuple[str, str, str, bool]:
    """Return what the update entity shows."""
    update = hass.states.get(UPDATE)
    assert update is not None
    attributes = update.attributes
    return (
        update.state,
        attributes["installed_version"],
        attributes["latest_version"],
        attributes["in_progress"],
    )


def failure(
    issue_registry: ir.IssueRegistry, entry: MockConfigEntry
) -> ir.IssueEntry | None:
    """Return the repair that tells of an install that failed."""
    return issue_registry.async_get_issue("snapcam", f"install_failed_{entry.entry_id}")


async def over(camera: SimulatedCamera) -> None:
    """Wait until the camera has done what it does with a package."""
    match camera.faults.upgrade:
        case UpgradeFault.REFUSE | UpgradeFault.IGNORE:
            """It does nothing."""
        case _:
            await camera.upgrade_over.wait()


@pytest.fixture
def wait(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    freezer: FrozenDateTimeFactory,
) -> Callable[[float], Awaitable[None]]:
    """Return the way to let time pass, with a heartbeat every minute of it."""

    async def wait(seconds: float) -> None:
        for _ in range(int(seconds // 60)):
            await online.send_heartbeat()
            await broker.settle()
            await pass_time(hass, broker, freezer, 60)

    return wait


async def test_nothing_offered(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """Without an offer it is up to date, though nobody knows the version."""
    assert shown(hass) == ("off", "?", "?", False)
    with pytest.raises(HomeAssistantError):
        await install(hass)


async def test_reported_version(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """A camera that tells its version is believed."""
    camera.version = "1.0"
    await camera.send_heartbeat()
    await broker.settle()

    assert shown(hass) == ("off", "1.0", "1.0", False)


async def test_install(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    device_registry: dr.DeviceRegistry,
) -> None:
    """The camera fetches the package, starts anew, and that confirms it.

    The version is shown from then on, over a restart too.
    """
    assert shown(hass) == ("on", "?", "1.4.2", False)
    installing = await begin(hass, broker)
    assert shown(hass)[3]
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
    assert offered.firmware is not None
    assert offered.firmware.sha256 == sha256(PACKAGE).hexdigest()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
    (device,) = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    assert device.sw_version == "1.4.2"


@pytest.mark.parametrize(
    ("version", "key"), [("1.4.2", None), ("1.3", "other_version")]
)
async def test_version_is_reported_after_it(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    version: str,
    key: str | None,
) -> None:
    """What the camera says of its version decides."""
    offered.version = "1.0"
    offered.next_version = version
    installing = asyncio.create_task(install(hass))
    await offered.upgrade_over.wait()
    await broker.settle()
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    (result,) = await asyncio.gather(installing, return_exceptions=True)

    assert getattr(result, "translation_key", None) == key
    assert shown(hass)[1] == version


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (UpgradeFault.IGNORE, "not_fetched"),
        (UpgradeFault.NO_RESTART, "not_restarted"),
    ],
)
async def test_not_installed(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    fault: UpgradeFault,
    key: str,
) -> None:
    """Each way in which it fails is told by itself, after ten minutes."""
    offered.faults.upgrade = fault
    installing = await begin(hass, broker)
    await over(offered)
    await wait(540)
    assert shown(hass)[3]
    await wait(120)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == key
    assert shown(hass) == ("on", "?", "1.4.2", False)


async def test_fetched_half(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    media: Path,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """A package that did not arrive whole, and does not wait in a buffer, is none."""
    await offer_large(hass, media)
    offered.faults.upgrade = UpgradeFault.DROP
    installing = await begin(hass, broker)
    await over(offered)
    await wait(660)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "not_fetched"


async def test_never_comes_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
) -> None:
    """A camera that is gone is said to be; until then its update stays there."""
    offered.faults.upgrade = UpgradeFault.VANISH
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    for _ in range(5):
        await pass_time(hass, broker, freezer, 60)
    assert state(hass, UPDATE) == "on"
    for _ in range(6):
        await pass_time(hass, broker, freezer, 60)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "not_back"
    assert state(hass, UPDATE) == "unavailable"


async def test_refused(
    hass: HomeAssistant, broker: Broker, offered: SimulatedCamera
) -> None:
    """A camera that refuses says why."""
    offered.faults.upgrade = UpgradeFault.REFUSE
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)

    assert raised.value.translation_key == "refused"
    assert shown(hass) == ("on", "?", "1.4.2", False)


async def test_no_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
) -> None:
    """A camera that does not answer within 15 seconds is not waited for."""
    broker.disconnect(offered)
    installing = await begin(hass, broker)
    await pass_time(hass, broker, freezer, 14)
    assert not installing.done()
    await pass_time(hass, broker, freezer, 2)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "no_answer"


async def test_a_restart_alone_is_no_install(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """A camera that starts anew without the package has not installed it."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    await wait(60)
    await offered.reboot()
    await wait(600)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "not_fetched"


async def test_caller_is_stopped(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """An install ends even if the script that has started it was stopped."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    installing.cancel()
    await wait(660)

    assert shown(hass) == ("on", "?", "1.4.2", False)


async def test_second_install(
    hass: HomeAssistant, broker: Broker, offered: SimulatedCamera
) -> None:
    """One at a time."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    with pytest.raises(HomeAssistantError):
        await install(hass)

    assert len([m for m in offered.received if m["operate"] == "upgrade_dev"]) == 1
    installing.cancel()


async def test_two_installs_at_once(
    hass: HomeAssistant, broker: Broker, offered: SimulatedCamera
) -> None:
    """Of two that are asked for in the same moment, one is told that it is too late."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = [asyncio.create_task(install(hass)) for _ in range(2)]
    await broker.settle()

    assert len([m for m in offered.received if m["operate"] == "upgrade_dev"]) == 1
    (refused,) = [task for task in installing if task.done()]
    assert isinstance(refused.exception(), HomeAssistantError)
    for task in installing:
        task.cancel()


async def test_withdrawn_while_it_is_installed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    folder: Path,
) -> None:
    """A camera that was told to fetch a package gets it, whatever is offered by then."""
    download, withdrawn = offered.download, asyncio.Event()

    @asynccontextmanager
    async def late(address: str, /, **part: Any) -> AsyncGenerator[Body]:
        await withdrawn.wait()
        async with download(address, **part) as body:
            yield body

    offered.download = late
    installing = await begin(hass, broker)
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    withdrawn.set()
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
    assert list(folder.iterdir()) == []


async def test_from_elsewhere(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    fetching: SimulatedCamera,
    online: SimulatedCamera,
) -> None:
    """A package that others serve is confirmed by the restart."""
    url = "http://192.168.1.20/fw.bin"
    await call(
        hass, "snapcam.offer_firmware", CAMERA, version="2", package_url=f" {url} "
    )
    online.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert online.received[-1]["package_url"] == url
    freezer.tick(5)
    await online.reboot()
    await online.send_heartbeat()
    await broker.settle()
    await installing

    assert shown(hass) == ("off", "2", "2", False)


@pytest.mark.parametrize("fault", [None, UpgradeFault.IGNORE])
async def test_restart_of_home_assistant(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
    fault: UpgradeFault | None,
) -> None:
    """An install goes on after it; its end is shown, or told by a repair."""
    offered.faults.upgrade = fault
    installing = await begin(hass, broker)
    await over(offered)
    assert await hass.config_entries.async_reload(entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await installing
    assert raised.value.translation_key == "reloaded"
    assert shown(hass)[3]
    await wait(660)

    done = fault is None
    issue = failure(issue_registry, entry)
    assert (issue is None) == done
    assert shown(hass)[0::3] == ("off" if done else "on", False)


async def test_clock_is_put_back_over_a_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """An install that ends without success ends in time by any clock."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    freezer.move_to(dt_util.utcnow() - timedelta(hours=5))
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert shown(hass)[3]
    await wait(660)

    assert not shown(hass)[3]


async def test_issue_goes_with_the_camera(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """Nobody can update a camera that is removed."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await wait(660)
    assert failure(issue_registry, entry)
    await hass.config_entries.async_remove(entry.entry_id)

    assert failure(issue_registry, entry) is None


async def test_issue_goes_with_the_next_install(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """Who tries again has read it."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await wait(660)
    assert failure(issue_registry, entry)
    offered.faults.upgrade = UpgradeFault.REFUSE
    with pytest.raises(HomeAssistantError):
        await install(hass)

    assert failure(issue_registry, entry) is None


async def test_address_is_for_the_install_only(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """It serves the package, whole or in part, until the install ends."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    url = URL(offered.received[-1]["package_url"])
    assert url.origin() == URL(INTERNAL_URL)
    assert url.name == "fw_1.4.2.bin"

    whole = await http.get(url.path)
    assert whole.headers["Content-Length"] == str(len(PACKAGE))
    assert whole.headers["Cache-Control"] == "no-store"
    assert await whole.read() == PACKAGE
    part = await http.get(url.path, headers={"Range": "bytes=5-9"})
    assert part.status == HTTPStatus.PARTIAL_CONTENT
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(PACKAGE)}"
    assert await part.read() == PACKAGE[5:10]
    head = await http.head(url.path)
    assert head.headers["Content-Length"] == str(len(PACKAGE))
    beyond = await http.get(url.path, headers={"Range": "bytes=9999999-"})
    assert beyond.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    for path in (f"{url.parent.path}/other.bin", f"/api/snapcam/firmware/x/{url.name}"):
        assert (await http.get(path)).status == HTTPStatus.NOT_FOUND

    await wait(660)
    await asyncio.gather(installing, return_exceptions=True)
    assert (await http.get(url.path)).status == HTTPStatus.NOT_FOUND


async def test_only_what_is_fetched_counts(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """Neither a look at it nor a part of it is the package."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    path = package_path(offered)
    await http.head(path)
    for part in ("0-9", "20-", "5-15"):
        await (await http.get(path, headers={"Range": f"bytes={part}"})).read()
    await offered.reboot()
    await wait(660)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "not_fetched"


async def test_fetched_in_parts(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
) -> None:
    """Parts that make the whole are the package."""
    offered.faults.upgrade = UpgradeFault.RANGED
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing

    assert shown(hass)[1] == "1.4.2"


async def test_fetched_in_two_goes(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    media: Path,
    offered: SimulatedCamera,
) -> None:
    """After a broken connection a camera may ask for the rest only."""
    await offer_large(hass, media)
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    path = package_path(offered)
    broken = await http.get(path)
    read = await broken.content.readexactly(1000)
    broken.close()
    rest = await http.get(path, headers={"Range": f"bytes={len(read)}-"})
    assert read + await rest.read() == PACKAGE * 320
    await restart(offered, broker)
    await installing


async def test_fetched_around_a_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
) -> None:
    """Home Assistant may be restarted between two parts."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    path = package_path(offered)
    await (await http.get(path, headers={"Range": "bytes=0-9"})).read()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await (await http.get(path, headers={"Range": "bytes=10-"})).read()
    await restart(offered, broker)

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_reloaded_while_it_is_fetched(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    media: Path,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
) -> None:
    """A download that began before counts when it ends after."""
    await offer_large(hass, media)
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    response = await http.get(package_path(offered))
    read = await response.content.readexactly(1000)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    assert read + await response.read() == PACKAGE * 320
    await restart(offered, broker)

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_fetched_in_many_parts(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
) -> None:
    """Parts may come in any order, twice, and overlap; what is missing is missed."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    path = package_path(offered)

    async def fetch(*parts: str) -> None:
        for part in parts:
            await (await http.get(path, headers={"Range": f"bytes={part}"})).read()
        await restart(offered, broker)

    await fetch("0-9", "30-39", "5-19", "30-39", "50-102399")
    assert shown(hass)[3]
    await fetch("40-49", "10-29", "60-102399")
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_from_outside(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From outside the local network there is no such address."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    path = package_path(offered)
    monkeypatch.setattr("aiohttp.web_request.BaseRequest.remote", "203.0.113.5")

    assert (await http.get(path)).status == HTTPStatus.NOT_FOUND
    installing.cancel()


async def test_package_is_gone(
    hass: HomeAssistant, offered: SimulatedCamera, folder: Path
) -> None:
    """A package that somebody has removed is not installed."""
    next(folder.iterdir()).unlink()
    with pytest.raises(ServiceValidationError) as raised:
        await install(hass)

    assert raised.value.translation_key == "package_gone"


async def test_no_address(hass: HomeAssistant, offered: SimulatedCamera) -> None:
    """Without a plain address in the local network it cannot be fetched."""
    hass.config.internal_url = None
    hass.config.api.use_ssl = True
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)

    assert raised.value.translation_key == "no_lan_address"


async def test_release_notes_and_skip(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    online: SimulatedCamera,
    media: Path,
) -> None:
    """Notes are shown; a version that is skipped is no update."""
    await offer(hass, media, release_notes="*New*")
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "update/release_notes", "entity_id": UPDATE}
    )
    assert (await client.receive_json())["result"] == "*New*"

    await call(hass, "update.skip", UPDATE)
    assert state(hass, UPDATE) == "off"
    await call(hass, "update.clear_skipped", UPDATE)
    assert state(hass, UPDATE) == "on"


async def test_withdraw(
    hass: HomeAssistant, offered: SimulatedCamera, folder: Path
) -> None:
    """An offer that is taken back leaves nothing."""
    await call(hass, "snapcam.withdraw_firmware", CAMERA)

    assert shown(hass) == ("off", "?", "?", False)
    assert list(folder.iterdir()) == []


async def test_shared_package(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
    media: Path,
) -> None:
    """A package goes with the last camera that is offered it."""
    other = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **TOPICS},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await call(
        hass,
        "snapcam.offer_firmware",
        "camera.yard",
        version="1",
        filename=str(media / "fw 1.4.2.bin"),
    )
    counts = [len(list(folder.iterdir()))]
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    counts.append(len(list(folder.iterdir())))
    await hass.config_entries.async_remove(other.entry_id)
    counts.append(len(list(folder.iterdir())))

    assert counts == [1, 1, 0]


async def test_two_packages_at_once(
    hass: HomeAssistant,
    offered: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
    media: Path,
) -> None:
    """What is done with the package of one camera does not take another one's away."""
    other = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **TOPICS},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    large = media / "large.bin"
    large.write_bytes(PACKAGE)
    os.truncate(large, 90 * 1024 * 1024)
    await asyncio.gather(
        offer(hass, media),
        call(
            hass,
            "snapcam.offer_firmware",
            "camera.yard",
            version="1",
            filename=str(large),
        ),
    )

    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"version": " "}, "invalid_version"),
        ({"version": "x" * 65}, "invalid_version"),
        ({"filename": "/etc/hostname"}, "filename_not_allowed"),
        ({"filename": "{media}/missing.bin"}, "filename_not_read"),
        ({"filename": "{media}/empty.bin"}, "invalid_package"),
        ({"filename": "{media}"}, "filename_not_read"),
    ],
)
async def test_bad_offer(
    hass: HomeAssistant,
    online: SimulatedCamera,
    media: Path,
    data: dict[str, str],
    key: str,
) -> None:
    """What cannot be offered is said, and nothing is offered."""
    media.mkdir(exist_ok=True)
    (media / "empty.bin").touch()
    data = {name: value.format(media=media) for name, value in data.items()}
    with pytest.raises(ServiceValidationError) as raised:
        await offer(hass, media, **data)

    assert raised.value.translation_key == key
    assert shown(hass)[0] == "off"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "file_or_url"),
        ({"package_url": "fw.bin"}, "invalid_package_url"),
        ({"package_url": "ftp://host/fw.bin"}, "invalid_package_url"),
        ({"package_url": "http://["}, "invalid_package_url"),
    ],
)
async def test_bad_address(
    hass: HomeAssistant, online: SimulatedCamera, data: dict[str, str], key: str
) -> None:
    """An address must be one, and there must be something to offer."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "snapcam.offer_firmware", CAMERA, version="1", **data)

    assert raised.value.translation_key == key


async def uploaded(client: TestClient, name: str, content: bytes) -> str:
    """Upload a file as the frontend does, and return its number."""
    form = FormData()
    form.add_field("file", content, filename=name)
    response = await client.post("/api/file_upload", data=form)
    file_id: str = (await response.json())["file_id"]
    return file_id


async def form(
    hass: HomeAssistant, entry: MockConfigEntry, choice: str, **data: Any
) -> Any:
    """Choose from the options, and fill in the form there."""
    options = hass.config_entries.options
    flow = await options.async_init(entry.entry_id)
    flow = await options.async_configure(flow["flow_id"], {"next_step_id": choice})
    return await options.async_configure(flow["flow_id"], data) if data else flow


async def test_options(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """A package is uploaded, shown with its digest, offered, and taken back."""
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await form(hass, entry, "firmware", version="3", file=file)
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"] == {
        "version": "3",
        "source": "fw.bin",
        "size": "102,400",
        "sha256": sha256(PACKAGE).hexdigest(),
    }
    await hass.config_entries.options.async_configure(flow["flow_id"], {})
    await hass.async_block_till_done()
    assert shown(hass) == ("on", "?", "3", False)
    assert [path.read_bytes() for path in folder.iterdir()] == [PACKAGE]

    await form(hass, entry, "withdraw")
    await hass.async_block_till_done()
    assert shown(hass) == ("off", "?", "?", False)
    assert list(folder.iterdir()) == []


async def test_form_waits_while_another_offer_changes(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """What was uploaded is there when the form is confirmed at last."""
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await form(hass, entry, "firmware", version="3", file=file)
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    await hass.config_entries.options.async_configure(flow["flow_id"], {})
    await hass.async_block_till_done()

    assert [path.read_bytes() for path in folder.iterdir()] == [PACKAGE]


async def test_form_is_closed(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """What was uploaded goes with the form that was not confirmed."""
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await form(hass, entry, "firmware", version="3", file=file)
    hass.config_entries.options.async_abort(flow["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert list(folder.iterdir()) == []


async def test_power_cut_while_a_package_is_copied(
    hass: HomeAssistant, broker: Broker, folder: Path
) -> None:
    """What it left goes at the next start, if it can; packages stay."""
    folder.mkdir(parents=True)
    (folder / ".0123456789abcdef.tmp").write_bytes(PACKAGE)
    (folder / ".stubborn.tmp").mkdir()
    package = folder / sha256(PACKAGE).hexdigest()
    package.write_bytes(PACKAGE)
    assert await async_setup_component(hass, "snapcam", {})

    assert set(folder.iterdir()) == {package, folder / ".stubborn.tmp"}


async def test_options_with_an_address(
    hass: HomeAssistant, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An address needs no upload; settings and offer do not disturb each other."""
    flow = await form(
        hass,
        entry,
        "firmware",
        version="3",
        package_url="http://host/f",
        release_notes=" n ",
    )
    assert flow["description_placeholders"]["source"] == "http://host/f"
    await hass.config_entries.options.async_configure(flow["flow_id"], {})
    await form(hass, entry, "settings", accept_wrong_clock=True)
    await hass.async_block_till_done()

    assert shown(hass)[2] == "3"
    assert entry.options["accept_wrong_clock"]
    assert entry.options["firmware"]["notes"] == "n"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"version": "1"}, {"base": "file_or_url"}),
        (
            {"version": "1", "package_url": "host"},
            {"package_url": "invalid_package_url"},
        ),
        ({"version": " ", "package_url": "http://h/"}, {"version": "invalid_version"}),
    ],
)
async def test_options_errors(
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    data: dict[str, str],
    errors: dict[str, str],
) -> None:
    """What is wrong with the form is said, and it stays open."""
    flow = await form(hass, entry, "firmware", **data)
    assert (flow["step_id"], flow["errors"]) == ("firmware", errors)


async def test_options_with_an_empty_file(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A file without content is no package."""
    file = await uploaded(await hass_client(), "fw.bin", b"")
    flow = await form(hass, entry, "firmware", version="3", file=file)

    assert flow["errors"] == {"file": "invalid_package"}


async def test_options_with_a_full_disk(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """A file that cannot be stored is said to be so, and may be uploaded again."""
    folder.parent.mkdir(exist_ok=True)
    folder.touch()
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await form(hass, entry, "firmware", version="3", file=file)
    assert flow["errors"] == {"file": "package_not_stored"}

    folder.unlink()
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"version": "3", "file": file}
    )
    assert flow["step_id"] == "confirm"


async def test_options_with_a_forgotten_upload(
    hass: HomeAssistant, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An upload that is over, as after a mistake in the form, has to be repeated."""
    flow = await form(hass, entry, "firmware", version="3", file="0" * 32)

    assert flow["errors"] == {"file": "package_not_stored"}


async def test_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    online: SimulatedCamera,
) -> None:
    """The steps of the last install are there, with their times; secrets are not."""
    await call(
        hass, "snapcam.offer_firmware", CAMERA, version="2", package_url="http://host/"
    )
    online.faults.upgrade = UpgradeFault.REFUSE
    with pytest.raises(HomeAssistantError):
        await install(hass)
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    last = diagnostics["state"]["install"]
    assert [step for step, _ in last["steps"]] == ["asked", "refused"]
    assert last["ended"] == "refused"
    text = str(diagnostics)
    assert entry.data["token"] not in text
    assert SN not in text
