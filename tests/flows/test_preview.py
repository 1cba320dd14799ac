"""The picture that is shown before a camera is added."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import state
from ..const import SN
from ..simulator import Encoding, PictureFault, SimulatedCamera, pad_picture
from .common import confirm, progress, start, step


async def pick(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> ConfigFlowResult:
    """Search for the camera, and pick it."""
    result = await start(hass, "search")
    await camera.send_heartbeat()
    await asyncio.sleep(0)
    async_fire_time_changed(hass, fire_all=True)
    result = await step(hass, await progress(hass, result), {"sn": [camera.sn]})
    await broker.settle()
    return result


def shown(result: ConfigFlowResult) -> str:
    """Return the address of the picture that the form shows."""
    placeholders: Any = result["description_placeholders"]
    assert placeholders["sn"] == SN
    path: str = placeholders["picture"]
    assert re.fullmatch(r"/api/snapcam/preview/\w{20,}\?authSig=[\w.-]+", path)
    return path


async def test_preview(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    media: Path,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """It is served to who has the signed address, and gone with the dialog."""
    result = await progress(hass, await pick(hass, broker, camera))
    path = shown(result)
    # A client of the tests lets nothing be served that was not served before.
    for component in ("camera", "image", "snapcam"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client_no_auth()
    response = await client.get(path)
    assert (response.status, response.content_type) == (HTTPStatus.OK, "image/jpeg")
    assert response.headers["Cache-Control"] == "no-store"
    assert await response.read() == camera.last_picture
    assert [*media.rglob("*.jpg")] == []
    unsigned = await client.get(path.partition("?")[0])
    assert unsigned.status == HTTPStatus.UNAUTHORIZED

    result = await confirm(hass, result)
    await broker.settle()
    assert (await client.get(path)).status == HTTPStatus.NOT_FOUND
    # What is kept is another one, taken by the camera that is set up.
    assert len(broker.messages("control_cmd")) == 2
    assert state(hass, f"image.snapcam_{SN}_snapshot") != "unknown"


async def test_dialog_is_closed(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Nothing is left of the picture, and the camera is as unknown as before."""
    result = await progress(hass, await pick(hass, broker, camera))
    hass.config_entries.flow.async_abort(result["flow_id"])
    client = await hass_client_no_auth()
    assert (await client.get(shown(result))).status == HTTPStatus.NOT_FOUND
    await camera.send_heartbeat()
    await hass.async_block_till_done()
    assert hass.config_entries.async_entries("snapcam") == []


@pytest.mark.parametrize(
    ("fault", "value"),
    [("picture_by_upload", True), ("encoding", Encoding.LINE_WRAPPED)],
)
async def test_picture_in_another_way(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    hass_client_no_auth: ClientSessionGenerator,
    fault: str,
    value: Any,
) -> None:
    """A picture that comes as others would is shown as well; none of it is answered."""
    setattr(camera.faults, fault, value)
    result = await progress(hass, await pick(hass, broker, camera))
    client = await hass_client_no_auth()
    response = await client.get(shown(result))
    assert await response.read() == camera.last_picture
    assert broker.messages("upload_snapshot_rsp") == []


async def test_large_picture(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """One of megabytes is not decoded in the event loop, and shown."""
    picture = pad_picture(camera.take_picture(), 3_000_000)
    camera.take_picture = lambda: picture  # type: ignore[method-assign]
    result = await progress(hass, await pick(hass, broker, camera))
    await confirm(hass, result)
    await broker.settle()


@pytest.mark.parametrize(
    "fault", [PictureFault.TRUNCATED, PictureFault.EMPTY, PictureFault.NOT_AN_IMAGE]
)
async def test_no_picture_is_no_error(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, fault: PictureFault
) -> None:
    """A camera whose picture is none is added without one."""
    camera.faults.picture = fault
    result = await pick(hass, broker, camera)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=5.1))
    result = await confirm(hass, await progress(hass, result), "lines")
    assert result["data"]["sn"] == SN
    await broker.settle()


async def test_picture_that_takes_too_long(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera
) -> None:
    """After five seconds the camera is added without one."""
    camera.config = replace(camera.config, upload_type=0)
    camera.faults.picture_by_upload = True
    result = await pick(hass, broker, camera)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=5.1))
    result = await confirm(hass, await progress(hass, result), "lines")
    assert result["data"]["sn"] == SN
    await broker.settle()


async def test_time_of_the_answer_counts(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, freezer: Any
) -> None:
    """A dialog may be open for long: the camera was last seen when it answered."""
    result = await progress(hass, await pick(hass, broker, camera))
    freezer.tick(timedelta(hours=1))
    camera.faults.silent = True
    await confirm(hass, result)
    await broker.settle()
    assert state(hass, f"binary_sensor.snapcam_{SN}_connectivity") == "unknown"


async def test_bounded(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """However many dialogs are left open, eight pictures are kept, the latest."""
    for number in range(9):
        camera = broker.connect(SimulatedCamera(sn=f"3000000{number}"))
        await camera.send_heartbeat()
    await hass.async_block_till_done()
    paths = []
    for flow in hass.config_entries.flow.async_progress():
        result = await progress(hass, await step(hass, flow, {}))
        placeholders: Any = result["description_placeholders"]
        paths.append(placeholders["picture"])
    client = await hass_client_no_auth()
    found = [(await client.get(path)).status for path in paths]
    assert found == [HTTPStatus.NOT_FOUND, *[HTTPStatus.OK] * 8]
