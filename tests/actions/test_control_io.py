"""The action that sets the IO lines, or pulses them."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from ..broker import Broker
from ..common import call, control, pass_time, state
from ..const import BUTTON, CAMERA, IO0, IO1
from ..simulator import SimulatedCamera
from ..simulator.links import lose


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"io0": True}, ("on", "off")),
        ({"io1": True}, ("off", "on")),
        ({"io0": True, "io1": True}, ("on", "on")),
        ({"io0": False, "io1": "on"}, ("off", "on")),
    ],
)
async def test_control_io(
    hass: HomeAssistant,
    online: SimulatedCamera,
    lines: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    """Lines are set together, and shown as acknowledged."""
    await control(hass, **lines)

    assert (state(hass, IO0), state(hass, IO1)) == expected
    assert len(online.received) == 1


@pytest.mark.parametrize("pulse", [0, 0.05, 61, "long"])
async def test_pulse_out_of_range(
    hass: HomeAssistant, online: SimulatedCamera, pulse: Any
) -> None:
    """A pulse is neither too short for a relay nor too long for a door."""
    with pytest.raises(vol.Invalid):
        await control(hass, io0=True, pulse=pulse)


async def test_no_line(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """Nothing to do is a mistake."""
    with pytest.raises(ServiceValidationError) as raised:
        await control(hass, pulse=1)

    assert raised.value.translation_key == "no_io_line"


async def test_control_io_fails(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """What the camera says is passed on."""
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError) as raised:
        await control(hass, io0=True)

    assert raised.value.translation_key == "refused"


async def test_pulse(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The lines go back by themselves, to the opposite of what was set."""
    await control(hass, io0=True, io1=False, pulse=3)
    assert (online.io0, online.io1) == (1, 0)
    await pass_time(hass, broker, freezer, 2)
    assert (state(hass, IO0), state(hass, IO1)) == ("on", "off")
    await pass_time(hass, broker, freezer, 2)

    assert (online.io0, online.io1) == (0, 1)
    assert (state(hass, IO0), state(hass, IO1)) == ("off", "on")


async def test_pulse_ends_although_the_camera_is_gone(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line is set back as soon as the camera answers again."""
    await control(hass, io0=True, pulse=3)
    broker.disconnect(online)
    for seconds in (3, 10, 5, 10, 5):
        await pass_time(hass, broker, freezer, seconds)
    assert online.io0 == 1
    broker.connect(online)
    await pass_time(hass, broker, freezer, 10)
    await pass_time(hass, broker, freezer, 5)

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_pulse_ends_while_a_picture_is_on_its_way(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A door does not stay open because a picture does not come."""
    online.faults.picture_by_upload = True
    publish = online.publish

    async def lose_pictures(payload: bytes, /, *, retain: bool) -> None:
        await (lose if b"upload_snapshot" in payload else publish)(
            payload, retain=retain
        )

    online.publish = lose_pictures
    await control(hass, io0=True, pulse=3)
    press = asyncio.create_task(call(hass, "button.press", BUTTON))
    await pass_time(hass, broker, freezer, 4)
    assert online.io0 == 0
    await pass_time(hass, broker, freezer, 20)
    with pytest.raises(HomeAssistantError):
        await press


@pytest.mark.parametrize("meanwhile", ["switch.turn_on", "snapcam.control_io"])
async def test_pulse_is_overtaken(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    meanwhile: str,
) -> None:
    """A line that somebody sets during its pulse stays as they set it."""
    await control(hass, io0=True, io1=True, pulse=3)
    data: dict[str, Any] = {"snapcam.control_io": {"io0": True}}
    entity = {"switch.turn_on": IO0, "snapcam.control_io": CAMERA}[meanwhile]
    await call(hass, meanwhile, entity, **data.get(meanwhile, {}))
    await pass_time(hass, broker, freezer, 4)

    assert (online.io0, online.io1) == (1, 0)


async def test_pulse_is_overtaken_at_its_end(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line that somebody is just setting when its pulse ends stays as they set it."""
    await control(hass, io0=True, io1=True, pulse=3)
    online.faults.answer_delay = 5
    setting = asyncio.create_task(control(hass, io0=True))
    for _ in range(9):
        await pass_time(hass, broker, freezer, 2)
    await setting

    assert (online.io0, online.io1) == (1, 0)


async def test_pulse_of_a_line_that_is_just_set(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse ends although the line was still being set when it was asked for."""
    online.faults.answer_delay = 5
    setting = asyncio.create_task(control(hass, io0=True))
    await broker.settle()
    pulse = asyncio.create_task(control(hass, io0=True, pulse=3))
    for _ in range(12):
        await pass_time(hass, broker, freezer, 2)
    await setting
    await pulse

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_pulse_that_would_end_during_a_refused_one(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse whose time is over while the camera refuses the next one ends then."""
    await control(hass, io0=True, pulse=3)
    online.faults.ret, online.faults.answer_delay = 3, 5
    refused = asyncio.create_task(control(hass, io0=True, pulse=30))
    await broker.settle()
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 4)
    await pass_time(hass, broker, freezer, 2)
    with pytest.raises(HomeAssistantError):
        await refused
    await pass_time(hass, broker, freezer, 6)

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_longer_pulse(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A second pulse counts from its own beginning."""
    await control(hass, io0=True, pulse=3)
    await pass_time(hass, broker, freezer, 2)
    await control(hass, io0=True, pulse=3)
    await pass_time(hass, broker, freezer, 2)
    assert online.io0 == 1
    await pass_time(hass, broker, freezer, 2)
    assert online.io0 == 0


async def test_pulse_without_an_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line that may have been set is set back, though the action failed."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=60))
    await broker.settle()
    assert online.io0 == 1
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError):
        await pulse
    online.faults.silent = False
    await pass_time(hass, broker, freezer, 11)
    await pass_time(hass, broker, freezer, 6)

    assert online.io0 == 0


async def test_pulse_refused(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """What the camera did not do needs no undoing."""
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=1)
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 2)

    assert len(online.received) == 1


async def test_pulse_survives_a_crash(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A door that was opened before Home Assistant went down is closed after it."""
    await control(hass, io0=True, pulse=30)
    written = hass_storage[f"snapcam.{entry.entry_id}"]
    assert written["data"]["release"] == {"io0": False}
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass_storage[f"snapcam.{entry.entry_id}"] = written
    online.io0 = 1
    assert await hass.config_entries.async_setup(entry.entry_id)
    await broker.settle()
    assert online.io0 == 0
    await pass_time(hass, broker, freezer, 40)

    assert hass_storage[f"snapcam.{entry.entry_id}"]["data"]["release"] == {}
