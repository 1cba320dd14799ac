"""A delivery that somebody stops while it is tried."""

import asyncio
from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import enable, pass_time, state
from ..const import DELIVERY, UPLOAD_ADDR
from ..simulator import SimulatedCamera
from ..simulator.links import reach_nobody
from .common import choose, own_address


async def test_delivery_is_put_back_although_nobody_waits(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    before: dict[str, Any],
    trial: asyncio.Task[None],
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """Who is stopped must not leave the camera with an address it cannot reach."""
    assert online.config.upload_type == 0
    trial.cancel()
    await broker.settle()
    assert trial.cancelled()
    await pass_time(hass, broker, freezer, 21)

    assert vars(online.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_delivery_is_proven_although_nobody_waits(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """What works is kept."""
    post, go = posting.post, asyncio.Event()

    async def post_later(address: str, body: bytes, /, *, content_type: str) -> bytes:
        await go.wait()
        return await post(address, body, content_type=content_type)

    posting.post = post_later
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    choosing.cancel()
    await broker.settle()
    assert choosing.cancelled()
    go.set()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert online.config.upload_type == 0
    assert state(hass, DELIVERY) == "http_home_assistant"


async def test_secret_address_is_not_shown(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Our own address, with a token we have no more, is not taken for another one's.

    The settings could not be put back, and then the entry got a new token.
    """
    await enable(hass, entry, UPLOAD_ADDR)
    await online.send_heartbeat()
    await broker.settle()
    other = state(hass, UPLOAD_ADDR)
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    broker.disconnect(online)
    for _ in range(10):
        await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError):
        await choosing
    secret = own_address(entry)
    assert online.config.upload_addr == secret
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "token": "x" * 43}
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()

    assert state(hass, UPLOAD_ADDR) == other == "http://192.0.2.1/snapshots"
    shown = [str(known.as_dict()) for known in hass.states.async_all()]
    assert not any(secret in text for text in shown)


@pytest.mark.parametrize("how", ["mqtt", "remove"])
async def test_missing_address_is_no_issue_any_more(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    issues: Callable[[], set[str]],
    how: str,
) -> None:
    """Who follows the advice to use MQTT, or has no such camera, needs no address."""
    hass.config.internal_url = None
    hass.config.api = None
    with pytest.raises(HomeAssistantError):
        await choose(hass, "http_home_assistant")
    assert issues() == {"no_lan_address"}
    await {
        "mqtt": lambda: choose(hass, "mqtt"),
        "remove": lambda: hass.config_entries.async_remove(entry.entry_id),
    }[how]()

    assert issues() == set()
