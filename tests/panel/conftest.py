"""People in front of the panel, and pictures to look at."""

from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.common import JPEG
from tests.const import SN

from .common import DAYS, FILES, GONE_SN


@pytest.fixture
async def client(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return the browser of an administrator."""
    return await hass_ws_client(hass)


@pytest.fixture
async def guest(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    hass_read_only_user: MockUser,
) -> MockHAClientWebSocket:
    """Return the browser of somebody who may see another camera alone."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {"camera.attic": {"read": True}}}}
    )
    return await hass_ws_client(hass, hass_read_only_access_token)


@pytest.fixture
def library(media: Path) -> Path:
    """Return the folder of the pictures: two days of the gate, one of a camera gone."""
    folder = media / "snapcam"
    for sn, days in ((SN, DAYS), (GONE_SN, DAYS[:1])):
        for day in days:
            (folder / sn / day).mkdir(parents=True)
            for file in FILES:
                (folder / sn / day / file).write_bytes(JPEG)
    return folder
