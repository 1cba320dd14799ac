"""What is offered to a camera, by an action."""

import asyncio
import os
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from ..broker import Broker
from ..common import call, state
from ..const import CAMERA, OTHER_SN, SN, TOPICS, UPDATE
from ..simulator import SimulatedCamera, UpgradeFault
from .common import PACKAGE, install, offer, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


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
