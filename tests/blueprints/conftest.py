"""Automations made from blueprints, phones, and a second camera."""

from collections.abc import AsyncGenerator
from pathlib import Path
import shutil
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from ..broker import Broker
from ..common import call
from ..const import OTHER_SN, TOPICS
from ..simulator import SimulatedCamera
from .common import FOLDER, UseBlueprint


@pytest.fixture
async def use_blueprint(
    hass: HomeAssistant, broker: Broker
) -> AsyncGenerator[UseBlueprint]:
    """Return a way to make an automation of a blueprint, as people do."""
    folder = Path(hass.config.path("blueprints/automation/snapcam"))

    async def use(name: str, **inputs: Any) -> None:
        await hass.async_add_executor_job(shutil.copytree, FOLDER, folder)
        blueprint = {"path": f"snapcam/{name}.yaml", "input": inputs}
        assert await async_setup_component(
            hass, "automation", {"automation": {"use_blueprint": blueprint}}
        )
        await broker.settle()
        (automation,) = hass.states.async_all("automation")
        assert automation.state == "on"

    yield use
    # A schedule has a timer.
    await call(hass, "automation.turn_off", "all")


@pytest.fixture
async def side_door(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> SimulatedCamera:
    """Return another camera that is online."""
    other = broker.connect(SimulatedCamera(sn=OTHER_SN))
    entry = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Side door",
        data={"sn": OTHER_SN, **TOPICS},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await other.send_heartbeat()
    await broker.settle()
    other.received.clear()
    return other


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event]:
    """Return what people's own actions were told."""
    return async_capture_events(hass, "told")
