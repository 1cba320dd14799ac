"""Cameras that are heard but not set up."""

import json

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import heartbeat
from ..const import OTHER_SN
from .common import set_up


async def test_unknown_camera_is_offered(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A camera that is heard on a topic in use becomes one discovered card."""
    for _ in range(3):
        broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
        await broker.settle()

    assert broker.published == []
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY
    assert flow["context"]["unique_id"] == OTHER_SN
    assert flow["context"]["title_placeholders"] == {"name": OTHER_SN}


async def test_ignored_camera_is_not_offered_until_it_is_not_ignored(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Ignoring sticks, and ends when the person ends it."""

    async def offers() -> int:
        broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
        await broker.settle()
        return len(hass.config_entries.flow.async_progress())

    assert await offers() == 1
    await hass.config_entries.flow.async_init(
        "snapcam",
        context={"source": SOURCE_IGNORE},
        data={"unique_id": OTHER_SN, "title": OTHER_SN},
    )
    assert await offers() == 0
    (ignored,) = hass.config_entries.async_entries("snapcam", include_ignore=True)[1:]
    await hass.config_entries.async_remove(ignored.entry_id)
    assert await offers() == 1


async def test_removed_camera_is_offered_again(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A camera that was removed and still speaks can be added again."""
    other = await set_up(hass, OTHER_SN)
    await hass.config_entries.async_remove(other.entry_id)
    broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
    await broker.settle()

    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_a_thousand_unknown_cameras(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """A neighbour's thousand cameras are twenty cards, not a thousand."""
    for number in range(1000):
        sn = f"{number:012}"
        broker.send(json.dumps(heartbeat(sn=sn)), f"snapcam/{sn}/up")
    await broker.settle()

    assert len(hass.config_entries.flow.async_progress()) == 20


async def test_closed_card_is_offered_again(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A card that was closed without an answer comes back the next day, not at once."""

    async def offers() -> int:
        broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
        await broker.settle()
        return len(hass.config_entries.flow.async_progress())

    assert await offers() == 1
    (flow,) = hass.config_entries.flow.async_progress()
    hass.config_entries.flow.async_abort(flow["flow_id"])
    assert await offers() == 0
    tomorrow = hass.loop.time() + 25 * 3600
    monkeypatch.setattr(hass.loop, "time", lambda: tomorrow)
    assert await offers() == 1


async def test_closed_cards_make_room(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twenty cards that were closed do not hide the twenty-first camera for ever."""
    for number in range(20):
        broker.send(heartbeat(sn=f"{number:012}"), f"snapcam/{number:012}/up")
    await broker.settle()
    for flow in hass.config_entries.flow.async_progress():
        hass.config_entries.flow.async_abort(flow["flow_id"])
    later = hass.loop.time() + 120
    monkeypatch.setattr(hass.loop, "time", lambda: later)
    broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
    await broker.settle()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == OTHER_SN


async def test_ignored_cameras_free_their_places(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """Who has ignored a neighbour's cameras is offered their own one at once."""
    for number in range(20):
        sn = f"3{number:011}"
        broker.send(heartbeat(sn=sn), f"snapcam/{sn}/up")
        await broker.settle()
        await hass.config_entries.flow.async_init(
            "snapcam",
            context={"source": SOURCE_IGNORE},
            data={"unique_id": sn, "title": sn},
        )
    broker.send(heartbeat(sn=OTHER_SN), f"snapcam/{OTHER_SN}/up")
    await broker.settle()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == OTHER_SN
