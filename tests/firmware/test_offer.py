"""What is offered to a camera, by an action."""

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

from ..common import call, state
from ..const import CAMERA, SN, UPDATE
from ..simulator import SimulatedCamera, UpgradeFault
from .common import install, offer, shown

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
