"""The actions: pictures for automations, and IO lines."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from .broker import Broker
from .common import call, pass_time, state, upload
from .const import BUTTON, CAMERA, EVENT, IMAGE, IO0, IO1, OTHER_SN, TOPICS, UP
from .simulator import PictureFault, SimulatedCamera
from .simulator.links import lose

OTHER_CAMERA = "camera.yard"

type Response = dict[str, dict[str, Any]]


async def take(hass: HomeAssistant, *entity_ids: str, **data: Any) -> Response:
    """Take snapshots, and return the response."""
    response: Any = await hass.services.async_call(
        "snapcam",
        "take_snapshot",
        {"entity_id": entity_ids, **data},
        blocking=True,
        return_response=True,
    )
    return response


async def control(hass: HomeAssistant, **data: Any) -> None:
    """Control the IO lines of the camera."""
    await call(hass, "snapcam.control_io", CAMERA, **data)


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
        "request_id",
    ]
    assert datetime.fromisoformat(response["captured_at"]).tzinfo is not None
    assert (response["content_type"], response["size"]) == ("image/jpeg", len(picture))
    assert response["url"] == f"/media/local/snapcam/{name}"
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
    media.rmdir()
    media.write_text("no folder")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    response = await take(hass, CAMERA, filename=str(tmp_path / "a" / "gate.jpg"))

    assert response[CAMERA]["url"] is None
    assert response[CAMERA]["media_content_id"] is None
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


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"io0": True}, ("on", "off")),
        ({"io1": True}, ("off", "on")),
        ({"io0": True, "io1": True}, ("on", "on")),
        ({"io0": False, "io1": "on"}, ("off", "on")),
    ],
)
async def test_control_io(
    hass: HomeAssistant,
    online: SimulatedCamera,
    lines: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    """Lines are set together, and shown as acknowledged."""
    await control(hass, **lines)

    assert (state(hass, IO0), state(hass, IO1)) == expected
    assert len(online.received) == 1


@pytest.mark.parametrize("pulse", [0, 0.05, 61, "long"])
async def test_pulse_out_of_range(
    hass: HomeAssistant, online: SimulatedCamera, pulse: Any
) -> None:
    """A pulse is neither too short for a relay nor too long for a door."""
    with pytest.raises(vol.Invalid):
        await control(hass, io0=True, pulse=pulse)


async def test_no_line(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """Nothing to do is a mistake."""
    with pytest.raises(ServiceValidationError) as raised:
        await control(hass, pulse=1)

    assert raised.value.translation_key == "no_io_line"


async def test_control_io_fails(hass: HomeAssistant, online: SimulatedCamera) -> None:
    """What the camera says is passed on."""
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError) as raised:
        await control(hass, io0=True)

    assert raised.value.translation_key == "refused"


async def test_pulse(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The lines go back by themselves, to the opposite of what was set."""
    await control(hass, io0=True, io1=False, pulse=3)
    assert (online.io0, online.io1) == (1, 0)
    await pass_time(hass, broker, freezer, 2)
    assert (state(hass, IO0), state(hass, IO1)) == ("on", "off")
    await pass_time(hass, broker, freezer, 2)

    assert (online.io0, online.io1) == (0, 1)
    assert (state(hass, IO0), state(hass, IO1)) == ("off", "on")


async def test_pulse_ends_although_the_camera_is_gone(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line is set back as soon as the camera answers again."""
    await control(hass, io0=True, pulse=3)
    broker.disconnect(online)
    for seconds in (3, 10, 5, 10, 5):
        await pass_time(hass, broker, freezer, seconds)
    assert online.io0 == 1
    broker.connect(online)
    await pass_time(hass, broker, freezer, 10)
    await pass_time(hass, broker, freezer, 5)

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_pulse_ends_while_a_picture_is_on_its_way(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A door does not stay open because a picture does not come."""
    online.faults.picture_by_upload = True
    publish = online.publish

    async def lose_pictures(payload: bytes, /, *, retain: bool) -> None:
        await (lose if b"upload_snapshot" in payload else publish)(
            payload, retain=retain
        )

    online.publish = lose_pictures
    await control(hass, io0=True, pulse=3)
    press = asyncio.create_task(call(hass, "button.press", BUTTON))
    await pass_time(hass, broker, freezer, 4)
    assert online.io0 == 0
    await pass_time(hass, broker, freezer, 20)
    with pytest.raises(HomeAssistantError):
        await press


@pytest.mark.parametrize("meanwhile", ["switch.turn_on", "snapcam.control_io"])
async def test_pulse_is_overtaken(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    meanwhile: str,
) -> None:
    """A line that somebody sets during its pulse stays as they set it."""
    await control(hass, io0=True, io1=True, pulse=3)
    data: dict[str, Any] = {"snapcam.control_io": {"io0": True}}
    entity = {"switch.turn_on": IO0, "snapcam.control_io": CAMERA}[meanwhile]
    await call(hass, meanwhile, entity, **data.get(meanwhile, {}))
    await pass_time(hass, broker, freezer, 4)

    assert (online.io0, online.io1) == (1, 0)


async def test_pulse_is_overtaken_at_its_end(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line that somebody is just setting when its pulse ends stays as they set it."""
    await control(hass, io0=True, io1=True, pulse=3)
    online.faults.answer_delay = 5
    setting = asyncio.create_task(control(hass, io0=True))
    for _ in range(6):
        await pass_time(hass, broker, freezer, 2)
    await setting

    assert (online.io0, online.io1) == (1, 0)


async def test_pulse_of_a_line_that_is_just_set(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse ends although the line was still being set when it was asked for."""
    online.faults.answer_delay = 5
    setting = asyncio.create_task(control(hass, io0=True))
    await broker.settle()
    pulse = asyncio.create_task(control(hass, io0=True, pulse=3))
    for _ in range(12):
        await pass_time(hass, broker, freezer, 2)
    await setting
    await pulse

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_pulse_that_would_end_during_a_refused_one(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse whose time is over while the camera refuses the next one ends then."""
    await control(hass, io0=True, pulse=3)
    online.faults.ret, online.faults.answer_delay = 3, 5
    refused = asyncio.create_task(control(hass, io0=True, pulse=30))
    await broker.settle()
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 4)
    await pass_time(hass, broker, freezer, 2)
    with pytest.raises(HomeAssistantError):
        await refused
    await pass_time(hass, broker, freezer, 6)

    assert online.io0 == 0
    assert state(hass, IO0) == "off"


async def test_longer_pulse(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A second pulse counts from its own beginning."""
    await control(hass, io0=True, pulse=3)
    await pass_time(hass, broker, freezer, 2)
    await control(hass, io0=True, pulse=3)
    await pass_time(hass, broker, freezer, 2)
    assert online.io0 == 1
    await pass_time(hass, broker, freezer, 2)
    assert online.io0 == 0


async def test_pulse_without_an_answer(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A line that may have been set is set back, though the action failed."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=60))
    await broker.settle()
    assert online.io0 == 1
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError):
        await pulse
    online.faults.silent = False
    await pass_time(hass, broker, freezer, 11)
    await pass_time(hass, broker, freezer, 6)

    assert online.io0 == 0


async def test_pulse_refused(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """What the camera did not do needs no undoing."""
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=1)
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 2)

    assert len(online.received) == 1


@pytest.mark.parametrize("how", ["reload", "lost"])
async def test_pulse_survives_a_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    how: str,
) -> None:
    """A door that was opened before Home Assistant went down is closed after it."""
    await control(hass, io0=True, pulse=30)
    written = hass_storage[f"snapcam.{entry.entry_id}"]
    assert written["data"]["release"] == {"io0": False}
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert online.io0 == 1
    hass_storage[f"snapcam.{entry.entry_id}"] = {
        "reload": hass_storage[f"snapcam.{entry.entry_id}"],
        "lost": written,
    }[how]
    assert await hass.config_entries.async_setup(entry.entry_id)
    await broker.settle()
    assert online.io0 == 0
    await pass_time(hass, broker, freezer, 40)

    assert hass_storage[f"snapcam.{entry.entry_id}"]["data"]["release"] == {}
