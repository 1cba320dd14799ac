"""The picture that a new camera takes by itself."""

from collections.abc import Callable
from datetime import timedelta
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from ..broker import Broker
from ..common import state, upload
from ..const import EVENT, IMAGE, SN, TOPICS, UP
from ..simulator import PictureFault, SimulatedCamera
from .common import progress, start, step

NEW_IMAGE = f"image.snapcam_{SN}_snapshot"
NEW_EVENT = f"event.snapcam_{SN}_snapshot"


async def add(hass: HomeAssistant, broker: Broker) -> MockConfigEntry:
    """Add the camera by its serial number."""
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": SN, "topics": TOPICS})
    result = await progress(hass, result)
    await broker.settle()
    entry: MockConfigEntry = result["result"]
    return entry


async def add_anyway(hass: HomeAssistant, broker: Broker) -> None:
    """Add the camera though it does not answer."""
    result = await start(hass, "manual")
    result = await step(hass, result, {"sn": SN, "topics": TOPICS})
    await broker.settle()
    async_fire_time_changed(hass, fire_all=True)
    result = await progress(hass, result)
    await step(hass, result, {"next_step_id": "add_anyway"})
    await broker.settle()


async def test_first_picture(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """It is shown as soon as the camera is added; it is no news, for nobody asked."""
    entry = await add(hass, broker)
    assert len(broker.messages("control_cmd")) == 1
    assert state(hass, NEW_IMAGE) != "unknown"
    assert state(hass, NEW_EVENT) == "unknown"

    await hass.config_entries.async_reload(entry.entry_id)
    await camera.send_heartbeat()
    await broker.settle()
    assert len(broker.messages("control_cmd")) == 1


async def test_camera_that_comes_later(hass: HomeAssistant, broker: Broker) -> None:
    """One that was added anyway takes it when it is first heard."""
    await add_anyway(hass, broker)
    camera = broker.connect(SimulatedCamera(sn=SN))
    assert broker.messages("control_cmd") == []
    for _ in range(2):
        await camera.send_heartbeat()
        await broker.settle()
    assert len(broker.messages("control_cmd")) == 1
    assert state(hass, NEW_IMAGE) != "unknown"


@pytest.mark.parametrize(
    "faults",
    [
        {"ret": 1},
        {"picture": PictureFault.TRUNCATED},
        {"picture": PictureFault.EMPTY},
        {"silent": True},
    ],
)
async def test_no_picture_is_no_error(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    issues: Callable[[], set[str]],
    caplog: pytest.LogCaptureFixture,
    faults: dict[str, Any],
) -> None:
    """A camera that takes none is not asked again, and nobody is bothered."""
    camera.faults.ret = 1
    await add(hass, broker)
    assert broker.messages("control_cmd") == []
    for name, value in {"ret": 0, **faults}.items():
        setattr(camera.faults, name, value)
    caplog.clear()
    for _ in range(2):
        await camera.send_heartbeat()
        await broker.settle()
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=21))
        await broker.settle()

    assert len(broker.messages("control_cmd")) == 1
    assert state(hass, NEW_IMAGE) == state(hass, NEW_EVENT) == "unknown"
    assert issues() == set()
    assert [x for x in caplog.records if x.levelno >= logging.WARNING] == []


async def test_many_take_turns(hass: HomeAssistant, broker: Broker) -> None:
    """However many are added at once, a few are asked, then the next."""
    cameras = [broker.connect(SimulatedCamera(sn=f"4000000{n}")) for n in range(9)]
    result = await start(hass, "list")
    pasted = "\n".join(camera.sn for camera in cameras)
    result = await step(hass, result, {"cameras": pasted, "topics": TOPICS})
    result = await step(hass, result, {"next_step_id": "list_ask"})
    await broker.settle()
    for camera in cameras:
        camera.faults.silent = True
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        result = await progress(hass, result)
    await broker.settle()

    asked = []
    for _ in range(3):
        asked.append(len(broker.messages("control_cmd")))
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=21))
        await broker.settle()
    assert asked == [4, 8, 9]


async def test_camera_that_has_one(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """One whose pictures were kept when it was removed shows the newest of them."""
    entry = await add(hass, broker)
    taken = state(hass, NEW_IMAGE)
    await hass.config_entries.async_remove(entry.entry_id)
    await add(hass, broker)
    assert len(broker.messages("control_cmd")) == 1
    assert state(hass, NEW_IMAGE)[:19] == taken[:19]


async def test_earlier_camera(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """One that was set up before is never asked."""
    await online.send_heartbeat()
    await broker.settle()
    assert broker.messages("control_cmd") == []
    assert state(hass, IMAGE) == state(hass, EVENT) == "unknown"
    broker.send(upload(), UP)
    await broker.settle()
    assert state(hass, EVENT) != "unknown"
