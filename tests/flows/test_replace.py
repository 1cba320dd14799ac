"""Having another camera take the place of one that is set up."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, control, heartbeat, pass_time, state, upload
from ..const import (
    CAMERA,
    CONNECTIVITY,
    DELIVERY,
    HB_INTERVAL,
    IO0,
    OTHER_SN,
    SN,
    TOPICS,
    UP,
)
from ..firmware.common import begin
from ..simulator import SimulatedCamera
from .common import OTHER_UP, name_other, progress, replace, step

type Registered = list[dict[str, Any]]


def registered(hass: HomeAssistant, entry: MockConfigEntry) -> Registered:
    """Return what the registries have of a camera, but for what is to change."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return [
        {
            "id": device.id,
            "area_id": device.area_id,
            "labels": device.labels,
            "name": device.name,
            "name_by_user": device.name_by_user,
        }
        for device in devices
    ] + [
        {
            "id": entity.id,
            "entity_id": entity.entity_id,
            "device_id": entity.device_id,
            "area_id": entity.area_id,
            "labels": entity.labels,
            "name": entity.name,
            "disabled_by": entity.disabled_by,
            "hidden_by": entity.hidden_by,
            "options": entity.options,
        }
        for entity in sorted(entities, key=lambda entity: entity.entity_id)
    ]


async def test_all_stays_but_the_camera(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Whatever people have made of a camera is there, and belongs to the new one."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    dr.async_get(hass).async_update_device(
        device.id,
        area_id=ar.async_get(hass).async_create("Garden").id,
        labels={lr.async_get(hass).async_create("Outside").label_id},
        name_by_user="Front gate",
    )
    entities = er.async_get(hass)
    entities.async_update_entity(
        IO0, disabled_by=er.RegistryEntryDisabler.USER, name="Light"
    )
    hass.config_entries.async_update_entry(entry, options={"keep_days": 7})
    # The device itself is named after the entry when that is set up again.
    assert await hass.config_entries.async_reload(entry.entry_id)
    before, token = registered(hass, entry), entry.data["token"]

    await replace(hass, entry)

    assert registered(hass, entry) == before
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.unique_id, entry.options) == (OTHER_SN, {"keep_days": 7})
    assert entry.data["token"] != token
    assert (entry.data["sn"], entry.data["former"]) == (OTHER_SN, [SN])
    moved = dr.async_get(hass).async_get(device.id)
    assert moved is not None
    assert (moved.identifiers, moved.serial_number) == (
        {("snapcam", OTHER_SN)},
        OTHER_SN,
    )
    assert moved.connections == {("mac", other.config.mac.lower())}
    found = er.async_entries_for_config_entry(entities, entry.entry_id)
    assert {entity.unique_id.startswith(f"{OTHER_SN}_") for entity in found} == {True}

    broker.send(upload(sn=OTHER_SN), OTHER_UP)
    await broker.settle()
    assert state(hass, CAMERA) == "idle"
    broker.published.clear()
    broker.send(heartbeat(), UP)
    await broker.settle()
    assert broker.published == []


async def test_serial_numbers_that_begin_alike(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """A serial number may have an underscore, as what is made from it does."""
    other_sn = f"{SN}_2"
    broker.connect(SimulatedCamera(sn=other_sn))
    before = registered(hass, entry)
    result = await progress(hass, await name_other(hass, entry, other_sn))
    await step(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert registered(hass, entry) == before


async def test_settings_are_told(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The new camera is told what a person had chosen for the former one."""
    online.config.upload_addr = "http://192.0.2.7/pictures"
    await call(hass, "number.set_value", HB_INTERVAL, value=300)
    await call(hass, "select.select_option", DELIVERY, option="http_other")
    await replace(hass, entry)

    assert other.config.hb_interval == 300
    assert other.config.upload_type == 0
    assert other.config.upload_addr == "http://192.0.2.7/pictures"
    assert (state(hass, HB_INTERVAL), state(hass, DELIVERY)) == ("300", "http_other")

    await call(hass, "number.set_value", HB_INTERVAL, value=120)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await other.send_heartbeat()
    await broker.settle()
    assert other.config.hb_interval == 120


async def test_delivery_to_home_assistant(
    hass: HomeAssistant,
    broker: Broker,
    posting: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The new camera delivers to us as the former one did, by an address of its own."""
    await posting.send_heartbeat()
    await broker.settle()
    await call(hass, "select.select_option", DELIVERY, option="http_home_assistant")
    former = posting.config.upload_addr
    other.post = posting.post
    await replace(hass, entry)
    await broker.settle()

    assert state(hass, DELIVERY) == "http_home_assistant"
    assert other.config.by_http
    assert other.config.upload_addr.endswith(entry.data["token"])
    assert other.config.upload_addr != former


async def test_a_silent_one(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """One that does not answer is replaced only if it is wanted, and told when it does."""
    await call(hass, "number.set_value", HB_INTERVAL, value=300)
    broker.disconnect(other)
    result = await name_other(hass, entry)
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    await pass_time(hass, broker, freezer, 11)
    result = await step(hass, result, None)
    assert (result["type"], result["step_id"]) == (
        FlowResultType.MENU,
        "replace_silent",
    )
    assert entry.unique_id == SN
    result = await step(hass, result, {"next_step_id": "replace_now"})
    assert result["reason"] == "replaced"
    await hass.async_block_till_done()
    assert state(hass, CONNECTIVITY) == "unknown"

    broker.connect(other)
    await other.send_heartbeat()
    await broker.settle()
    assert other.config.hb_interval == 300


@pytest.mark.parametrize(
    ("sn", "error"),
    [
        (SN, "itself"),
        ("30000001", "set_up_already"),
        ("no number!", "invalid_sn"),
    ],
)
async def test_who_cannot_take_the_place(
    hass: HomeAssistant, entry: MockConfigEntry, sn: str, error: str
) -> None:
    """Neither the camera itself nor one with an entry of its own."""
    data = {"sn": "30000001", **TOPICS}
    MockConfigEntry(domain="snapcam", unique_id="30000001", data=data).add_to_hass(hass)
    result = await name_other(hass, entry, sn)
    assert (result["type"], result["errors"]) == (FlowResultType.FORM, {"sn": error})


async def test_set_up_meanwhile(
    hass: HomeAssistant,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Somebody else may add the new camera while its form is open."""
    result = await progress(hass, await name_other(hass, entry))
    data = {"sn": OTHER_SN, **TOPICS}
    MockConfigEntry(domain="snapcam", unique_id=OTHER_SN, data=data).add_to_hass(hass)
    result = await step(hass, result, {})
    assert result["reason"] == "already_configured"
    assert entry.unique_id == SN


async def test_one_that_was_found_or_ignored(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """One that is offered can be chosen, and is not offered any more; nor ignored."""
    MockConfigEntry(
        domain="snapcam", unique_id="30000001", source=SOURCE_IGNORE
    ).add_to_hass(hass)
    await other.send_heartbeat()
    await broker.settle()
    assert len(hass.config_entries.flow.async_progress()) == 1
    result = await entry.start_reconfigure_flow(hass)
    result = await step(hass, result, {"next_step_id": "replace"})
    assert result["data_schema"].schema["sn"].config["options"] == [OTHER_SN]
    result = await step(hass, result, {"sn": OTHER_SN, "topics": TOPICS})
    await step(hass, await progress(hass, result), {})
    assert hass.config_entries.flow.async_progress() == []

    broker.connect(SimulatedCamera(sn="30000001"))
    result = await progress(hass, await name_other(hass, entry, "30000001"))
    assert (await step(hass, result, {}))["reason"] == "replaced"
    assert hass.config_entries.async_entries("snapcam") == [entry]
    assert entry.data["former"] == [OTHER_SN, SN]


async def test_broker_gone(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Without a broker nobody can be asked, and nothing changes."""
    result = await entry.start_reconfigure_flow(hass)
    await broker.go_down()
    result = await step(hass, result, {"next_step_id": "replace"})
    assert result["reason"] == "mqtt_not_connected"
    assert entry.unique_id == SN


async def test_a_pulse_ends(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The door that the former camera holds open is closed, and by nobody else."""
    await control(hass, io0=True, pulse=60)
    assert online.io0 == 1
    await replace(hass, entry)
    assert online.io0 == 0
    assert [m for m in other.received if m["operate"] == "control_cmd"] == []


async def test_not_during_an_install(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """What is being installed on the former camera is waited for."""
    offer = {"version": "2.0", "url": "http://192.0.2.1/firmware.bin"}
    hass.config_entries.async_update_entry(entry, options={"firmware": offer})
    installing = await begin(hass, broker)
    result = await name_other(hass, entry)
    await broker.settle()
    result = await step(hass, result, None)
    result = await step(hass, result, {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "installing")
    assert entry.unique_id == SN
    await pass_time(hass, broker, freezer, 601)
    with pytest.raises(HomeAssistantError):
        await installing


async def test_power_cut_before_the_registries_are_written(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """The entry is written first; device and entities follow it at the next start."""
    before = registered(hass, entry)
    data = {**entry.data, "sn": OTHER_SN, "former": [SN]}
    hass.config_entries.async_update_entry(entry, data=data, unique_id=OTHER_SN)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert registered(hass, entry) == before
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {entity.unique_id.startswith(f"{OTHER_SN}_") for entity in found} == {True}
