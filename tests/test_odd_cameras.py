"""Cameras that do what nobody expects."""

import asyncio
import gc
import json
import logging
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .broker import Broker
from .common import JPEG, control, enable, heartbeat, pass_time, state, take, upload
from .const import BUTTON, CAMERA, CLOCK_OFFSET, CONNECTIVITY, EVENT, UP
from .simulator import SimulatedCamera


async def test_posts_while_the_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    http: TestClient,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A camera that posts has a full window to come back to the broker as well."""
    await broker.go_down()
    reply = await http.post(f"/api/snapcam/upload/{entry.data['token']}", json=upload())
    assert json.loads(await reply.read())["ret"] == 0
    for _ in range(20):
        await pass_time(hass, broker, freezer, 15)
    await broker.come_back()
    assert state(hass, CONNECTIVITY) == "on"
    broker.disconnect(online)
    await pass_time(hass, broker, freezer, 91)
    await pass_time(hass, broker, freezer, 58)
    assert state(hass, CONNECTIVITY) == "on"
    await pass_time(hass, broker, freezer, 2)
    assert state(hass, CONNECTIVITY) == "off"


async def test_picture_without_a_time_says_nothing_of_the_clock(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    http: TestClient,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Commands to a camera whose clock is wrong still go by its clock afterwards."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    await enable(hass, entry, CLOCK_OFFSET)
    now = int(dt_util.utcnow().timestamp())
    broker.send(heartbeat(timestamp=now - 7200), UP)
    await broker.settle()
    assert state(hass, CLOCK_OFFSET) == "-7200"
    reply = await http.post(
        f"/api/snapcam/upload/{entry.data['token']}",
        data=JPEG,
        headers={"Content-Type": "image/jpeg"},
    )
    assert json.loads(await reply.read())["ret"] == 0

    assert state(hass, CLOCK_OFFSET) == "-7200"
    await control(hass, io0=True)
    assert broker.messages("control_cmd")[-1]["timestamp"] == now - 7200


async def test_picture_nobody_waits_for_fails_quietly(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An automation that was stopped is no error in the log when nothing comes."""
    online.faults.silent = True
    taking = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    taking.cancel()
    await broker.settle()
    assert taking.cancelled()
    await pass_time(hass, broker, freezer, 25)
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["reason"] == "no_answer"
    # Asyncio complains of an error nobody has seen when its task is gone.
    gc.collect()
    await broker.settle()

    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert errors == []


async def test_automation_tries_again(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A picture that is asked for because one has failed is not the one that failed."""
    failed = "{{ trigger.to_state.attributes.event_type == 'failed' }}"
    automation = {
        "trigger": {"platform": "state", "entity_id": EVENT},
        "condition": failed,
        "action": {"action": "button.press", "target": {"entity_id": BUTTON}},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await broker.settle()
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await take(hass, CAMERA)
    await broker.settle()

    assert len(broker.messages("control_cmd")) == 2


@pytest.mark.parametrize("timestamp", [-(2**63), 2**63 - 1])
async def test_clock_beyond_all_measure(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    timestamp: int,
) -> None:
    """A timestamp that only just is an int64 must not keep the state from being saved.

    Its offset from our time is none any more, and no JSON could hold it.
    """
    await control(hass, io0=True)
    broker.send(heartbeat(timestamp=timestamp), UP)
    await broker.settle()
    assert broker.messages("heartbeat_rsp")[-1]["ret"] == 2
    assert await hass.config_entries.async_unload(entry.entry_id)

    assert hass_storage[f"snapcam.{entry.entry_id}"]["data"]["io0"] is True
    assert "Traceback" not in caplog.text
