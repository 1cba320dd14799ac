"""The address of the camera, and a trial of ours in its midst."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..const import UPLOAD_ADDR
from ..simulator import SimulatedCamera
from ..simulator.links import reach_nobody
from .common import choose


@pytest.fixture
async def entry(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the entry of the camera, with the entity that is hidden at first."""
    er.async_get(hass).async_update_entity(UPLOAD_ADDR, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    return entry


@pytest.fixture
def address(entry: MockConfigEntry) -> str:
    """Return the address of the camera."""
    return f"/api/snapcam/upload/{entry.data['token']}"


@pytest.fixture
def before(posting: SimulatedCamera, online: SimulatedCamera) -> dict[str, Any]:
    """Return the settings of the camera as they are before anything is chosen."""
    return dict(vars(online.config))


@pytest.fixture
async def trial(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    before: dict[str, Any],
) -> asyncio.Task[None]:
    """Return the choice of our address, in the midst of its trial, which will fail."""
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    return choosing
