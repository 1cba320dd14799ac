"""What the activity log says of a camera."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .broker import Broker
from .common import pass_time
from .const import CONNECTIVITY
from .simulator import SimulatedCamera


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    recorder_db_url: str, prompt_subscriptions: None, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load the integration, and record what happens from the start."""


async def test_a_long_silence_is_two_lines(
    freezer: FrozenDateTimeFactory,
    recorder_mock: Recorder,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A camera that loses its uplink says so once, and once that it is back."""
    # The pages that show the log are not there in the tests.
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", {})
    began = dt_util.utcnow()
    await pass_time(hass, broker, freezer, 1)
    broker.disconnect(online)
    for _ in range(4):
        await pass_time(hass, broker, freezer, 60)
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()
    await async_wait_recording_done(hass)

    client = await hass_ws_client()
    await client.send_json_auto_id(
        {
            "type": "logbook/get_events",
            "start_time": began.isoformat(),
            "end_time": (dt_util.utcnow() + timedelta(seconds=1)).isoformat(),
        }
    )
    rows: list[dict[str, Any]] = (await client.receive_json())["result"]
    said = [(row["entity_id"], row["state"]) for row in rows]
    assert said == [
        (CONNECTIVITY, "off"),
        (CONNECTIVITY, "on"),
    ]
