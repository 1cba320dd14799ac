"""What the tests of blueprints do again and again."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import pass_time, state
from ..const import CONNECTIVITY
from ..simulator import SimulatedCamera

REPOSITORY = Path(__file__).parents[2]


# The same blueprint in each language is a file of its own.
LANGUAGES = ["", ".zh-Hans"]


FOLDER = REPOSITORY / "blueprints/automation/snapcam"


SOMETHING_HAPPENS = [{"trigger": "event", "event_type": "something_happens"}]


# What people's own actions get to know, told by events.
TELL_SNAPSHOT = [
    {
        "event": "told",
        "event_data": {"camera": "{{ camera_entity }}", "snapshot": "{{ snapshot }}"},
    }
]


type UseBlueprint = Callable[..., Awaitable[None]]


async def happen(hass: HomeAssistant, broker: Broker) -> None:
    """Let the trigger happen, and all that follows from it."""
    hass.bus.async_fire("something_happens")
    await broker.settle()


def picture(hass: HomeAssistant, url: str) -> bytes:
    """Return the picture that a phone would get from Home Assistant."""
    media = Path(hass.config.media_dirs["local"])
    return (media / url.removeprefix("/media/local/")).read_bytes()


def phone(hass: HomeAssistant, name: str) -> str:
    """Add a phone with the companion app, and return its device."""
    entry = MockConfigEntry(domain="mobile_app", title=name)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("mobile_app", name)},
        name=name,
    )
    return device.id


def commands(camera: SimulatedCamera) -> list[str]:
    """Return what a camera was told to do."""
    received = (message.get("cmd_data", {}) for message in camera.received)
    return [command["type"] for command in received if command]


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the errors in the log."""
    return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]


async def go_offline(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    *cameras: SimulatedCamera,
) -> None:
    """Let cameras be silent until they count as offline."""
    for camera in cameras:
        broker.disconnect(camera)
    await pass_time(hass, broker, freezer, 91)
    await pass_time(hass, broker, freezer, 60)
    assert state(hass, CONNECTIVITY) == "off"


INTERVALS = {
    "/1": list(range(1, 61)),
    "/2": list(range(2, 61, 2)),
    "/5": list(range(5, 61, 5)),
    "/10": [10, 20, 30, 40, 50, 60],
    "/15": [15, 30, 45, 60],
    "/20": [20, 40, 60],
    "/30": [30, 60],
    "0": [60],
}
