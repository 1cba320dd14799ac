"""What hangs on the IO lines: asked of a new camera, and changed in the options."""

from typing import Any

from homeassistant.components.homeassistant.exposed_entities import (
    KNOWN_ASSISTANTS,
    async_expose_entity,
    async_should_expose,
)
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntry
from homeassistant.const import EntityStateAttribute
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_schema_suggested_value,
)

from ..broker import Broker
from ..common import call
from ..const import IO0, IO1, OTHER_SN, SN, TOPICS
from ..simulator import SimulatedCamera
from .common import confirm, progress, start, step

NEW_IO0 = f"switch.snapcam_{SN}_io_0"
NEW_IO1 = f"switch.snapcam_{SN}_io_1"

INTEGRATION = er.RegistryEntryDisabler.INTEGRATION
USER = er.RegistryEntryDisabler.USER


async def add(hass: HomeAssistant, **lines: str) -> ConfigEntry:
    """Add the camera by its serial number."""
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": SN, "topics": TOPICS, **lines})
    result = await progress(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    return entry


async def change(hass: HomeAssistant, entry: ConfigEntry, **lines: Any) -> Any:
    """Change the answers in the options; return those that are shown before."""
    options = hass.config_entries.options
    flow = await options.async_init(entry.entry_id)
    flow = await options.async_configure(flow["flow_id"], {"next_step_id": "settings"})
    shown = {
        line: get_schema_suggested_value(flow["data_schema"].schema, line)
        for line in ("io0", "io1")
    }
    await options.async_configure(flow["flow_id"], lines)
    await hass.async_block_till_done(wait_background_tasks=True)
    return shown


def exposed(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether the assistant of Home Assistant itself may have an entity."""
    return async_should_expose(hass, "conversation", entity_id)


def disabled_by(hass: HomeAssistant, entity_id: str) -> Any:
    """Return what disables an entity."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    return entity.disabled_by


@pytest.mark.parametrize(
    ("hanging", "icons", "device_class", "is_exposed"),
    [
        ("light", ("mdi:lightbulb-outline", "mdi:lightbulb-on"), "switch", True),
        ("gate", ("mdi:gate", "mdi:gate-open"), "switch", False),
        ("bell", ("mdi:bell-outline", "mdi:bell-ring"), "switch", True),
        ("other", (None, None), None, False),
    ],
)
async def test_what_hangs_there(
    hass: HomeAssistant,
    camera: SimulatedCamera,
    hanging: str,
    icons: tuple[str | None, str | None],
    device_class: str | None,
    is_exposed: bool,
) -> None:
    """The switch looks like it; assistants may have by themselves what is harmless."""
    await add(hass, io0=hanging)
    assert (exposed(hass, NEW_IO0), exposed(hass, NEW_IO1)) == (is_exposed, False)
    for action, icon in zip(("turn_off", "turn_on"), icons, strict=True):
        await call(hass, f"switch.{action}", NEW_IO0)
        switch = hass.states.get(NEW_IO0)
        assert switch is not None
        assert switch.attributes.get(EntityStateAttribute.ICON) == icon
        shown = switch.attributes.get(EntityStateAttribute.DEVICE_CLASS)
        assert shown == device_class


async def test_nothing_hangs_there(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Its switch is disabled until something hangs there; a restart changes nothing."""
    entry = await add(hass, io0="nothing", io1="light")
    assert (disabled_by(hass, NEW_IO0), disabled_by(hass, NEW_IO1)) == (
        INTEGRATION,
        None,
    )
    assert hass.states.get(NEW_IO0) is None

    shown = await change(hass, entry, io0="gate", io1="nothing")
    assert shown == {"io0": "nothing", "io1": "light"}
    assert (disabled_by(hass, NEW_IO0), disabled_by(hass, NEW_IO1)) == (
        None,
        INTEGRATION,
    )
    assert hass.states.get(NEW_IO0) is not None
    assert not exposed(hass, NEW_IO0)


async def test_what_people_have_done_stays(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Without a new answer nothing changes, whatever else of the options does.

    A switch that a person has disabled is not enabled by an answer.
    """
    async_expose_entity(hass, "conversation", IO0, should_expose=True)
    assert await change(hass, entry, keep_days=7) == {"io0": None, "io1": None}
    assert (exposed(hass, IO0), disabled_by(hass, IO1)) == (True, None)
    assert "io0" not in entry.options

    await change(hass, entry, io0="gate", io1="nothing")
    assert not any(async_should_expose(hass, x, IO0) for x in KNOWN_ASSISTANTS)
    async_expose_entity(hass, "conversation", IO0, should_expose=True)
    registry = er.async_get(hass)
    registry.async_update_entity(IO1, disabled_by=None)
    await change(hass, entry, keep_days=8, io0="gate", io1="nothing")
    assert exposed(hass, IO0)
    assert disabled_by(hass, IO1) is None

    registry.async_update_entity(IO1, disabled_by=USER)
    await change(hass, entry, io1="light")
    assert (exposed(hass, IO0), disabled_by(hass, IO1)) == (True, USER)


async def test_camera_that_is_set_up_later(
    hass: HomeAssistant, broker: Broker, config_entry: MockConfigEntry
) -> None:
    """It may be set up only after a restart, such as when the broker was away."""
    config_entry.add_to_hass(hass)
    lines = {"io0": "gate", "io1": "nothing"}
    hass.config_entries.async_update_entry(config_entry, options=lines)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    assert not exposed(hass, IO0)
    assert disabled_by(hass, IO1) is INTEGRATION


async def test_camera_that_was_removed_and_is_added_again(
    hass: HomeAssistant, camera: SimulatedCamera
) -> None:
    """Home Assistant has remembered its switches; the new answers count."""
    entry = await add(hass, io0="light", io1="nothing")
    assert exposed(hass, NEW_IO0)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await add(hass, io0="gate", io1="bell")
    assert not exposed(hass, NEW_IO0)
    assert disabled_by(hass, NEW_IO1) is None


async def test_answers_stay_when_the_camera_is_replaced(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """The gate hangs there as before."""
    entry = await add(hass, io0="gate", io1="nothing")
    broker.connect(SimulatedCamera(sn=OTHER_SN))
    result = await hass.config_entries.flow.async_init(
        "snapcam",
        context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id},
    )
    result = await step(hass, result, {"next_step_id": "replace"})
    result = await step(hass, result, {"sn": OTHER_SN, "topics": TOPICS})
    await step(hass, await progress(hass, result), {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {"io0": "gate", "io1": "nothing"}
    assert not exposed(hass, NEW_IO0)
    assert disabled_by(hass, NEW_IO1) is INTEGRATION


async def test_answers_stay_typed(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """Who changes what was typed finds them there, and is not asked again."""
    camera.faults.silent = True
    result = await start(hass, "manual")
    lines = {"io0": "bell", "io1": "other"}
    result = await step(hass, result, {"sn": SN, "topics": TOPICS, **lines})
    await broker.settle()
    async_fire_time_changed(hass, fire_all=True)
    menu = await progress(hass, result)
    result = await step(hass, menu, {"next_step_id": "manual"})
    shown = result["data_schema"].schema
    assert {x: get_schema_suggested_value(shown, x) for x in lines} == lines
    hass.config_entries.flow.async_abort(result["flow_id"])


async def test_camera_that_is_heard_and_silent(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """One that is added anyway is asked for as well, without a picture."""
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    await camera.send_heartbeat()
    await hass.async_block_till_done()
    camera.faults.silent = True
    (flow,) = hass.config_entries.flow.async_progress()
    result = await step(hass, flow, {})
    await broker.settle()
    async_fire_time_changed(hass, fire_all=True)
    result = await step(
        hass, await progress(hass, result), {"next_step_id": "add_anyway"}
    )
    result = await confirm(hass, result, "lines", io0="bell")
    assert result["options"] == {"io0": "bell", "io1": "other"}
    await broker.settle()


async def test_many_are_not_asked(hass: HomeAssistant, camera: SimulatedCamera) -> None:
    """Their switches are there, and no assistant may have them before somebody says so."""
    result = await start(hass, "list")
    result = await step(hass, result, {"cameras": SN, "topics": TOPICS})
    result = await step(hass, result, {"next_step_id": "list_add"})
    await progress(hass, result)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert disabled_by(hass, NEW_IO0) is None
    assert not exposed(hass, NEW_IO0)
