"""What is shown while a camera or the broker is gone, and once it is back."""

from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_heard
from tests.live.conftest import STEP, Installed
from tests.live.home import Home

pytestmark = STEP

OFFLINE_SECONDS = 45.0
"""The silence after which a camera with a heartbeat every 15 s counts as offline."""

RECONNECT_SECONDS = 30.0
"""Home Assistant tries to reach the broker every ten seconds."""


async def test_silent_camera_goes_offline_and_comes_back(
    home: Home, silent: Installed, cameras: Cameras
) -> None:
    """A camera without power is seen to be gone, and seen to be back."""
    connectivity = silent.entities["binary_sensor.connectivity"]
    button = silent.entities["button.take_snapshot"]
    await home.api.until_state(connectivity, "off", seconds=OFFLINE_SECONDS + 5)
    assert (await home.api.state(button))["state"] != "unavailable"
    await cameras.start(silent.camera.sn, hb_interval=15)
    await home.api.until_state(connectivity, "on")


async def test_broker_restart_takes_no_camera_offline(
    home: Home, gate: Installed, broker: MqttBroker
) -> None:
    """Without a broker nobody knows whether a camera is there, so nobody says no."""
    connectivity = gate.entities["binary_sensor.connectivity"]
    await home.api.until_state(connectivity, "on")
    async with home.api.states_of(connectivity) as states:
        await broker.stop()
        await home.api.until_state(connectivity, "unknown")
        switch = await home.api.state(gate.entities["switch.io0"])
        assert switch["state"] == "unavailable"
        await broker.start()
        await home.api.until_state(connectivity, "on", seconds=RECONNECT_SECONDS)
    assert states == ["unknown", "on"]
    await until_heard(gate.camera)
    await home.api.act("switch.turn_on", gate.entities["switch.io1"])
    assert gate.camera.io1 == 1
