"""Pictures on their way in, whichever way, and what people see of them."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import JPEG, PNG, call, pass_time, state, upload
from ..const import BUTTON, CAMERA, EVENT, IMAGE, OTHER_SN, SN, UP
from ..simulator import Encoding, PictureFault, SimulatedCamera


async def shown(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entity_id: str = CAMERA
) -> tuple[str, bytes]:
    """Return the picture people see, with its type."""
    client = await hass_client()
    response = await client.get(
        f"/api/{entity_id.split('.', maxsplit=1)[0]}_proxy/{entity_id}"
    )
    assert response.status == HTTPStatus.OK
    return response.content_type, await response.read()


@pytest.mark.parametrize("encoding", [None, *Encoding])
async def test_upload(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    encoding: Encoding | None,
) -> None:
    """A picture is shown byte for byte, however the camera writes its base64."""
    online.faults.encoding = encoding
    await online.send_snapshot()
    await broker.settle()

    assert online.answers[-1]["operate"] == "upload_snapshot_rsp"
    assert online.answers[-1]["ret"] == 0
    for entity_id in (CAMERA, IMAGE):
        content = await shown(hass, hass_client, entity_id)
        assert content == ("image/jpeg", online.last_picture)
    assert state(hass, IMAGE) == dt_util.utcnow().isoformat()


@pytest.mark.parametrize(
    ("changes", "ret"),
    [
        pytest.param({"data": None}, 1, id="no data"),
        pytest.param({"data": ["a"]}, 1, id="data is a list"),
        pytest.param({"data": ""}, 4, id="empty"),
        pytest.param({"data": "*" * 100}, 4, id="not base64"),
        pytest.param({"data": "图片"}, 4, id="not ASCII"),
        pytest.param({"data": "PGh0bWw+"}, 4, id="a web page"),
        pytest.param({"data": "/9j/4AAQSkZJRg=="}, 4, id="truncated"),
        pytest.param({"data": "A" * 11_900_000}, 5, id="too large"),
        pytest.param({"timestamp": 0}, 2, id="wrong clock"),
        pytest.param({"timestamp": None}, 1, id="no timestamp"),
    ],
)
async def test_bad_upload(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    changes: dict[str, Any],
    ret: int,
) -> None:
    """A bad picture is refused with its reason, and the last good one stays."""
    broker.send(upload(), UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    broker.send(upload() | changes, UP)
    await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0, ret]
    assert state(hass, IMAGE) == taken_at
    assert await shown(hass, hass_client) == ("image/jpeg", JPEG)


async def test_type_follows_the_picture(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A camera may change from JPEG to PNG."""
    for picture in (JPEG, PNG):
        broker.send(upload(picture), UP)
        await broker.settle()

    assert await shown(hass, hass_client, CAMERA) == ("image/png", PNG)
    assert await shown(hass, hass_client, IMAGE) == ("image/png", PNG)


async def test_before_the_first_picture(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, online: SimulatedCamera
) -> None:
    """The camera shows a placeholder, and nothing is asked of the device."""
    content_type, content = await shown(hass, hass_client)

    assert content_type == "image/jpeg"
    assert 1_000 < len(content) < 20_000
    assert state(hass, IMAGE) == "unknown"
    assert online.received == []


async def test_the_image_is_linked_once_there_is_one(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A link to no picture is an error in the browser, and hides the icon."""
    assert "entity_picture" not in hass.states.get(IMAGE).attributes
    await online.send_snapshot()
    await broker.settle()

    link = hass.states.get(IMAGE).attributes["entity_picture"]
    assert link.startswith(f"/api/image_proxy/{IMAGE}?token=")


async def test_picture_survives_a_restart(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The last picture, its time and its type are there again from disk."""
    broker.send(upload(PNG), UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    assert await hass.config_entries.async_reload(entry.entry_id)

    assert state(hass, IMAGE) == taken_at
    assert await shown(hass, hass_client) == ("image/png", PNG)


async def test_duplicates(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The same upload again is answered again but is no new picture, for ten minutes.

    The vendor's sample numbers every message alike: another picture, or another
    second, under the same number is a new picture.
    """
    first = upload()
    taken: list[str] = []
    for message in (first, first, upload(PNG), first):
        broker.send(message, UP)
        await broker.settle()
        taken.append(state(hass, IMAGE))
        freezer.tick(1)
    broker.send(upload(), UP)
    await broker.settle()
    taken.append(state(hass, IMAGE))

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0] * 5
    assert [taken[0] == taken[1], taken[1] == taken[2]] == [True, False]
    assert [taken[2] == taken[3], taken[3] == taken[4]] == [True, False]


async def test_duplicates_are_forgotten(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """After ten minutes the same message is a new picture."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    message = upload()
    taken = []
    for seconds in (599, 2, 0):
        broker.send(message, UP)
        await broker.settle()
        taken.append(state(hass, IMAGE))
        await pass_time(hass, broker, freezer, seconds)

    assert taken[0] == taken[1] != taken[2]


async def test_order(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Pictures that come together are taken, and stored, in the order they came."""
    pictures = [JPEG.replace(b"a picture", b"%d" % number) for number in range(50)]
    for picture in pictures:
        broker.send(upload(picture), UP)
    await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0] * 50
    assert await shown(hass, hass_client) == ("image/jpeg", pictures[-1])
    stored = sorted(media.rglob("*.jpg"))
    assert [file.read_bytes() for file in stored] == pictures


@pytest.mark.parametrize("by_upload", [False, True])
async def test_button(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    by_upload: bool,
) -> None:
    """The press ends when the new picture is shown, in the answer or after it."""
    online.faults.picture_by_upload = by_upload
    await call(hass, "button.press", BUTTON)

    assert await shown(hass, hass_client) == ("image/jpeg", online.last_picture)


@pytest.mark.parametrize("by_upload", [False, True])
@pytest.mark.parametrize("fault", [PictureFault.TRUNCATED, PictureFault.NOT_AN_IMAGE])
async def test_button_gets_a_bad_picture(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
    fault: PictureFault,
    by_upload: bool,
) -> None:
    """A press that brings no picture says so at once, and the last good one stays."""
    broker.send(upload(), UP)
    await broker.settle()
    online.faults.picture = fault
    online.faults.picture_by_upload = by_upload
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "button.press", BUTTON)

    assert raised.value.translation_key == "invalid_picture"
    assert await shown(hass, hass_client) == ("image/jpeg", JPEG)


async def test_late_picture(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """An answer that comes after the press gave up is still a picture."""
    online.faults.answer_delay = 25
    press = asyncio.create_task(call(hass, "button.press", BUTTON))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await press
    assert raised.value.translation_key == "no_answer"
    assert state(hass, IMAGE) == "unknown"

    await pass_time(hass, broker, freezer, 5)
    assert await shown(hass, hass_client) == ("image/jpeg", online.last_picture)


async def test_large_picture(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The largest picture is taken, a byte more is not."""
    largest = JPEG[:4] + bytes(8 * 1024 * 1024 - 6) + JPEG[-2:]
    for picture in (largest, largest[:4] + b"0" + largest[4:]):
        broker.send(upload(picture), UP)
        await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [0, 5]
    assert await shown(hass, hass_client) == ("image/jpeg", largest)


async def test_a_fault_of_ours_with_a_captured_picture(
    hass: HomeAssistant,
    online: SimulatedCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A press whose picture we fail to handle ends at once."""
    broken = Mock(side_effect=RuntimeError("no executor"))
    monkeypatch.setattr(hass, "async_add_executor_job", broken)
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "button.press", BUTTON)

    assert raised.value.translation_key == "invalid_picture"


async def test_storage_fails(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A picture that cannot be stored is refused with 6, but is worth showing.

    It has no address; people hear of it once, until the next one can be stored.
    """
    place = media / "snapcam"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"a file where the folder should be")
    for picture in (PNG, JPEG):
        broker.send(upload(picture), UP)
        await broker.settle()

    answers = broker.messages("upload_snapshot_rsp")
    assert [answer["ret"] for answer in answers] == [6, 6]
    assert await shown(hass, hass_client) == ("image/jpeg", JPEG)
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "uploaded"
    assert event.attributes["size"] == len(JPEG)
    assert event.attributes["url"] is event.attributes["media_content_id"] is None
    issues = ir.async_get(hass)
    assert issues.async_get_issue("snapcam", "storage_failed") is not None
    assert caplog.text.count("Snapshots cannot be stored") == 1

    place.unlink()
    await call(hass, "button.press", BUTTON)
    assert [file.read_bytes() for file in media.rglob("*.*")] == [online.last_picture]
    assert issues.async_get_issue("snapcam", "storage_failed") is None


@pytest.mark.parametrize("content", [b"", b"damaged", JPEG[:2]])
async def test_stored_picture_is_damaged(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    content: bytes,
) -> None:
    """A file that is no picture any more counts as none: the one before is shown."""
    taken_at = []
    for picture in (PNG, JPEG):
        broker.send(upload(picture), UP)
        await broker.settle()
        taken_at.append(state(hass, IMAGE))
    older, newest = sorted(media.rglob("*.*"))
    newest.write_bytes(content)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state(hass, IMAGE) == taken_at[0] != taken_at[1]
    assert await shown(hass, hass_client) == ("image/png", PNG)

    older.write_bytes(content)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state(hass, IMAGE) == "unknown"
    assert len((await shown(hass, hass_client))[1]) > 1_000


async def test_many_duplicates(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """Only so many pictures are remembered to tell duplicates, the newest ones."""
    messages = [upload(request_id=f"{number}") for number in range(300)]
    for message in messages:
        broker.send(message, UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    broker.send(messages[100], UP)
    await broker.settle()
    assert state(hass, IMAGE) == taken_at

    broker.send(messages[0], UP)
    await broker.settle()
    assert state(hass, IMAGE) > taken_at


@pytest.mark.parametrize("delete", [False, True])
async def test_removing_the_camera(
    hass: HomeAssistant,
    hass_tmp_config_dir: str,
    hass_storage: dict[str, Any],
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    delete: bool,
) -> None:
    """The pictures of a removed camera stay, unless they are to go; nothing else does.

    Another camera's pictures are never touched.
    """
    others = media / "snapcam" / OTHER_SN / "2026-01-01" / "120000-000000.jpg"
    others.parent.mkdir(parents=True)
    others.write_bytes(JPEG)
    hass.config_entries.async_update_entry(entry, options={"delete_pictures": delete})
    broker.send(upload(PNG), UP)
    await broker.settle()
    await hass.config_entries.async_remove(entry.entry_id)

    assert list(Path(hass_tmp_config_dir, ".storage").glob("snapcam.*")) == []
    assert [key for key in hass_storage if key.startswith("snapcam")] == []
    kept = [file.read_bytes() for file in (media / "snapcam" / SN).rglob("*.*")]
    assert kept == [PNG] * (not delete)
    assert others.read_bytes() == JPEG
    assert (media / "snapcam" / SN).exists() is not delete
