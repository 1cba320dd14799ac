"""The picture that is shown, and the one that was asked for."""

import asyncio
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import JPEG, PNG, call, pass_time, state, upload
from ..const import BUTTON, CAMERA, EVENT, IMAGE, OTHER_SN, SN, UP
from ..simulator import PictureFault, SimulatedCamera
from .common import shown


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


async def test_a_fault_of_ours_with_a_captured_picture(
    hass: HomeAssistant,
    online: SimulatedCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A press whose picture we fail to handle ends at once."""
    broken = Mock(side_effect=RuntimeError("no executor"))
    with monkeypatch.context() as patched:
        patched.setattr(hass.loop, "run_in_executor", broken)
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


async def test_stream_of_several_types(
    hass: HomeAssistant,
    broker: Broker,
    hass_client: ClientSessionGenerator,
    online: SimulatedCamera,
) -> None:
    """Who looks on gets each picture by its own type, and twice, for Chrome is one late."""
    client = await hass_client()
    broker.send(upload(JPEG), UP)
    await broker.settle()
    stream = await client.get(f"/api/camera_proxy_stream/{CAMERA}?interval=0.5")
    kinds = (("image/jpeg", JPEG), ("image/png", PNG)) * 2
    for number, (content_type, picture) in enumerate(kinds):
        broker.send(upload(picture, request_id=number), UP)
        for _ in range(2):
            head = await stream.content.readuntil(b"\r\n\r\n")
            assert f"Content-Type: {content_type}\r\n".encode() in head
            assert (
                await stream.content.readexactly(len(picture) + 2) == picture + b"\r\n"
            )
    stream.close()
