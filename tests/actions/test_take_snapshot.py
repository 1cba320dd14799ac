"""The action that takes a snapshot."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import call, state, take, upload
from ..const import BUTTON, CAMERA, EVENT, IMAGE, OTHER_SN, SN, TOPICS, UP
from ..simulator import PictureFault, SimulatedCamera

OTHER_CAMERA = "camera.yard"


@pytest.fixture
async def other(hass: HomeAssistant, broker: Broker) -> SimulatedCamera:
    """Return another camera that is online."""
    entry = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **TOPICS},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    await camera.send_heartbeat()
    await broker.settle()
    return camera


def stored(media: Path) -> list[bytes]:
    """Return the pictures on disk."""
    return [path.read_bytes() for path in sorted(media.glob("snapcam/*/*/*"))]


@pytest.mark.parametrize("by_upload", [False, True])
async def test_response(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    online: SimulatedCamera,
    by_upload: bool,
) -> None:
    """The response leads to exactly the picture that was taken."""
    online.faults.picture_by_upload = by_upload
    response = (await take(hass, CAMERA))[CAMERA]
    picture = online.last_picture
    assert picture is not None
    name = response["media_content_id"].removeprefix("media-source://snapcam/")

    assert list(response) == [
        "captured_at",
        "content_type",
        "size",
        "media_content_id",
        "url",
        "panel_url",
        "request_id",
    ]
    assert datetime.fromisoformat(response["captured_at"]).tzinfo is not None
    assert (response["content_type"], response["size"]) == ("image/jpeg", len(picture))
    assert response["url"] == f"/media/local/snapcam/{name}"
    assert response["panel_url"] == f"/snapcam/{name.removesuffix('.jpg')}"
    assert (media / "snapcam" / name).read_bytes() == picture
    served = await (await hass_client()).get(response["url"])
    assert await served.read() == picture


async def test_event_and_response_agree(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """An automation may use the one or the other."""
    response = (await take(hass, CAMERA))[CAMERA]
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "captured"
    assert {key: event.attributes[key] for key in response} == response
    assert state(hass, IMAGE) == response["captured_at"]


async def test_picture_that_cannot_be_stored(
    hass: HomeAssistant, media: Path, online: SimulatedCamera, tmp_path: Path
) -> None:
    """It is still a picture, and can be written elsewhere; only its address is none."""
    (media / "snapcam").write_text("no folder")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    response = await take(hass, CAMERA, filename=str(tmp_path / "a" / "gate.jpg"))

    assert response[CAMERA]["url"] is None
    assert response[CAMERA]["media_content_id"] is None
    assert response[CAMERA]["panel_url"] == f"/snapcam/{SN}"
    assert (tmp_path / "a" / "gate.jpg").read_bytes() == online.last_picture


async def test_all_at_once_share_a_picture(
    hass: HomeAssistant, media: Path, online: SimulatedCamera
) -> None:
    """Who asks while a picture is on its way gets that one."""
    responses = await asyncio.gather(*(take(hass, CAMERA) for _ in range(20)))
    await asyncio.gather(*(call(hass, "button.press", BUTTON) for _ in range(20)))

    assert all(response == responses[0] for response in responses)
    assert len(stored(media)) == len(online.received) == 2


async def test_shared_failure(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """All who share it hear that it failed, and one event says so."""
    online.faults.ret = 3
    calls = [call(hass, "button.press", BUTTON) for _ in range(5)]
    errors = await asyncio.gather(*calls, return_exceptions=True)

    assert [getattr(e, "translation_key", None) for e in errors] == ["refused"] * 5
    assert len(online.received) == 1
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "failed"
    assert event.attributes["reason"] == "refused"


async def test_one_gives_up(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """Who is stopped does not take the picture from the others."""
    online.faults.answer_delay = 0.05
    one = asyncio.create_task(take(hass, CAMERA))
    other = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    one.cancel()

    assert (await other)[CAMERA]["size"] > 0
    assert one.cancelled()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"ret": 3}, "refused"), ({"picture": PictureFault.TRUNCATED}, "invalid_picture")],
)
async def test_failed_event(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    fault: dict[str, Any],
    reason: str,
) -> None:
    """A picture that was asked for and did not come is an event with its reason."""
    vars(online.faults).update(fault)
    with pytest.raises(HomeAssistantError):
        await take(hass, CAMERA)

    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "failed"
    assert event.attributes["reason"] == reason


async def test_bad_upload_is_an_event(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """So is something else that a camera sends for a picture."""
    broker.send(upload(b"no picture"), UP)
    await broker.settle()

    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "failed"
    assert event.attributes["reason"] == "invalid_picture"


async def test_several_cameras(
    hass: HomeAssistant, online: SimulatedCamera, other: SimulatedCamera
) -> None:
    """One that fails is told in the response, and does not take the others' away."""
    online.faults.ret = 3
    response = await take(hass, CAMERA, OTHER_CAMERA)

    assert response[CAMERA] == {"error": "Gate refused with code 3: refused"}
    assert response[OTHER_CAMERA]["size"] == len(other.last_picture or b"")


async def test_several_cameras_without_response(
    hass: HomeAssistant, online: SimulatedCamera, other: SimulatedCamera
) -> None:
    """Who does not look at the response must hear of it in another way."""
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            "snapcam",
            "take_snapshot",
            {"entity_id": [OTHER_CAMERA, CAMERA]},
            blocking=True,
        )

    assert raised.value.translation_key == "refused"
    assert other.last_picture is not None


async def test_all_cameras_fail(
    hass: HomeAssistant, online: SimulatedCamera, other: SimulatedCamera
) -> None:
    """With nothing to give there is no response."""
    online.faults.ret = other.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await take(hass, CAMERA, OTHER_CAMERA)


async def test_by_device(
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """A device stands for its camera."""
    (device,) = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    response = await hass.services.async_call(
        "snapcam",
        "take_snapshot",
        {"device_id": device.id},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    assert list(response) == [CAMERA]


@pytest.mark.parametrize("filename", ["/etc/gate.jpg", "../../gate.jpg", "gate.jpg"])
async def test_filename_is_checked(
    hass: HomeAssistant, online: SimulatedCamera, filename: str
) -> None:
    """A picture goes only where Home Assistant may write, and is not taken else."""
    with pytest.raises(ServiceValidationError) as raised:
        await take(hass, CAMERA, filename=filename)

    assert raised.value.translation_key == "filename_not_allowed"
    assert online.received == []


async def test_filename_for_several(
    hass: HomeAssistant, online: SimulatedCamera, other: SimulatedCamera, media: Path
) -> None:
    """Two pictures cannot go to one file."""
    with pytest.raises(ServiceValidationError) as raised:
        await take(hass, CAMERA, OTHER_CAMERA, filename=str(media / "gate.jpg"))

    assert raised.value.translation_key == "filename_one_camera"


async def test_filename_cannot_be_written(
    hass: HomeAssistant, online: SimulatedCamera, tmp_path: Path
) -> None:
    """What is wrong with the file is said."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    with pytest.raises(HomeAssistantError) as raised:
        await take(hass, CAMERA, filename=str(tmp_path))

    assert raised.value.translation_key == "filename_not_written"
