"""The entities of a camera: their shape, and what they make of commands."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from .broker import Broker
from .common import call, pass_time, state
from .const import (
    BUTTON,
    CAMERA,
    CHANGE,
    CLOCK_OFFSET,
    CONNECTIVITY,
    HB_INTERVAL,
    IMAGE,
    IO0,
    IO1,
    LAST_SEEN,
    SN,
    UP,
    UPLOAD_ADDR,
    VIEW,
)
from .simulator import SimulatedCamera

COMMANDS = [
    pytest.param("button.press", BUTTON, {}, id="button"),
    pytest.param("switch.turn_on", IO0, {}, id="turn on"),
    pytest.param("switch.turn_off", IO1, {}, id="turn off"),
    pytest.param("number.set_value", HB_INTERVAL, {"value": 30}, id="number"),
]

SECRET = {"access_token", "entity_picture"}


async def enable_all(
    hass: HomeAssistant, entry: MockConfigEntry
) -> list[er.RegistryEntry]:
    """Enable the entities that are disabled by default, and return all."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    for entity in entities:
        registry.async_update_entity(entity.entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    return entities


async def test_shape(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """What people's dashboards and automations are built on."""
    freezer.move_to("2026-11-23 12:00:00+00:00")
    for entity in await enable_all(hass, entry):
        shown = hass.states.get(entity.entity_id)
        assert shown is not None
        assert {
            "unique_id": entity.unique_id,
            "translation_key": entity.translation_key,
            "entity_category": entity.entity_category,
            "attributes": {
                key: value
                for key, value in shown.attributes.items()
                if key not in SECRET
            },
        } == snapshot(name=entity.entity_id)


async def test_disabled_by_default(
    hass: HomeAssistant, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """What changes with each message, or few need, is there for who wants it."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    disabled = {entity.entity_id for entity in entities if entity.disabled}
    assert disabled == {LAST_SEEN, CLOCK_OFFSET, UPLOAD_ADDR, CHANGE, VIEW}


async def test_device(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The device has what the camera says of itself, now and after a restart."""
    camera.version = "2.1.0"
    await camera.send_heartbeat()
    await broker.settle()
    registry = dr.async_get(hass)

    def device() -> tuple[Any, ...]:
        found = registry.async_get_device_by_identifier(("snapcam", SN), entry.entry_id)
        assert found is not None
        assert found.configuration_url == f"homeassistant://snapcam/{SN}"
        return (found.name, found.serial_number, found.sw_version, found.connections)

    told = ("Gate", SN, "2.1.0", {(dr.CONNECTION_NETWORK_MAC, camera.config.mac)})
    assert device() == told
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert device() == told


async def test_sensors_that_follow_each_message(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The time of the last message and the clock's offset change with each."""
    await enable_all(hass, entry)
    freezer.move_to("2026-11-23 12:00:00+00:00")
    online.faults.clock_offset = -42
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, LAST_SEEN) == "2026-11-23T12:00:00+00:00"
    assert state(hass, CLOCK_OFFSET) == "-42"

    freezer.move_to("2026-11-23 12:00:10+00:00")
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, LAST_SEEN) == "2026-11-23T12:00:10+00:00"

    online.faults.clock_offset = -3600
    await online.send_heartbeat()
    await broker.settle()
    assert online.answers[-1]["ret"] == 2
    assert state(hass, CLOCK_OFFSET) == "-3600"


async def test_switches(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """Both lines are always sent; the other one keeps its acknowledged value."""
    assert (state(hass, IO0), state(hass, IO1)) == ("unknown", "unknown")
    for action, entity_id, lines in (
        ("switch.turn_on", IO1, (0, 1)),
        ("switch.turn_on", IO0, (1, 1)),
        ("switch.turn_off", IO1, (1, 0)),
    ):
        await call(hass, action, entity_id)
        sent = online.received[-1]["cmd_data"]
        assert sent == {"type": "io_control", "io0": lines[0], "io1": lines[1]}
        assert (online.io0, online.io1) == lines
        shown = (state(hass, IO0) == "on", state(hass, IO1) == "on")
        assert shown == lines


async def test_both_switches_at_once(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """The second command knows what the first one did."""
    await asyncio.gather(
        call(hass, "switch.turn_on", IO0), call(hass, "switch.turn_on", IO1)
    )

    assert (online.io0, online.io1) == (1, 1)
    assert (state(hass, IO0), state(hass, IO1)) == ("on", "on")


async def test_number(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """All that can be set is sent, as the camera has it, then what it says is shown."""
    online.config.upload_type = 0
    await call(hass, "number.set_value", HB_INTERVAL, value=120)

    requests = [request["operate"] for request in online.received]
    assert requests == ["get_dev_config", "set_dev_config", "get_dev_config"]
    sent = online.received[1]
    assert (sent["upload_type"], sent["hb_interval"]) == (0, 120)
    assert sent["upload_addr"] == online.config.upload_addr
    assert state(hass, HB_INTERVAL) == "120"


async def test_number_before_the_configuration_is_known(
    hass: HomeAssistant, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """What is not known yet is asked first, so that nothing else is changed."""
    camera.config.upload_type = 0
    await call(hass, "number.set_value", HB_INTERVAL, value=120)

    assert camera.config.upload_type == 0
    assert state(hass, HB_INTERVAL) == "120"


async def test_number_is_not_read_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A camera that set it but did not say so is asked again when it is heard."""
    online.faults.silent = True
    command = asyncio.create_task(
        call(hass, "number.set_value", HB_INTERVAL, value=120)
    )
    for operate in ("get_dev_config_rsp", "set_dev_config_rsp"):
        await broker.settle()
        answer = {"operate": operate, "sn": SN, "ret": 0}
        broker.send(answer | {"request_id": online.received[-1]["request_id"]}, UP)
    await broker.settle()
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError, match="did not answer in time"):
        await command
    assert state(hass, HB_INTERVAL) == "60"

    online.faults.silent = False
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, HB_INTERVAL) == "120"


@pytest.mark.parametrize("value", [14, 361])
async def test_number_out_of_range(
    hass: HomeAssistant, online: SimulatedCamera, value: int
) -> None:
    """What the vendor's page does not allow is not sent."""
    with pytest.raises(ServiceValidationError):
        await call(hass, "number.set_value", HB_INTERVAL, value=value)

    assert online.received == []


@pytest.mark.parametrize(("action", "entity_id", "data"), COMMANDS)
async def test_refused(
    hass: HomeAssistant,
    online: SimulatedCamera,
    action: str,
    entity_id: str,
    data: dict[str, Any],
) -> None:
    """A refusal is told in the camera's own words, and the state stays."""
    online.faults.ret = 7
    online.faults.msg = "door is open"
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, action, entity_id, **data)

    assert str(raised.value) == "Gate refused with code 7: door is open"
    assert (state(hass, IO0), state(hass, HB_INTERVAL)) == ("unknown", "60")


@pytest.mark.parametrize(("action", "entity_id", "data"), COMMANDS)
async def test_no_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    action: str,
    entity_id: str,
    data: dict[str, Any],
) -> None:
    """No answer is an error after ten seconds, twenty for a snapshot."""
    online.faults.silent = True
    command = asyncio.create_task(call(hass, action, entity_id, **data))
    await broker.settle()
    await pass_time(hass, broker, freezer, {BUTTON: 19, IO0: 9}.get(entity_id, 9))
    assert not command.done()
    await pass_time(hass, broker, freezer, 2)

    with pytest.raises(HomeAssistantError, match="Gate did not answer in time"):
        await command
    assert (state(hass, IO0), state(hass, HB_INTERVAL)) == ("unknown", "60")


async def test_broker_is_lost_while_a_command_waits(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A command whose answer cannot come any more ends at once."""
    online.faults.silent = True
    command = asyncio.create_task(call(hass, "switch.turn_on", IO0))
    await broker.settle()
    await broker.go_down()

    with pytest.raises(HomeAssistantError, match="could not be reached"):
        await command


async def test_unloaded_while_a_command_waits(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """Commands end with the camera, and those that waited are never sent."""
    online.faults.silent = True
    commands = [
        asyncio.create_task(call(hass, *action))
        for action in (("button.press", BUTTON), ("switch.turn_on", IO0))
    ]
    await broker.settle()
    assert await hass.config_entries.async_unload(entry.entry_id)

    for command in commands:
        with pytest.raises(HomeAssistantError, match="could not be reached"):
            await command
    assert len(online.received) == 1


async def test_too_many_commands(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The ninth that would have to wait is told so; the others wait their turn."""
    online.faults.silent = True
    commands = [
        asyncio.create_task(call(hass, "switch.turn_on", IO0)) for _ in range(9)
    ]
    await broker.settle()
    with pytest.raises(HomeAssistantError, match="too many commands"):
        await call(hass, "button.press", BUTTON)
    assert len(online.received) == 1

    online.faults.silent = False
    await pass_time(hass, broker, freezer, 11)
    results = await asyncio.gather(*commands, return_exceptions=True)
    assert [isinstance(result, Exception) for result in results] == [True] + 8 * [False]


async def test_commands_end_when_the_camera_is_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A relay does not switch minutes after the camera was found to be gone."""
    broker.disconnect(online)
    await pass_time(hass, broker, freezer, 91)
    await pass_time(hass, broker, freezer, 54)
    commands = [
        asyncio.create_task(call(hass, "switch.turn_on", IO0)) for _ in range(5)
    ]
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    results = await asyncio.gather(*commands, return_exceptions=True)
    assert len([r for r in results if isinstance(r, HomeAssistantError)]) == 5

    broker.connect(online)
    broker.published.clear()
    await online.send_heartbeat()
    await broker.settle()
    assert broker.messages("control_cmd") == []


@pytest.mark.parametrize("entity_id", [CAMERA, IMAGE, CONNECTIVITY, BUTTON])
async def test_update_entity(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entity_id: str
) -> None:
    """Who asks for news makes the camera be asked, and nothing becomes unavailable."""
    assert await async_setup_component(hass, "homeassistant", {})
    await call(hass, "homeassistant.update_entity", entity_id)
    await online.send_snapshot()
    await broker.settle()

    assert [request["operate"] for request in online.received] == ["get_dev_config"]
    assert state(hass, entity_id) != "unavailable"


async def test_renamed_entity(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """An entity with another id goes on."""
    er.async_get(hass).async_update_entity(IMAGE, new_entity_id="image.other")
    await broker.settle()
    await online.send_snapshot()
    await broker.settle()

    assert state(hass, "image.other") != "unknown"
