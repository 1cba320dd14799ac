"""Two days of one camera, one of a camera that is gone."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.browsing.browser import DAYS, FILES, GONE_SN, Browser
from tests.common import JPEG
from tests.const import OTHER_SN, SN, TOPICS


@pytest.fixture(autouse=True)
def today(freezer: FrozenDateTimeFactory) -> None:
    """Have it be the later one of the days, where Home Assistant is."""
    freezer.move_to("2026-01-04T05:00:00Z")


@pytest.fixture
def browser(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Browser:
    """Return somebody who looks at the media browser."""
    return Browser(hass, hass_ws_client)


@pytest.fixture
def library(hass: HomeAssistant, media: Path) -> Path:
    """Return the folder of the pictures: two days of the gate, one of a camera gone.

    The later day is today. Another camera is known and has no pictures.
    """
    folder = media / "snapcam"
    for sn, days in ((SN, DAYS), (GONE_SN, DAYS[:1])):
        for day in days:
            (folder / sn / day).mkdir(parents=True)
            for file in FILES:
                (folder / sn / day / file).write_bytes(JPEG)
    data = {"sn": OTHER_SN, **TOPICS}
    attic = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, title="attic", data=data
    )
    attic.add_to_hass(hass)
    return folder
