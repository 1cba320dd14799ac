"""The blueprint that has somebody say what a picture shows."""

from typing import Any

from homeassistant.components.media_source import async_resolve_media
from homeassistant.core import Event, HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from ..broker import Broker
from ..const import CAMERA, SN
from ..simulator import SimulatedCamera
from .common import LANGUAGES, SOMETHING_HAPPENS, UseBlueprint, happen, phone, picture

TELL = [
    {
        "event": "told",
        "event_data": {"words": "{{ words }}", "url": "{{ snapshot.url }}"},
    }
]


@pytest.fixture
def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what the phone was notified of."""
    return async_mock_service(hass, "notify", "mobile_app_pixel")


def answering(hass: HomeAssistant, answer: Any) -> list[ServiceCall]:
    """Have an AI that gives an answer or fails, and return what it is asked."""
    failed = isinstance(answer, Exception)
    return async_mock_service(
        hass,
        "ai_task",
        "generate_data",
        response=None if failed else {"data": answer, "conversation_id": "1"},
        supports_response=SupportsResponse.ONLY,
        raise_exception=answer if failed else None,
    )


async def use(
    hass: HomeAssistant, use_blueprint: UseBlueprint, name: str = "who_is_it"
) -> None:
    """Use the blueprint for the camera and a phone."""
    await use_blueprint(
        name,
        triggers=SOMETHING_HAPPENS,
        camera=CAMERA,
        ai_task="ai_task.at_home",
        phones=[phone(hass, "Pixel")],
        then=TELL,
    )


@pytest.mark.parametrize("name", [f"who_is_it{language}" for language in LANGUAGES])
async def test_words(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    notified: list[ServiceCall],
    told: list[Event],
    name: str,
) -> None:
    """The AI gets the new picture, as a file, and the phone gets both."""
    asked = answering(hass, "A courier with a parcel.")
    await use(hass, use_blueprint, name)
    await happen(hass, broker)

    (question,) = asked
    assert question.data["entity_id"] == "ai_task.at_home"
    (attachment,) = question.data["attachments"]
    assert attachment["media_content_type"] == "image/jpeg"
    media = await async_resolve_media(hass, attachment["media_content_id"], None)
    assert media.path is not None
    assert media.path.read_bytes() == online.last_picture

    (message,) = notified
    assert message.data["title"] == "Gate"
    assert message.data["message"] == "A courier with a parcel."
    data = message.data["data"]
    assert picture(hass, data["image"]) == online.last_picture
    assert data["url"].startswith(f"/snapcam/{SN}/")
    assert [event.data["words"] for event in told] == ["A courier with a parcel."]


@pytest.mark.parametrize("answer", [HomeAssistantError("too busy"), "  "])
async def test_nothing_is_said(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    notified: list[ServiceCall],
    answer: Any,
) -> None:
    """The picture comes nevertheless."""
    answering(hass, answer)
    await use(hass, use_blueprint)
    await happen(hass, broker)

    (message,) = notified
    assert message.data["message"] == "Nothing could be said about this picture."
    assert picture(hass, message.data["data"]["image"]) == online.last_picture


async def test_no_picture(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    notified: list[ServiceCall],
    told: list[Event],
) -> None:
    """Nobody is asked about an older picture."""
    asked = answering(hass, "Nobody.")
    online.faults.ret = 7
    await use(hass, use_blueprint)
    await happen(hass, broker)

    assert asked == []
    assert told == []
    (message,) = notified
    assert message.data["message"] == "No picture could be taken."
    assert message.data["data"]["url"] == f"/snapcam/{SN}"
