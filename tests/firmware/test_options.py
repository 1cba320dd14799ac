"""What is offered to a camera, by its options."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import call
from ..const import CAMERA
from ..simulator import SimulatedCamera, UpgradeFault
from .common import PACKAGE, begin, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


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


@pytest.fixture
async def confirming(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> ConfigFlowResult:
    """Return the form that asks if a package that was uploaded is to be offered."""
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow: ConfigFlowResult = await form(hass, entry, "firmware", version="3", file=file)
    return flow


async def test_options(
    hass: HomeAssistant,
    confirming: ConfigFlowResult,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """A package is uploaded, shown with its digest, offered, and taken back."""
    assert confirming["step_id"] == "confirm"
    assert confirming["description_placeholders"] == {
        "version": "3",
        "source": "fw.bin",
        "size": "102,400",
        "sha256": sha256(PACKAGE).hexdigest(),
    }
    await hass.config_entries.options.async_configure(confirming["flow_id"], {})
    await hass.async_block_till_done()
    assert shown(hass) == ("on", "?", "3", False)
    assert [path.read_bytes() for path in folder.iterdir()] == [PACKAGE]

    await form(hass, entry, "withdraw")
    await hass.async_block_till_done()
    assert shown(hass) == ("off", "?", "?", False)
    assert list(folder.iterdir()) == []


async def test_form_waits_while_another_offer_changes(
    hass: HomeAssistant,
    confirming: ConfigFlowResult,
    folder: Path,
) -> None:
    """What was uploaded is there when the form is confirmed at last."""
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    await hass.config_entries.options.async_configure(confirming["flow_id"], {})
    await hass.async_block_till_done()

    assert [path.read_bytes() for path in folder.iterdir()] == [PACKAGE]


async def test_form_is_closed(
    hass: HomeAssistant,
    confirming: ConfigFlowResult,
    folder: Path,
) -> None:
    """What was uploaded goes with the form that was not confirmed."""
    hass.config_entries.options.async_abort(confirming["flow_id"])
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


async def test_confirmed_with_a_full_disk(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    folder: Path,
) -> None:
    """A package that cannot be kept is not offered, and may be tried again."""
    file = await uploaded(await hass_client(), "fw.bin", PACKAGE)
    flow = await form(hass, entry, "firmware", version="3", file=file)
    in_the_way = folder / sha256(PACKAGE).hexdigest()
    in_the_way.mkdir()
    options = hass.config_entries.options
    flow = await options.async_configure(flow["flow_id"], {})
    assert (flow["step_id"], flow["errors"]) == (
        "confirm",
        {"base": "package_not_stored"},
    )
    assert shown(hass)[0] == "off"

    in_the_way.rmdir()
    await options.async_configure(flow["flow_id"], {})
    assert shown(hass)[0] == "on"
    assert in_the_way.read_bytes() == PACKAGE


async def test_offered_while_another_one_is_installed(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
) -> None:
    """Whoever waits for the install goes on to wait: nothing is reloaded for it."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    file = await uploaded(await hass_client(), "fw.bin", b"another")
    flow = await form(hass, entry, "firmware", version="3", file=file)
    await hass.config_entries.options.async_configure(flow["flow_id"], {})
    await broker.settle()

    assert not installing.done()
    assert shown(hass) == ("on", "?", "3", True)
    installing.cancel()


async def test_options_with_a_forgotten_upload(
    hass: HomeAssistant, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An upload that is over, as after a mistake in the form, has to be repeated."""
    flow = await form(hass, entry, "firmware", version="3", file="0" * 32)

    assert flow["errors"] == {"file": "package_not_stored"}
