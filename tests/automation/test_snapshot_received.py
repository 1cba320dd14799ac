"""The trigger for pictures, of one origin or with something new."""

from typing import Any

from homeassistant.const import SERVICE_TURN_OFF
from homeassistant.core import HomeAssistant
import pytest

from ..broker import Broker
from ..common import call, take
from ..const import CAMERA, EVENT
from ..pictures.common import send
from ..pictures.images import encode, scene, with_object
from ..simulator import SimulatedCamera
from .common import Target, automate

TOLD = {
    "type": "{{ trigger.to_state.attributes.event_type }}",
    "change": "{{ trigger.to_state.attributes.change | default('not looked at') }}",
}


def received(target: dict[str, str], **options: Any) -> dict[str, Any]:
    """Return the trigger as the editor makes it."""
    return {
        "trigger": "snapcam.snapshot_received",
        "target": target,
        "options": options,
    }


@pytest.mark.parametrize(
    ("options", "types"),
    [
        ({}, ["uploaded", "captured"]),
        ({"origin": "any"}, ["uploaded", "captured"]),
        ({"origin": "uploaded"}, ["uploaded"]),
        ({"origin": "captured"}, ["captured"]),
    ],
)
async def test_origin(
    hass: HomeAssistant,
    broker: Broker,
    target: Target,
    options: dict[str, str],
    types: list[str],
) -> None:
    """What people asked for can be told from what the camera sends; nobody looks at it."""
    done = await automate(hass, received(target["area"], **options), data=TOLD)
    await send(broker, encode(scene()))
    await take(hass, CAMERA)
    await hass.async_block_till_done()

    assert [run.data["type"] for run in done] == types
    assert {run.data["change"] for run in done} == {"not looked at"}


@pytest.mark.parametrize("by", ["event", "area", "label"])
async def test_change_above(
    hass: HomeAssistant, broker: Broker, target: Target, by: str
) -> None:
    """Only what shows something new counts, and no entity has to be enabled for it."""
    done = await automate(hass, received(target[by], change_above=5), data=TOLD)
    await send(broker, *(encode(scene(), 80 + n) for n in range(4)))
    assert done == []
    await send(broker, encode(with_object(0.03)(scene())))

    (run,) = done
    assert 5 < run.data["change"] < 30


async def test_nobody_asks_any_more(
    hass: HomeAssistant, broker: Broker, target: Target
) -> None:
    """Pictures are no longer looked at once the automation is off."""
    await automate(hass, received(target["device"], change_above=5))
    await send(broker, *(encode(scene(), 80 + n) for n in range(2)))
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["change"] == 0

    await call(hass, f"automation.{SERVICE_TURN_OFF}", "all")
    await send(broker, encode(scene(), 90))
    event = hass.states.get(EVENT)
    assert event is not None
    assert "change" not in event.attributes


async def test_of_another_camera(
    hass: HomeAssistant, broker: Broker, target: Target, online: SimulatedCamera
) -> None:
    """Looking costs time, so it is done for the cameras that are asked about alone."""
    await automate(hass, received({"entity_id": "event.other"}, change_above=5))
    await send(broker, *(encode(scene(), 80 + n) for n in range(2)))
    event = hass.states.get(EVENT)
    assert event is not None
    assert "change" not in event.attributes
