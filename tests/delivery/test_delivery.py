"""How a camera delivers: chosen, tried, put back."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time, state, upload
from ..const import DELIVERY, HB_INTERVAL, IMAGE, INTERNAL_URL, UP, UPLOAD_ADDR
from ..simulator import SimulatedCamera
from .common import choose, own_address


async def test_as_the_camera_says(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """What is shown is what the camera says of itself."""
    assert state(hass, DELIVERY) == "mqtt"
    assert state(hass, UPLOAD_ADDR) == "http://192.0.2.1/snapshots"


async def test_to_home_assistant_and_back(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
) -> None:
    """The camera is told the address, a picture proves it, and MQTT comes back."""
    await choose(hass, "http_home_assistant")
    assert state(hass, DELIVERY) == "http_home_assistant"
    assert online.config.upload_type == 0
    assert online.config.upload_addr == own_address(entry)
    taken_at = state(hass, IMAGE)
    assert taken_at != "unknown"
    # The other address is not forgotten.
    assert state(hass, UPLOAD_ADDR) == "http://192.0.2.1/snapshots"

    await choose(hass, "mqtt")
    assert state(hass, DELIVERY) == "mqtt"
    assert online.config.upload_type == 1
    await online.send_snapshot()
    await broker.settle()
    assert state(hass, IMAGE) > taken_at


async def test_two_settings_at_once(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """Neither takes the other one back, though all settings are sent each time."""
    await asyncio.gather(
        call(hass, "number.set_value", HB_INTERVAL, value=30),
        choose(hass, "http_other"),
    )

    assert (online.config.hb_interval, online.config.upload_type) == (30, 0)


async def test_setting_while_a_delivery_is_tried(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    trial: asyncio.Task[None],
    online: SimulatedCamera,
) -> None:
    """What is put back when nothing comes is not what was changed meanwhile."""
    setting = asyncio.create_task(call(hass, "number.set_value", HB_INTERVAL, value=30))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError):
        await trial
    await setting

    assert (online.config.hb_interval, online.config.upload_type) == (30, 1)


async def test_nothing_comes(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A camera that cannot reach us gets its settings back, and a person the reason."""
    assert online.config.upload_type == 0
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await trial

    assert raised.value.translation_key == "not_delivered"
    assert raised.value.translation_placeholders == {
        "name": "Gate",
        "address": INTERNAL_URL,
    }
    assert vars(online.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_it_comes_by_mqtt_instead(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A picture that comes another way proves nothing."""
    broker.send(upload(), UP)
    await broker.settle()
    assert state(hass, IMAGE) != "unknown"
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await trial

    assert raised.value.translation_key == "not_delivered"
    assert state(hass, DELIVERY) == "mqtt"


async def test_settings_cannot_be_put_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A camera that is lost on the way is said to be in between, and put back later."""
    online.faults.silent = True
    await pass_time(hass, broker, freezer, 21)
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError) as raised:
        await trial

    assert raised.value.translation_key == "not_restored"
    online.faults.silent = False
    for _ in range(3):
        await pass_time(hass, broker, freezer, 11)
    assert vars(online.config) == before


async def test_refuses_to_take_a_picture(
    hass: HomeAssistant, posting: SimulatedCamera, online: SimulatedCamera
) -> None:
    """The camera's own reason is what a person is told, and the settings are back."""
    handle = online.handle

    async def refuse_snapshots(payload: bytes) -> None:
        online.faults.ret = 5 * (b"take_snapshot" in payload)
        await handle(payload)

    online.handle = refuse_snapshots  # type: ignore[method-assign]
    with pytest.raises(HomeAssistantError) as raised:
        await choose(hass, "http_home_assistant")

    assert raised.value.translation_key == "refused"
    assert online.config.upload_type == 1


@pytest.mark.parametrize("upload_type", [2, None, "x"])
async def test_unknown_type(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: MockConfigEntry,
    upload_type: Any,
) -> None:
    """A way that only the camera knows is none of ours."""
    camera.config.upload_type = upload_type
    await camera.send_heartbeat()
    await broker.settle()

    assert state(hass, DELIVERY) == "unknown"
