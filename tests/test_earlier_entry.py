"""An entry that the version before has written: loaded, and nothing of it is lost.

The files below `fixtures/entry` are what that version had on disk when Home Assistant
was stopped, in the midst of a pulse, and what it showed when it was started again.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
import json
import os
from pathlib import Path
import shutil
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.image import async_get_image
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)
from yarl import URL

from .broker import Broker
from .common import PNG, call, pass_time, state
from .const import EVENT, IMAGE, INTERNAL_URL, SN, UPDATE
from .simulator import SimulatedCamera

WRITTEN = Path(__file__).parent / "fixtures/entry"
RECORD: dict[str, Any] = json.loads((WRITTEN / "entry.json").read_text())
STORE: dict[str, Any] = RECORD["store"]

# Half a minute after the camera was last heard. Before all else: the time stands still.
pytestmark = [
    pytest.mark.freeze_time("2026-11-26T12:02:56+00:00"),
    pytest.mark.usefixtures("freezer"),
]


@pytest.fixture
def config_entry() -> MockConfigEntry:
    """Return the entry as it was written, not set up."""
    return MockConfigEntry(**RECORD["entry"])


@pytest.fixture
def on_disk(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    media: Path,
    config_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Have all that was written where the version before had it."""
    hass.config.internal_url = INTERNAL_URL
    hass_storage[STORE["key"]] = STORE
    shutil.copytree(WRITTEN / "pictures", media / "snapcam")
    for name, written_at in RECORD["pictures"].items():
        seconds = datetime.fromisoformat(written_at).timestamp()
        os.utime(media / "snapcam" / name, (seconds, seconds))
    shutil.copytree(WRITTEN / "firmware", hass.config.path("snapcam", "firmware"))
    config_entry.add_to_hass(hass)
    for entity_id, unique_id in RECORD["entities"].items():
        domain, _, object_id = entity_id.partition(".")
        entity_registry.async_get_or_create(
            domain,
            "snapcam",
            unique_id,
            suggested_object_id=object_id,
            config_entry=config_entry,
        )
    event = State(EVENT, RECORD["states"][EVENT])
    mock_restore_cache_with_extra_data(hass, [(event, RECORD["event"])])


@pytest.fixture
async def entry(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    on_disk: None,
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry, set up while its pulse waits for the camera."""
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await broker.settle()
    yield config_entry
    if config_entry.state is ConfigEntryState.LOADED:
        await unload(hass, broker, freezer, config_entry)


async def unload(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    """Unload the entry, for which the end of the pulse is waited for a while."""
    unloading = hass.async_create_task(hass.config_entries.async_unload(entry.entry_id))
    await broker.settle()
    await pass_time(hass, broker, freezer, 6)
    assert await unloading


def test_record_is_complete() -> None:
    """No field of the store is left out, nor is one empty that can be filled."""
    empty = {key for key, value in STORE["data"].items() if value in (None, {})}
    assert empty == set()
    assert STORE["data"]["install"]["ended"] == "confirmed"
    assert RECORD["entry"]["options"]["firmware"]["package"]


async def test_entities(
    hass: HomeAssistant, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Each entity is the same one, and shows the same."""
    assert entry.state is ConfigEntryState.LOADED
    found = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    unique_ids = {entity.entity_id: entity.unique_id for entity in found}
    assert unique_ids | RECORD["entities"] == unique_ids
    assert {x: state(hass, x) for x in RECORD["entities"]} == RECORD["states"]
    update = hass.states.get(UPDATE)
    assert update is not None
    assert {key: update.attributes[key] for key in RECORD["update"]} == RECORD["update"]


async def test_pictures(
    hass: HomeAssistant, entry: MockConfigEntry, media: Path
) -> None:
    """The last picture is shown, and the ones before it are kept."""
    before = [
        path.read_bytes() for path in sorted((WRITTEN / "pictures").glob("*/*/*"))
    ]
    stored = sorted((media / "snapcam" / SN).glob("*/*"))
    assert [path.read_bytes() for path in stored] == before
    assert len(before) == 3
    assert (await async_get_image(hass, IMAGE)).content == before[-1]


async def test_package(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    http: TestClient,
    entry: MockConfigEntry,
) -> None:
    """The package that is offered is there for the camera to fetch."""
    installing = asyncio.create_task(call(hass, "update.install", UPDATE))
    await broker.settle()
    response = await http.get(URL(online.received[-1]["package_url"]).path)
    (package,) = (WRITTEN / "firmware").iterdir()
    assert await response.read() == package.read_bytes()

    # What is installed is still waited for.
    await unload(hass, broker, freezer, entry)
    with pytest.raises(HomeAssistantError):
        await installing


def merged(later: Any, earlier: Any) -> Any:
    """Return what was written later, with all that was written earlier put into it."""
    if not (isinstance(later, dict) and isinstance(earlier, dict)):
        return earlier
    return later | {key: merged(later.get(key), earlier[key]) for key in earlier}


async def test_written_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """What is stored is the same again; a later version may add to it."""
    hass_storage.clear()
    await unload(hass, broker, freezer, entry)

    written = hass_storage[STORE["key"]]
    assert merged(written["data"], STORE["data"]) == written["data"]
    assert entry.data == RECORD["entry"]["data"]
    assert entry.options == RECORD["entry"]["options"]


async def test_interrupted_pulse(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """The line that was in a pulse goes back, and the other one stays."""
    await camera.send_heartbeat()
    await broker.settle()

    assert broker.messages("control_cmd")[0]["cmd_data"] == {
        "type": "io_control",
        "io0": 1,
        "io1": 0,
    }


async def test_address_of_the_camera(
    hass: HomeAssistant, http: TestClient, broker: Broker
) -> None:
    """A camera that was told where to post its pictures posts them there."""
    path = URL(STORE["data"]["own_addr"]).path
    response = await http.post(path, data=PNG, headers={"Content-Type": "image/png"})
    await broker.settle()

    assert (await response.json())["ret"] == 0
    assert (await async_get_image(hass, IMAGE)).content == PNG
