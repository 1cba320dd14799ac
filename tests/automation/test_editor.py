"""The trigger and the condition of the automation editor."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..broker import Broker
from ..common import pass_time, upload
from ..const import CONNECTIVITY, EVENT, UP
from ..simulator import SimulatedCamera
from .common import ASK, Target, automate

SNAPSHOT_RECEIVED = {"trigger": "snapcam.snapshot_received"}
IS_ONLINE = {"condition": "snapcam.is_online"}


@pytest.mark.parametrize("by", ["event", "device", "area"])
async def test_trigger(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """Each picture runs the automation once, with where the picture is."""
    done = await automate(
        hass,
        SNAPSHOT_RECEIVED | {"target": target[by]},
        data={
            "entity_id": "{{ trigger.entity_id }}",
            "url": "{{ trigger.to_state.attributes.url }}",
        },
    )
    for picture in (upload(), upload(request_id="2")):
        broker.send(picture, UP)
        await broker.settle()
    await hass.async_block_till_done()

    assert [call.data["entity_id"] for call in done] == [EVENT, EVENT]
    assert done[0].data["url"].startswith("/media/local/snapcam/")
    assert done[0].data["url"] != done[1].data["url"]


async def test_a_failure_is_no_snapshot(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
) -> None:
    """What was no picture runs nothing."""
    done = await automate(hass, SNAPSHOT_RECEIVED | {"target": target["event"]})
    broker.send(upload(b"no picture"), UP)
    await broker.settle()
    await hass.async_block_till_done()

    assert done == []


async def test_trigger_after_a_restart(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    target: Target,
) -> None:
    """The last picture of before is no new one."""
    broker.send(upload(), UP)
    await broker.settle()
    done = await automate(hass, SNAPSHOT_RECEIVED | {"target": target["event"]})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert done == []

    broker.send(upload(request_id="2"), UP)
    await broker.settle()
    await hass.async_block_till_done()
    assert len(done) == 1


@pytest.mark.parametrize("by", ["connectivity", "device", "area"])
async def test_condition(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """It holds while the camera is heard, neither offline nor without a broker."""
    done = await automate(
        hass,
        ASK,
        IS_ONLINE | {"target": target[by], "options": {"behavior": "all"}},
    )

    async def ask() -> int:
        hass.bus.async_fire("ask")
        await broker.settle()
        return len(done)

    assert await ask() == 1
    await broker.go_down()
    assert await ask() == 1
    await broker.come_back()
    assert await ask() == 2
    broker.disconnect(online)
    for _ in range(4):
        await pass_time(hass, broker, freezer, 60)
    assert await ask() == 2


async def test_others_in_the_area_do_not_count(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
) -> None:
    """Another device's connectivity says nothing of the cameras."""
    other = "binary_sensor.other"
    hass.states.async_set(other, "on", {"device_class": "connectivity"})
    await broker.go_down()
    done = await automate(
        hass,
        ASK,
        IS_ONLINE | {"target": {"entity_id": [other, CONNECTIVITY]}},
    )
    hass.bus.async_fire("ask")
    await broker.settle()

    assert done == []


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("get_triggers_for_target", "snapcam.snapshot_received"),
        ("get_triggers_for_target", "snapcam.snapshot_failed"),
        ("get_triggers_for_target", "snapcam.went_offline"),
        ("get_triggers_for_target", "snapcam.came_online"),
        ("get_conditions_for_target", "snapcam.is_online"),
        ("get_conditions_for_target", "snapcam.last_snapshot_older_than"),
    ],
)
async def test_editor(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    online: SimulatedCamera,
    target: Target,
    command: str,
    key: str,
) -> None:
    """The editor offers them for the camera's device."""
    assert await async_setup_component(hass, "automation", {})
    client = await hass_ws_client(hass)
    device = {"device_id": [target["device"]["device_id"]]}
    await client.send_json_auto_id({"type": command, "target": device})
    response = await client.receive_json()

    assert key in response["result"]
