"""The packages of several cameras: there as long as needed, and not longer."""

import asyncio
from http import HTTPStatus
import os
from pathlib import Path

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from ..broker import Broker
from ..common import call
from ..const import CAMERA, OTHER_SN, TOPICS, UPDATE
from ..simulator import SimulatedCamera, UpgradeFault
from .common import PACKAGE, begin, offer, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")

YARD = "camera.yard"


@pytest.fixture
async def other(hass: HomeAssistant, offered: SimulatedCamera) -> MockConfigEntry:
    """Return the entry of another camera, which is offered nothing."""
    other = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **TOPICS},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    return other


async def offer_to(
    hass: HomeAssistant, media: Path, entity_id: str, content: bytes
) -> None:
    """Offer a package of this content."""
    path = media / f"{entity_id}.bin"
    path.write_bytes(content)
    await call(
        hass,
        "snapcam.offer_firmware",
        entity_id,
        version="1",
        filename=str(path),
    )


def names(folder: Path) -> list[str]:
    """Return the files of all packages."""
    return [path.name for path in folder.iterdir()]


async def test_shared_package(
    hass: HomeAssistant, other: MockConfigEntry, folder: Path, media: Path
) -> None:
    """A package goes with the last camera that is offered it."""
    await offer_to(hass, media, YARD, PACKAGE)
    counts = [len(names(folder))]
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    counts.append(len(names(folder)))
    await hass.config_entries.async_remove(other.entry_id)
    counts.append(len(names(folder)))

    assert counts == [1, 1, 0]


async def test_offers_at_once(
    hass: HomeAssistant, other: MockConfigEntry, folder: Path, media: Path
) -> None:
    """No offer takes the package of another one away that is being made."""
    for number in range(100):
        await asyncio.gather(
            offer_to(hass, media, CAMERA, b"gate %d" % number),
            offer_to(hass, media, YARD, b"yard %d" % number),
        )
        assert len(names(folder)) == 2


async def test_large_package(
    hass: HomeAssistant, other: MockConfigEntry, folder: Path, media: Path
) -> None:
    """A copy that takes long is not what an offer made meanwhile leaves over."""
    large = media / "large.bin"
    large.touch()
    os.truncate(large, 90 * 1024 * 1024)
    await asyncio.gather(
        offer(hass, media, filename=str(large)),
        offer_to(hass, media, YARD, PACKAGE),
    )

    assert len(names(folder)) == 2


async def test_package_of_a_camera_that_is_reloaded(
    hass: HomeAssistant,
    broker: Broker,
    http: TestClient,
    offered: SimulatedCamera,
    entry: MockConfigEntry,
    other: MockConfigEntry,
    media: Path,
) -> None:
    """What it installs is not known while it is away, and is there when it is back."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await offer_to(hass, media, YARD, b"another")
    assert await hass.config_entries.async_setup(entry.entry_id)

    url = URL(broker.messages("upgrade_dev")[-1]["package_url"])
    response = await http.get(url.path)
    assert response.status == HTTPStatus.OK
    assert await response.read() == PACKAGE


async def test_offered_anew_while_an_install_begins(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    media: Path,
    folder: Path,
) -> None:
    """The package that the camera is told of is there."""
    installing = asyncio.create_task(call(hass, "update.install", UPDATE))
    await asyncio.sleep(0)
    await offer_to(hass, media, CAMERA, b"another")
    await broker.settle()
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing

    assert offered.firmware is not None
    assert offered.firmware.size == len(PACKAGE)
    assert shown(hass) == ("on", "1.4.2", "1", False)
    assert len(names(folder)) == 1


async def test_synced_before_it_is_offered(
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A power cut after the offer takes no package away: not its bytes nor its name."""
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(path.suffix or path.name)
        assert "firmware" not in entry.options
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", note)
    await offer(hass, media)

    config = Path(hass.config.config_dir).name
    assert synced[:4] == [".tmp", "firmware", "snapcam", config]


@pytest.mark.parametrize(("number", "error"), [(22, None), (5, "filename_not_read")])
async def test_folder_that_cannot_be_synced(
    hass: HomeAssistant,
    online: SimulatedCamera,
    media: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: str | None,
) -> None:
    """Some shares have no such thing, and do without; a broken disk is said to be."""
    fsync = os.fsync

    def refuse(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_dir():
            raise OSError(number, "no")
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", refuse)
    (result,) = await asyncio.gather(offer(hass, media), return_exceptions=True)

    assert getattr(result, "translation_key", None) == error
    assert shown(hass)[0] == ("on" if error is None else "off")
