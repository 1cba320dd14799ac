"""The triggers for cameras that fall silent, and that are heard again."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import come_back, pass_time, state
from ..const import CONNECTIVITY
from ..simulator import SimulatedCamera
from .common import Target, automate

OFFLINE = "snapcam.went_offline"
ONLINE = "snapcam.came_online"
KNOWN = {"entity_id": "{{ trigger.entity_id }}"}


async def fall_silent(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
) -> None:
    """Let the camera be silent until it counts as offline."""
    broker.disconnect(camera)
    for _ in range(3):
        await pass_time(hass, broker, freezer, 60)
    assert state(hass, CONNECTIVITY) == "off"


def on(trigger: str, target: dict[str, str], **options: Any) -> dict[str, Any]:
    """Return a trigger as the editor makes it."""
    return {"trigger": trigger, "target": target, "options": options}


@pytest.mark.parametrize("by", ["connectivity", "device", "area", "label"])
async def test_offline_and_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """Each of the two comes once, however the camera is named."""
    gone = await automate(hass, on(OFFLINE, target[by]), data=KNOWN)
    await fall_silent(hass, broker, freezer, online)
    assert [run.data for run in gone] == [{"entity_id": CONNECTIVITY}]
    await come_back(broker, online)
    await pass_time(hass, broker, freezer, 1)
    assert len(gone) == 1


@pytest.mark.parametrize("by", ["connectivity", "area"])
async def test_back_online(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """A camera comes back if it was offline, not if only the broker was."""
    back = await automate(hass, on(ONLINE, target[by]), data=KNOWN)
    await broker.go_down()
    await broker.come_back()
    await online.send_heartbeat()
    await broker.settle()
    assert back == []

    await fall_silent(hass, broker, freezer, online)
    await broker.go_down()
    await broker.come_back()
    assert back == []
    await come_back(broker, online)
    assert [run.data for run in back] == [{"entity_id": CONNECTIVITY}]


async def test_offline_for(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
) -> None:
    """A short interruption is none, and a broker that is down does not hide a long one."""
    gone = await automate(hass, on(OFFLINE, target["area"], **{"for": "00:05:00"}))
    await fall_silent(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 200)
    await come_back(broker, online)
    await pass_time(hass, broker, freezer, 60)
    await fall_silent(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 100)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 600)
    await broker.come_back()
    await pass_time(hass, broker, freezer, 290)
    assert gone == []
    await pass_time(hass, broker, freezer, 15)
    assert len(gone) == 1


async def test_silent_since_a_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    target: Target,
) -> None:
    """A power cut that ends a camera restarts Home Assistant as well."""
    gone = await automate(hass, on(OFFLINE, target["device"]))
    broker.disconnect(online)
    assert await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(3600)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert state(hass, CONNECTIVITY) == "unknown"
    for _ in range(4):
        await pass_time(hass, broker, freezer, 60)

    assert state(hass, CONNECTIVITY) == "off"
    assert len(gone) == 1


async def test_others_in_the_area_do_not_count(
    hass: HomeAssistant, broker: Broker, target: Target
) -> None:
    """Another device that goes offline is no camera."""
    other = "binary_sensor.other"
    hass.states.async_set(other, "on", {"device_class": "connectivity"})
    gone = await automate(hass, on(OFFLINE, {"entity_id": other}))
    hass.states.async_set(other, "off", {"device_class": "connectivity"})
    await broker.settle()

    assert gone == []
