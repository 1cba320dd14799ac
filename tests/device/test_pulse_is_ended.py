"""A pulse always ends: whatever ends our hold of the camera ends its pulses first."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import call, control, pass_time
from ..const import IO1
from ..simulator import SimulatedCamera


async def disable(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Disable the entry, as a person does."""
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Unload the entry."""
    assert await hass.config_entries.async_unload(entry.entry_id)


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Reload the entry, as a change of its options does."""
    assert await hass.config_entries.async_reload(entry.entry_id)


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove the entry."""
    await hass.config_entries.async_remove(entry.entry_id)


async def shut_down(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Stop Home Assistant."""
    await hass.async_stop(force=True)


ENDINGS = [disable, unload, reload, remove, shut_down]


@pytest.mark.parametrize("end", ENDINGS)
async def test_pulse_ends_before_the_camera_is_let_go(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    issues: Any,
    end: Any,
) -> None:
    """A gate must not stay open because somebody changed an option meanwhile."""
    await control(hass, io0=True, io1=False, pulse=5)
    assert (online.io0, online.io1) == (1, 0)
    await end(hass, entry)

    assert (online.io0, online.io1) == (0, 1)
    assert issues() == set()


@pytest.mark.parametrize("end", [disable, unload, reload, remove])
async def test_pulse_that_could_not_be_ended_is_reported(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    end: Any,
) -> None:
    """Somebody has to go and look at what hangs on the line; the report lasts."""
    await control(hass, io1=True, pulse=5)
    online.faults.silent = True
    ending = asyncio.create_task(end(hass, entry))
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    await ending
    await broker.settle()

    issue = ir.async_get(hass).async_get_issue(
        "snapcam", f"output_left_{entry.entry_id}"
    )
    assert issue is not None
    assert issue.is_persistent
    assert issue.translation_placeholders == {"lines": "IO 1", "name": "Gate"}
    online.faults.silent = False
    for _ in range(4):
        await pass_time(hass, broker, freezer, 10)


async def test_report_goes_with_the_end_of_the_pulse(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    issues: Any,
) -> None:
    """After a reload the end is tried again; what is confirmed is no trouble."""
    await control(hass, io1=True, pulse=5)
    online.faults.silent = True
    ending = asyncio.create_task(reload(hass, entry))
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    await ending
    assert len(issues()) == 1
    online.faults.silent = False
    for _ in range(4):
        await pass_time(hass, broker, freezer, 10)

    assert online.io1 == 0
    assert issues() == set()


async def test_report_can_be_confirmed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    issues: Any,
) -> None:
    """Of a camera that is gone for good, only a person can say that all is well."""
    assert await async_setup_component(hass, "repairs", {})
    await control(hass, io1=True, pulse=5)
    online.faults.silent = True
    ending = asyncio.create_task(remove(hass, entry))
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    await ending
    (issue,) = issues()
    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": "snapcam", "issue_id": issue}
    )
    flow = await response.json()
    assert flow["description_placeholders"] == {"lines": "IO 1", "name": "Gate"}
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})

    assert issues() == set()


async def test_no_pulse_begins_while_they_are_ended(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """An automation that acts in this very moment is told that it came too late."""
    await control(hass, io1=True, pulse=5)
    online.faults.silent = True
    ending = asyncio.create_task(unload(hass, entry))
    await broker.settle()
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=5)
    await pass_time(hass, broker, freezer, 6)
    await ending

    assert online.io0 == 0


async def test_end_goes_first(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Automations that flood the camera do not keep a gate open."""
    await control(hass, io0=True, pulse=1)
    online.faults.answer_delay = 0.2
    flood = [asyncio.create_task(call(hass, "switch.turn_on", IO1)) for _ in range(20)]
    await broker.settle()
    refused = [switch for switch in flood if switch.done()]
    assert len(refused) > 5
    for _ in range(14):
        await pass_time(hass, broker, freezer, 0.3)

    lines = [m["cmd_data"]["io0"] for m in broker.messages("control_cmd")]
    assert 0 in lines[:7]
    assert online.io0 == 0
    results = await asyncio.gather(*flood, return_exceptions=True)
    assert any(isinstance(result, HomeAssistantError) for result in results)
