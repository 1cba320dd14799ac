"""An install: confirmed by what is seen, and each way it can fail."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time, state
from ..const import CAMERA, UPDATE
from ..simulator import SimulatedCamera, UpgradeFault
from .common import PACKAGE, begin, install, offer, offer_large, over, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


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
    assert state(hass, UPDATE) == "on"


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


async def test_package_is_gone(
    hass: HomeAssistant, offered: SimulatedCamera, folder: Path
) -> None:
    """A package that somebody has removed is not installed."""
    next(folder.iterdir()).unlink()
    with pytest.raises(ServiceValidationError) as raised:
        await install(hass)

    assert raised.value.translation_key == "package_gone"


@pytest.mark.parametrize(
    "content", [bytes(len(PACKAGE)), PACKAGE[:-1]], ids=["zeros", "cut off"]
)
async def test_package_has_changed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    folder: Path,
    media: Path,
    content: bytes,
) -> None:
    """Other bytes than those that were offered go to no camera, whatever their size.

    The same package, offered once more, can be installed.
    """
    next(folder.iterdir()).write_bytes(content)
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)
    assert raised.value.translation_key == "package_changed"
    assert broker.messages("upgrade_dev") == []
    assert shown(hass) == ("on", "?", "1.4.2", False)

    await offer(hass, media)
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing
    assert offered.firmware is not None
    assert offered.firmware.sha256 == sha256(PACKAGE).hexdigest()


async def test_no_address(hass: HomeAssistant, offered: SimulatedCamera) -> None:
    """Without a plain address in the local network it cannot be fetched."""
    hass.config.internal_url = None
    hass.config.api.use_ssl = True
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)

    assert raised.value.translation_key == "no_lan_address"
