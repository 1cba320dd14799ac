"""The faults that last for minutes."""

import asyncio

import pytest

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import Installed, install
from tests.live.flood import assert_served_in_a_flood
from tests.live.home import Home

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(900)]

ABSENCE_SECONDS = 300.0
RECONNECT_SECONDS = 30.0
FLOOD_SECONDS = 60.0
PICTURES_KEPT = 10_000
"""More than are sent, so that none goes for another one."""


async def test_broker_is_absent_for_five_minutes(
    home: Home, gate: Installed, broker: MqttBroker
) -> None:
    """No camera is called offline, and all goes on as soon as the broker is back."""
    connectivity = gate.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on")
    async with home.api.states_of(connectivity) as states:
        await broker.stop()
        await asyncio.sleep(ABSENCE_SECONDS)
        await broker.start()
        await home.api.until_state(connectivity, "on", seconds=RECONNECT_SECONDS)
        await until_heard(gate.camera)
    assert states == ["unknown", "on"]
    await home.api.act("switch.turn_on", gate.entities["switch.io1"])
    assert gate.camera.io1 == 1


async def test_flood_of_pictures_for_a_minute(
    home: Home, gate: Installed, cameras: Cameras
) -> None:
    """One camera that runs wild for a while neither blocks nor fills anything."""
    sn = "200000000054"
    wild = await install(home, cameras, sn, "Wild")
    entry_id = await home.api.entry_id(sn)
    await flows.set_options(home.api, entry_id, keep_count=PICTURES_KEPT)
    await until_heard(wild.camera)
    await assert_served_in_a_flood(home, wild, gate, seconds=FLOOD_SECONDS)
