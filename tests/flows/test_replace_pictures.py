"""The pictures of a camera that another one has taken the place of."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import SearchMediaQuery
from homeassistant.components.media_source import async_browse_media, async_search_media
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..broker import Broker
from ..common import JPEG, PNG, call, pass_time, state, upload
from ..const import CAMERA, OTHER_SN, SN, TOPICS, UP
from ..panel.common import ask, subscribe
from ..simulator import SimulatedCamera
from .common import OTHER_UP, replace


@pytest.fixture
async def replaced(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Have another camera take the place of one that has a picture."""
    broker.send(upload(JPEG), UP)
    await broker.settle()
    await replace(hass, entry)


@pytest.mark.usefixtures("replaced")
async def test_who_may_see_pictures_of_both(
    hass: HomeAssistant,
    hass_read_only_user: MockUser,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Who may see the camera may see the pictures of the former one, and nobody else."""
    for allowed in (True, False):
        entities = {"entity_ids": {CAMERA: True}} if allowed else {}
        hass_read_only_user.mock_policy({"entities": entities})
        client = await hass_ws_client(hass, hass_read_only_access_token)
        for sn in (SN, OTHER_SN):
            answer = await ask(client, "days", sn=sn)
            assert answer["success"] is allowed


@pytest.mark.usefixtures("replaced")
async def test_pictures_of_both(
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Both are below the camera; old links hold; nobody is listed as removed."""
    assert state(hass, CAMERA) == "idle"
    broker.send(upload(PNG, sn=OTHER_SN), OTHER_UP)
    await broker.settle()

    (old,) = media.glob(f"snapcam/{SN}/*/*.jpg")
    (new,) = media.glob(f"snapcam/{OTHER_SN}/*/*.png")
    names = [path.relative_to(media / "snapcam").as_posix() for path in (new, old)]
    day = new.parent.name

    async def identifiers(node: str) -> list[str]:
        found = await async_browse_media(
            hass, f"media-source://snapcam/{node}".removesuffix("/")
        )
        prefix = "media-source://snapcam/"
        return [x.media_content_id.removeprefix(prefix) for x in found.children or ()]

    assert await identifiers("") == ["all", OTHER_SN]
    assert await identifiers(OTHER_SN) == [f"{OTHER_SN}/latest", f"{OTHER_SN}/{day}"]
    for node in ("all", *(f"{x}/{y}" for x in (SN, OTHER_SN) for y in (day, "latest"))):
        assert await identifiers(node) == names

    query = SearchMediaQuery(search_query=day)
    for node in (SN, OTHER_SN):
        searched = await async_search_media(
            hass, f"media-source://snapcam/{node}", query
        )
        ids = [x.media_content_id for x in searched.result]
        folder, *pictures = [x.removeprefix("media-source://snapcam/") for x in ids]
        assert (folder, pictures) == (f"{OTHER_SN}/{day}", names)

    client = await hass_ws_client(hass)
    for about in ({}, {"sn": SN}, {"sn": OTHER_SN}):
        answer = await ask(client, "pictures", day=day, **about)
        assert answer["result"]["pictures"] == names
    assert (await ask(client, "removed"))["result"]["cameras"] == []
    assert [x["former"] for x in await subscribe(client)] == [[SN]]

    old_id = f"media-source://snapcam/{names[1]}"
    await call(hass, "snapcam.delete_pictures", CAMERA, media_content_id=[old_id])
    assert not old.exists()
    assert new.exists()


async def test_limits_of_former_pictures(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
) -> None:
    """What the former camera has left does not stay for ever, but for its newest."""
    for number in range(3):
        broker.send(upload(JPEG, request_id=f"{number}"), UP)
        await broker.settle()
        freezer.tick(1)
    hass.config_entries.async_update_entry(entry, options={"keep_count": 1})
    await replace(hass, entry)
    await pass_time(hass, broker, freezer, 3601)
    assert len([*media.glob(f"snapcam/{SN}/*/*.jpg")]) == 1


@pytest.mark.usefixtures("replaced")
async def test_former_camera_is_added_again(
    hass: HomeAssistant,
) -> None:
    """Its pictures are its own again, below its own name."""
    again = MockConfigEntry(
        domain="snapcam", unique_id=SN, title="Repaired", data={"sn": SN, **TOPICS}
    )
    again.add_to_hass(hass)
    assert await hass.config_entries.async_setup(again.entry_id)
    found = await async_browse_media(hass, f"media-source://snapcam/{OTHER_SN}")
    assert found.children == []
    found = await async_browse_media(hass, f"media-source://snapcam/{SN}")
    assert found.children


async def test_pictures_go_with_the_camera(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    other: SimulatedCamera,
    entry: MockConfigEntry,
    media: Path,
) -> None:
    """Who wants no pictures left when the camera is removed wants none of the former."""
    broker.send(upload(JPEG), UP)
    await broker.settle()
    hass.config_entries.async_update_entry(entry, options={"delete_pictures": True})
    await replace(hass, entry)
    assert [*media.glob("snapcam/*/*/*.jpg")] != []
    await hass.config_entries.async_remove(entry.entry_id)
    assert [*media.glob("snapcam/*/*/*.jpg")] == []
