"""The address of a package: who gets it, for how long, and what counts as fetched."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from ..broker import Broker
from ..common import pass_time
from ..const import INTERNAL_URL, UP
from ..simulator import SimulatedCamera, UpgradeFault
from .common import PACKAGE, begin, offer_large, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


def package_path(camera: SimulatedCamera) -> str:
    """Return where the camera was told to fetch the package."""
    return URL(camera.received[-1]["package_url"]).path


async def restart(camera: SimulatedCamera, broker: Broker) -> None:
    """Have the camera start again, and be heard."""
    await camera.reboot()
    await camera.send_heartbeat()
    await broker.settle()


async def test_a_name_that_no_camera_knows(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """The package is fetched from the address in the local network, not by mDNS."""
    hass.config.internal_url = "http://homeassistant.local:8123"
    hass.config.api.local_ip, hass.config.api.port = "192.168.1.10", 8123
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert URL(offered.received[-1]["package_url"]).origin() == URL(INTERNAL_URL)

    await wait(601)
    with pytest.raises(HomeAssistantError):
        await installing


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


def answer(broker: Broker, camera: SimulatedCamera, ret: int) -> None:
    """Have the camera answer at last to what it was asked."""
    request_id = camera.received[-1]["request_id"]
    broker.send(
        {
            "operate": "upgrade_dev_rsp",
            "request_id": request_id,
            "sn": camera.sn,
            "ret": ret,
            "msg": "",
        },
        UP,
    )


async def test_fetched_before_it_has_answered(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
) -> None:
    """Who fetches the package has heard of it; a late answer cuts nothing off."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    offered.faults.silent = True
    installing = await begin(hass, broker)
    path = package_path(offered)
    begun = await http.get(path, headers={"Range": "bytes=4-9"})
    assert await begun.read() == PACKAGE[4:10]
    await pass_time(hass, broker, freezer, 20)
    assert not installing.done()
    offered.faults.silent = False
    answer(broker, offered, 0)
    for part in ("0-3", "10-"):
        rest = await http.get(path, headers={"Range": f"bytes={part}"})
        assert rest.status == HTTPStatus.PARTIAL_CONTENT
        await rest.read()
    await restart(offered, broker)
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_fetched_while_the_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
) -> None:
    """An answer that the broker has lost is not missed either."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    offered.faults.silent = True
    installing = await begin(hass, broker)
    path = package_path(offered)
    await (await http.get(path, headers={"Range": "bytes=0-9"})).read()
    await broker.go_down()
    rest = await http.get(path, headers={"Range": "bytes=10-"})
    assert await rest.read() == PACKAGE[10:]
    freezer.tick(20)
    await broker.come_back()
    offered.faults.silent = False
    await restart(offered, broker)
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_refused_after_a_look_at_it(
    hass: HomeAssistant, broker: Broker, http: TestClient, offered: SimulatedCamera
) -> None:
    """A camera may look at the package before it refuses."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    offered.faults.silent = True
    installing = await begin(hass, broker)
    path = package_path(offered)
    await (await http.get(path, headers={"Range": "bytes=0-9"})).read()
    answer(broker, offered, 4)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "refused"
    assert (await http.get(path)).status == HTTPStatus.NOT_FOUND


async def test_other_version_before_it_has_answered(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
) -> None:
    """What is seen while the answer is missing is told when that is given up."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    offered.faults.silent = True
    installing = await begin(hass, broker)
    await (await http.get(package_path(offered))).read()
    offered.version = "1.3"
    offered.faults.silent = False
    freezer.tick(5)
    await restart(offered, broker)
    await pass_time(hass, broker, freezer, 20)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "other_version"
