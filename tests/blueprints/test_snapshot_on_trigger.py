"""The blueprint that sends a snapshot when something happens."""

from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.camera import async_get_image
from homeassistant.core import Event, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from ..broker import Broker
from ..common import pass_time
from ..const import CAMERA, OTHER_SN, SN
from ..files import jpeg
from ..simulator import PictureFault, SimulatedCamera
from .common import (
    LANGUAGES,
    SOMETHING_HAPPENS,
    TELL_SNAPSHOT,
    UseBlueprint,
    commands,
    happen,
    phone,
    picture,
)

SIDE_DOOR = "camera.side_door"


NEVER = [{"condition": "template", "value_template": "{{ false }}"}]


def tap_opens(sn: str) -> dict[str, str]:
    """Return what has a tap open a camera in the panel, on iOS and on Android."""
    return {"url": f"/snapcam/{sn}", "clickAction": f"/snapcam/{sn}"}


@pytest.fixture
def annas_phone(hass: HomeAssistant) -> str:
    """Return the device of a phone, which Anna calls something else by now.

    Its action has the name it had when it was added.
    """
    device_id = phone(hass, "Anna's Phone")
    dr.async_get(hass).async_update_device(device_id, name_by_user="Mobile")
    return device_id


@pytest.fixture
def notified(hass: HomeAssistant, annas_phone: str) -> list[ServiceCall]:
    """Return what the phone was notified of."""
    return async_mock_service(hass, "notify", "mobile_app_anna_s_phone")


@pytest.mark.parametrize(
    ("name", "said"),
    zip(
        [f"snapshot_on_trigger{language}" for language in LANGUAGES],
        ["Picture taken at ", "抓拍时间："],
        strict=True,
    ),
)
async def test_snapshot_is_sent(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    name: str,
    said: str,
) -> None:
    """The phone gets the new picture, not the one before: that is why it waits."""
    await online.send_snapshot(jpeg(b"an old picture"))
    await broker.settle()
    await use_blueprint(
        name,
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    online.faults.picture_by_upload = True
    await happen(hass, broker)

    (message,) = notified
    assert message.data["title"] == "Gate"
    assert message.data["message"].startswith(said)
    image = message.data["data"]["image"]
    assert image.startswith(f"/media/local/snapcam/{SN}/")
    assert picture(hass, image) == online.last_picture
    tap = image.removeprefix("/media/local").removesuffix(".jpg")
    assert message.data["data"] == {"image": image, "url": tap, "clickAction": tap}
    assert commands(online) == ["take_snapshot"]


async def test_several_cameras(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
) -> None:
    """Each picture comes by itself, and so does the reason why there is none."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA, SIDE_DOOR],
        phones=[annas_phone],
        title="Look",
        message="{{ camera_name }}: {{ trigger.event.event_type }}",
        then=TELL_SNAPSHOT,
    )
    await happen(hass, broker)
    for message, camera in zip(notified, (online, side_door), strict=True):
        assert message.data["title"] == "Look"
        assert picture(hass, message.data["data"]["image"]) == camera.last_picture
    assert [message.data["message"] for message in notified] == [
        "Gate: something_happens",
        "Side door: something_happens",
    ]
    assert [event.data["camera"] for event in told] == [CAMERA, SIDE_DOOR]
    assert [event.data["snapshot"]["url"] for event in told] == [
        message.data["data"]["image"] for message in notified
    ]

    notified.clear()
    told.clear()
    side_door.faults.ret = 7
    await happen(hass, broker)
    assert picture(hass, notified[0].data["data"]["image"]) == online.last_picture
    assert notified[1].data == {
        "title": "Look",
        "message": "No picture could be taken. Side door refused with code 7: refused",
        "data": tap_opens(OTHER_SN),
    }
    assert [event.data["camera"] for event in told] == [CAMERA]


@pytest.mark.parametrize(
    ("inputs", "messages"),
    [
        ({}, [{"title": "Gate", "message": "No picture could be taken."}]),
        (
            {"failure_message": "Nothing from {{ camera_name }}"},
            [{"title": "Gate", "message": "Nothing from Gate"}],
        ),
        ({"notify_failure": False}, []),
    ],
)
async def test_snapshot_fails(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
    inputs: dict[str, Any],
    messages: list[dict[str, Any]],
) -> None:
    """The action raises if all cameras fail; people are told nevertheless, if at all."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
        then=TELL_SNAPSHOT,
        **inputs,
    )
    online.faults.picture = PictureFault.NOT_AN_IMAGE
    await happen(hass, broker)

    taps = {"data": tap_opens(SN)}
    assert [message.data for message in notified] == [
        message | taps for message in messages
    ]
    assert told == []


async def test_phone_cannot_be_reached(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
) -> None:
    """The other phones get the picture, and the rest is done."""
    async_mock_service(
        hass, "notify", "mobile_app_tablet", raise_exception=HomeAssistantError("off")
    )
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[phone(hass, "Tablet"), annas_phone],
        then=TELL_SNAPSHOT,
    )
    await happen(hass, broker)

    (message,) = notified
    assert picture(hass, message.data["data"]["image"]) == online.last_picture
    assert len(told) == 1


async def test_snapshot_is_not_stored(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
) -> None:
    """A full disk is no reason for a notification without the picture."""
    folder = Path(hass.config.media_dirs["local"], "snapcam")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SN).write_text("no folder")
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    await happen(hass, broker)

    (message,) = notified
    image = f"/api/camera_proxy/{CAMERA}"
    assert message.data["data"] == {"image": image} | tap_opens(SN)
    shown = await async_get_image(hass, CAMERA)
    assert shown.content == online.last_picture


async def test_triggered_again_meanwhile(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
) -> None:
    """A motion sensor that triggers three times makes one notification."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    online.faults.silent = True
    for _ in range(3):
        await happen(hass, broker)
    assert notified == []
    await pass_time(hass, broker, freezer, 21)

    assert len(notified) == 1
    assert "Already running" not in caplog.text


@pytest.mark.parametrize(
    ("name", "inputs"),
    [("snapshot_on_trigger", {"cameras": [CAMERA]}), ("open_door", {"camera": CAMERA})],
)
async def test_only_if(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    name: str,
    inputs: dict[str, Any],
) -> None:
    """Nothing is asked of the camera if people's own conditions are not met."""
    await use_blueprint(name, triggers=SOMETHING_HAPPENS, conditions=NEVER, **inputs)
    await happen(hass, broker)

    assert online.received == []
