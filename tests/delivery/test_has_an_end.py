"""A change of a camera's delivery has an end, and a way back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time, state, take
from ..const import CAMERA, DELIVERY, EVENT, HB_INTERVAL, INTERNAL_URL
from ..simulator import SimulatedCamera
from ..simulator.links import reach_nobody
from .common import choose, own_address
from .posts import stored

HOUR = 3600


@pytest.fixture
async def outdated(
    hass: HomeAssistant,
    broker: Broker,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> SimulatedCamera:
    """Return a camera that has an address of ours of before, and reaches nobody now."""
    await choose(hass, "http_home_assistant")
    await broker.settle()
    online.post = reach_nobody
    hass.config_entries.async_update_entry(entry, data={**entry.data, "token": "new"})
    assert await hass.config_entries.async_reload(entry.entry_id)
    return online


def respell(
    camera: SimulatedCamera, entry: MockConfigEntry, spell: Callable[[str], str]
) -> None:
    """Have a camera spell our address in its own way, and deliver there all the same."""
    handle, post = camera.handle, camera.post

    async def handle_and_spell(payload: bytes) -> None:
        await handle(payload)
        if (address := camera.config.upload_addr) == own_address(entry):
            camera.config.upload_addr = spell(address)

    async def post_there(_address: str, body: bytes, /, *, content_type: str) -> bytes:
        return await post(own_address(entry), body, content_type=content_type)

    camera.handle = handle_and_spell  # type: ignore[method-assign]
    camera.post = post_there


async def hours(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
    count: float,
) -> None:
    """Let hours pass with a heartbeat every minute, and the broker lost each hour."""
    for minute in range(round(count * 60)):
        if minute % 60 == 30:
            await broker.go_down()
            await broker.come_back()
        await pass_time(hass, broker, freezer, 60)
        await camera.send_heartbeat()
        await broker.settle()


@pytest.mark.parametrize(
    "spell",
    [
        pytest.param(lambda address: address + "/", id="slash"),
        pytest.param(lambda address: address[:64], id="cut"),
        pytest.param(lambda address: address.removeprefix("http://"), id="no scheme"),
        pytest.param(lambda address: address.replace("http:", "HTTP:"), id="capitals"),
        pytest.param(lambda address: address.replace(":8123", ""), id="no port"),
    ],
)
async def test_our_address_in_another_spelling(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
    media: Path,
    spell: Callable[[str], str],
) -> None:
    """What is proven to arrive is told once, whatever the camera makes of it."""
    respell(online, entry, spell)
    await choose(hass, "http_home_assistant")
    await broker.settle()
    await hours(hass, broker, freezer, online, 2)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hours(hass, broker, freezer, online, 1)

    assert online.config.upload_addr == spell(own_address(entry))
    assert state(hass, DELIVERY) == "http_home_assistant"
    assert len(broker.messages("set_dev_config")) == 1
    assert len(stored(media)) == 1
    assert state(hass, EVENT) == "unknown"


async def test_address_that_is_never_reached(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    outdated: SimulatedCamera,
    broker: Broker,
) -> None:
    """It is tried again after ten minutes, then after twice as long each time.

    The pictures of the trials, which this camera puts into its answers, are no events.
    """
    broker.published.clear()
    counts = []
    for _ in range(3):
        before = len(broker.messages("set_dev_config"))
        await hours(hass, broker, freezer, outdated, 2)
        counts.append(len(broker.messages("set_dev_config")) - before)

    # One to tell it, one to put it back: at 0, 10, 30 and 70 minutes, and so on.
    assert counts == [8, 2, 2]
    assert state(hass, EVENT) == "unknown"
    assert state(hass, DELIVERY) == "http_home_assistant"


async def test_person_chooses_meanwhile(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    outdated: SimulatedCamera,
    broker: Broker,
) -> None:
    """Who chooses MQTT while our new address is told to a camera has MQTT."""
    await outdated.send_heartbeat()
    await broker.settle()
    choosing = asyncio.create_task(choose(hass, "mqtt"))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    await choosing
    broker.published.clear()
    await hours(hass, broker, freezer, outdated, 2)

    assert outdated.config.upload_type == 1
    assert state(hass, DELIVERY) == "mqtt"
    assert broker.messages("set_dev_config") == []


async def test_person_takes_a_snapshot_during_a_trial(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """Theirs is announced."""
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    taking = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError):
        await choosing
    await taking
    await broker.settle()

    entity = hass.states.get(EVENT)
    assert entity is not None
    assert entity.attributes["event_type"] == "captured"


async def disable(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Disable the entry, as a person does."""
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(disable, id="disable"),
        pytest.param(
            lambda hass, entry: hass.config_entries.async_reload(entry.entry_id),
            id="reload",
        ),
        pytest.param(
            lambda hass, entry: hass.config_entries.async_remove(entry.entry_id),
            id="remove",
        ),
        pytest.param(lambda hass, _entry: hass.async_stop(force=True), id="stop"),
    ],
)
async def test_trial_is_ended_before_the_camera_is_let_go(
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    entry: MockConfigEntry,
    end: Any,
) -> None:
    """An address that is not proven is not left with a camera."""
    assert online.config.upload_type == 0
    await end(hass, entry)
    with pytest.raises(HomeAssistantError):
        await trial

    assert vars(online.config) == before


async def test_trial_that_a_kill_has_interrupted(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """It is settled after the next start, as it was noted before its first step."""
    hass.config.internal_url = INTERNAL_URL
    camera.post = reach_nobody
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await camera.send_heartbeat()
    await broker.settle()
    before = dict(vars(camera.config))
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    key = f"snapcam.{config_entry.entry_id}"
    noted = {**hass_storage[key], "data": dict(hass_storage[key]["data"])}
    unproven = dict(vars(camera.config))
    assert unproven != before
    assert await hass.config_entries.async_unload(config_entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await choosing

    hass_storage[key] = noted
    vars(camera.config).update(unproven)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await camera.send_heartbeat()
    await broker.settle()

    assert vars(camera.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_settings_that_could_not_be_put_back_are_put_back_later(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A camera that is lost in the midst of a trial is not left with it."""
    broker.disconnect(online)
    for _ in range(4):
        await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError) as raised:
        await trial
    assert raised.value.translation_key == "not_restored"
    assert vars(online.config) != before
    broker.connect(online)
    await hours(hass, broker, freezer, online, 0.2)

    assert vars(online.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_settings_are_put_back_as_soon_as_the_camera_is_there_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """After hours without it the next try would be hours away."""
    broker.disconnect(online)
    for _ in range(600):
        await pass_time(hass, broker, freezer, 61)
    with pytest.raises(HomeAssistantError):
        await trial
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()

    assert vars(online.config) == before


async def test_settings_that_are_changed_in_a_loop(
    hass: HomeAssistant, online: SimulatedCamera, broker: Broker
) -> None:
    """A camera writes its settings to flash memory: no loop may wear it out."""
    for number in range(30):
        await call(hass, "number.set_value", HB_INTERVAL, value=15 + number)
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "number.set_value", HB_INTERVAL, value=100)

    assert raised.value.translation_key == "too_many_changes"
    assert len(broker.messages("set_dev_config")) == 30
    assert online.config.hb_interval == 44
