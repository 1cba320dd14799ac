"""Pulses end, whatever comes between."""

import asyncio
import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import control, pass_time
from ..simulator import SimulatedCamera


async def wait_for_the_end(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    """Give a pulse the time to end, even if its end has to be tried again."""
    for _ in range(6):
        await pass_time(hass, broker, freezer, 6)


async def test_pulse_ends_although_the_next_one_is_not_sent(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse that fails before it is sent must not forget the one that is under way.

    The door it has opened would stay open.
    """
    await control(hass, io0=True, pulse=10)
    await broker.go_down()
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=10)
    await broker.come_back()
    assert online.io0 == 1
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_the_next_one_is_refused(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Nor must one that the camera does not want, also if it is of two lines."""
    await control(hass, io0=True, pulse=10)
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, io1=True, pulse=30)
    online.faults.ret = 0
    received = len(online.received)
    await wait_for_the_end(hass, broker, freezer)

    assert (online.io0, online.io1) == (0, 0)
    assert len(online.received) == received + 1


async def test_pulse_ends_although_the_broker_was_lost(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The camera may have got a command whose answer was lost with the broker."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    await broker.go_down()
    with pytest.raises(HomeAssistantError):
        await pulse
    await pass_time(hass, broker, freezer, 30)
    assert online.io0 == 1
    online.faults.silent = False
    await broker.come_back()
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_it_was_cancelled(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """An automation may be stopped while it waits for the camera's answer."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    pulse.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pulse
    online.faults.silent = False
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_its_answer_says_nothing(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """An answer without a return code does not tell that nothing was set."""
    publish = online.publish

    async def leave_out_ret(payload: bytes, /, *, retain: bool) -> None:
        message = json.loads(payload)
        del message["ret"]
        await publish(json.dumps(message).encode(), retain=retain)

    online.publish = leave_out_ret
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=1)
    assert online.io0 == 1
    online.publish = publish
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_the_camera_is_reloaded(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Options may be changed while a command is under way; that is remembered."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    unloading = asyncio.create_task(hass.config_entries.async_unload(entry.entry_id))
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    assert await unloading
    with pytest.raises(HomeAssistantError):
        await pulse
    await pass_time(hass, broker, freezer, 2)
    online.faults.silent = False
    assert await hass.config_entries.async_setup(entry.entry_id)
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0
