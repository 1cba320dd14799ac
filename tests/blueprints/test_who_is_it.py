"""The blueprint that has somebody say what a picture shows."""

from typing import override

from homeassistant.components.ai_task import (
    DOMAIN as AI_TASK_DOMAIN,
    AITaskEntity,
    AITaskEntityFeature,
    GenDataTask,
    GenDataTaskResult,
)
from homeassistant.components.ai_task.const import DATA_COMPONENT
from homeassistant.components.conversation import ChatLog
from homeassistant.core import Event, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
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


class Looker(AITaskEntity):
    """An AI that looks at what it is given, and says always the same of it."""

    _attr_supported_features = (
        AITaskEntityFeature.GENERATE_DATA | AITaskEntityFeature.SUPPORT_ATTACHMENTS
    )

    def __init__(self, answer: str | HomeAssistantError) -> None:
        """Initialize with what it says, or why it says nothing."""
        self.entity_id = "ai_task.at_home"
        self.tasks: list[GenDataTask] = []
        self.seen: list[bytes] = []
        self._answer = answer

    @override
    async def _async_generate_data(
        self, task: GenDataTask, chat_log: ChatLog
    ) -> GenDataTaskResult:
        """Look at the pictures, and say something."""
        self.tasks.append(task)
        self.seen += [x.path.read_bytes() for x in task.attachments or ()]
        if isinstance(self._answer, HomeAssistantError):
            raise self._answer
        return GenDataTaskResult(chat_log.conversation_id, self._answer)


async def looking(hass: HomeAssistant, answer: str | HomeAssistantError) -> Looker:
    """Have an AI that gives an answer or fails."""
    assert await async_setup_component(hass, AI_TASK_DOMAIN, {})
    looker = Looker(answer)
    await hass.data[DATA_COMPONENT].async_add_entities([looker])
    return looker


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
    looker = await looking(hass, "A courier with a parcel.")
    await use(hass, use_blueprint, name)
    await happen(hass, broker)

    (task,) = looker.tasks
    (attachment,) = task.attachments or ()
    assert attachment.mime_type == "image/jpeg"
    assert looker.seen == [online.last_picture]

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
    answer: str | HomeAssistantError,
) -> None:
    """The picture comes nevertheless."""
    await looking(hass, answer)
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
    looker = await looking(hass, "Nobody.")
    online.faults.ret = 7
    await use(hass, use_blueprint)
    await happen(hass, broker)

    assert looker.tasks == []
    assert told == []
    (message,) = notified
    assert message.data["message"] == "No picture could be taken."
    assert message.data["data"]["url"] == f"/snapcam/{SN}"
