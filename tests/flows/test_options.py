"""What the options say of the pictures, beside the limits."""

from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..common import JPEG, wait_in_vain
from ..const import SN

DAYS = ("2025-11-12", "2025-11-30")
FILES = ("030405-000006.jpg", "030405-000007.kept.jpg")


@pytest.fixture
def library(media: Path) -> Path:
    """Return the folder of the camera's pictures: four of two days, two of them kept."""
    folder = media / "snapcam" / SN
    for day in DAYS:
        (folder / day).mkdir(parents=True)
        for file in FILES:
            (folder / day / file).write_bytes(JPEG.ljust(400_000))
    (folder / "2025-11-01").mkdir()
    return folder


async def stored_now(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    """Open the settings, and return what they say is stored."""
    options = hass.config_entries.options
    flow = await options.async_init(entry.entry_id)
    flow = await options.async_configure(flow["flow_id"], {"next_step_id": "settings"})
    options.async_abort(flow["flow_id"])
    return flow["description_placeholders"]


async def test_what_is_stored(
    hass: HomeAssistant, entry: MockConfigEntry, library: Path
) -> None:
    """Whoever chooses limits sees what there is now; the next time, what there is then."""
    stored = {"count": "4", "kept": "2", "mib": "2", "since": DAYS[0]}
    assert await stored_now(hass, entry) == stored

    (library / DAYS[0] / FILES[0]).unlink()
    (library / DAYS[0] / FILES[1]).unlink()
    stored = {"count": "2", "kept": "1", "mib": "1", "since": DAYS[1]}
    assert await stored_now(hass, entry) == stored


async def test_nothing_is_stored(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Before the first picture there is nothing to count."""
    stored = {"count": "0", "kept": "0", "mib": "0", "since": "–"}
    assert await stored_now(hass, entry) == stored


async def test_folder_that_does_not_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    library: Path,
    hanging_folder: None,
) -> None:
    """A share that hangs is no reason not to change the limits."""
    stored = await wait_in_vain(hass, freezer, stored_now(hass, entry))
    assert stored == dict.fromkeys(("count", "kept", "mib", "since"), "–")
