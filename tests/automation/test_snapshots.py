"""The trigger for snapshots that fail, and the condition for those that are old."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from ..broker import Broker
from ..common import call, pass_time, upload
from ..const import BUTTON, EVENT, IMAGE, UP
from ..simulator import SimulatedCamera
from .common import ASK, Target, automate


@pytest.mark.parametrize("by", ["event", "device", "area", "label"])
async def test_failed(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """It tells why; a picture is no failure."""
    failed = await automate(
        hass,
        {"trigger": "snapcam.snapshot_failed", "target": target[by]},
        data={
            "entity_id": "{{ trigger.entity_id }}",
            "reason": "{{ trigger.to_state.attributes.reason }}",
        },
    )
    await call(hass, "button.press", BUTTON)
    await broker.settle()
    assert failed == []
    broker.send(upload(b"no picture"), UP)
    await broker.settle()

    assert [run.data for run in failed] == [
        {"entity_id": EVENT, "reason": "invalid_picture"}
    ]


@pytest.mark.parametrize("by", ["image", "device", "area", "label"])
async def test_older_than(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    target: Target,
    by: str,
) -> None:
    """It holds before the first picture, and again when the last one has grown old."""
    old = await automate(
        hass, ASK, older_than(target.get(by, {"entity_id": IMAGE}), {"minutes": 10})
    )

    async def ask() -> int:
        hass.bus.async_fire("ask")
        await broker.settle()
        return len(old)

    assert await ask() == 1
    broker.send(upload(), UP)
    await broker.settle()
    assert await ask() == 1
    await pass_time(hass, broker, freezer, 599)
    assert await ask() == 1
    await pass_time(hass, broker, freezer, 2)
    assert await ask() == 2


@pytest.mark.parametrize(("behavior", "runs"), [("any", 1), ("all", 0)])
async def test_older_than_of_several(
    hass: HomeAssistant,
    broker: Broker,
    target: Target,
    behavior: str,
    runs: int,
) -> None:
    """One that is not set up at the moment may well have a new picture."""
    entity_id = "image.side_door_snapshot"
    registry = er.async_get(hass)
    registry.async_get_or_create(
        "image", "snapcam", "2_snapshot", suggested_object_id="side_door_snapshot"
    )
    hass.states.async_set(entity_id, "unavailable")
    old = await automate(
        hass,
        ASK,
        older_than({"entity_id": [IMAGE, entity_id]}, "00:10:00", behavior=behavior),
    )
    hass.bus.async_fire("ask")
    await broker.settle()

    assert len(old) == runs


def older_than(
    target: dict[str, Any], age: Any, *, behavior: str = "all"
) -> dict[str, Any]:
    """Return the condition as the editor makes it."""
    return {
        "condition": "snapcam.last_snapshot_older_than",
        "target": target,
        "options": {"behavior": behavior, "age": age},
    }
