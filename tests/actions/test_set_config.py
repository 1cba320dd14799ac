"""The action that tells many cameras their settings."""

import asyncio
from dataclasses import asdict
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from ..broker import Broker
from ..common import Response, pass_time, respond
from ..const import CAMERA, OTHER_SN, TOPICS
from ..simulator import SimulatedCamera

OTHER_CAMERA = "camera.yard"

AT_ONCE = 4


async def add(
    hass: HomeAssistant, broker: Broker, sn: str, title: str
) -> SimulatedCamera:
    """Return another camera that is online."""
    entry = MockConfigEntry(
        domain="snapcam", unique_id=sn, title=title, data={"sn": sn, **TOPICS}
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    camera = broker.connect(SimulatedCamera(sn=sn))
    await camera.send_heartbeat()
    await broker.settle()
    return camera


async def set_config(hass: HomeAssistant, *entity_ids: str, **data: Any) -> Response:
    """Tell cameras their settings, and return the response."""
    return await respond(hass, "set_config", *entity_ids, **data)


async def test_many_are_told(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """Each says what it has now; nothing else of its settings is another."""
    other = await add(hass, broker, OTHER_SN, "Yard")
    former = [asdict(camera.config) for camera in (online, other)]
    response = await set_config(hass, CAMERA, OTHER_CAMERA, hb_interval=120)

    told = {"hb_interval": 120, "delivery": "mqtt"}
    assert response == {CAMERA: told, OTHER_CAMERA: told}
    assert [asdict(camera.config) for camera in (online, other)] == [
        config | {"hb_interval": 120} for config in former
    ]


async def test_one_that_refuses_keeps_the_others_from_nothing(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """What went wrong is said of the camera, in words."""
    await add(hass, broker, OTHER_SN, "Yard")
    online.faults.ret = 3
    response = await set_config(hass, CAMERA, OTHER_CAMERA, hb_interval=120)

    assert response[OTHER_CAMERA]["hb_interval"] == 120
    assert "Gate" in response[CAMERA]["error"]


async def test_offline_cameras_are_not_waited_for(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Hundreds of silent ones would keep the others waiting."""
    broker.disconnect(online)
    for _ in range(3):
        await pass_time(hass, broker, freezer, 60)
    await add(hass, broker, OTHER_SN, "Yard")
    response = await set_config(hass, CAMERA, OTHER_CAMERA, hb_interval=120)

    assert response[OTHER_CAMERA]["hb_interval"] == 120
    assert "Gate did not answer" in response[CAMERA]["error"]


async def test_broker_is_gone(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """Nobody can be told, and the camera keeps what it has."""
    await broker.go_down()
    with pytest.raises(HomeAssistantError) as raised:
        await set_config(hass, CAMERA, hb_interval=120)

    assert raised.value.translation_key == "not_connected"
    assert online.config.hb_interval == 60


async def test_delivery_is_tried_first(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A camera whose pictures do not come by HTTP gets back all its settings."""
    former = asdict(online.config)
    asked = asyncio.create_task(
        set_config(hass, CAMERA, hb_interval=120, delivery="http_home_assistant")
    )
    await broker.settle()
    assert online.config.upload_type == 0
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await asked

    assert raised.value.translation_key == "not_delivered"
    assert asdict(online.config) == former


async def test_a_few_at_a_time(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A fleet is told in turn, also where some take all the time there is."""
    cameras = [await add(hass, broker, f"30000000000{n}", f"C{n}") for n in range(6)]
    for camera in cameras:
        camera.faults.silent = True
        camera.received.clear()
    ids = [f"camera.c{n}" for n in range(6)]
    asked = asyncio.create_task(set_config(hass, *ids, CAMERA, hb_interval=120))
    await broker.settle()
    assert sum(len(camera.received) for camera in cameras) == AT_ONCE
    await pass_time(hass, broker, freezer, 11)
    await pass_time(hass, broker, freezer, 11)

    response = await asked
    assert response[CAMERA]["hb_interval"] == 120
    assert all("did not answer" in response[entity_id]["error"] for entity_id in ids)


async def test_nothing_to_set(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """Nothing to do is a mistake."""
    with pytest.raises(ServiceValidationError) as raised:
        await set_config(hass, CAMERA)

    assert raised.value.translation_key == "no_setting"


@pytest.mark.parametrize(
    "data", [{"hb_interval": 14}, {"hb_interval": 361}, {"delivery": "post"}]
)
async def test_what_no_camera_takes(
    hass: HomeAssistant, online: SimulatedCamera, data: dict[str, Any]
) -> None:
    """What the vendor's page does not allow is not sent."""
    with pytest.raises(vol.Invalid):
        await set_config(hass, CAMERA, **data)

    assert online.received == []
