"""The blueprint that opens a door and keeps a picture."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
import pytest

from ..broker import Broker
from ..common import pass_time, state
from ..const import CAMERA, IO0, IO1
from ..simulator import SimulatedCamera
from .common import (
    LANGUAGES,
    SOMETHING_HAPPENS,
    TELL_SNAPSHOT,
    UseBlueprint,
    commands,
    errors,
    happen,
    picture,
)


@pytest.mark.parametrize("name", [f"open_door{language}" for language in LANGUAGES])
@pytest.mark.parametrize(
    ("inputs", "lines", "seconds"),
    [
        pytest.param({}, (1, 0), 3, id="default"),
        pytest.param({"line": "io0", "pulse": 0.5}, (1, 0), 0.5, id="io0"),
        pytest.param({"line": "io1", "pulse": 20}, (0, 1), 20, id="io1"),
    ],
)
async def test_door(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
    inputs: dict[str, Any],
    lines: tuple[int, int],
    seconds: float,
    name: str,
) -> None:
    """The door first, then the picture of who comes in, then the door by itself."""
    await use_blueprint(
        name,
        triggers=SOMETHING_HAPPENS,
        camera=CAMERA,
        then=TELL_SNAPSHOT,
        **inputs,
    )
    await happen(hass, broker)

    assert commands(online) == ["io_control", "take_snapshot"]
    assert (online.io0, online.io1) == lines
    assert [event.data["camera"] for event in told] == [CAMERA]
    url = told[0].data["snapshot"]["url"]
    assert picture(hass, url) == online.last_picture

    await pass_time(hass, broker, freezer, seconds + 0.1)
    assert (online.io0, online.io1) == (0, 0)
    assert (state(hass, IO0), state(hass, IO1)) == ("off", "off")


async def test_door_is_not_opened(
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """A door that stays shut is an error, and there is no picture of it."""
    await use_blueprint(
        "open_door", triggers=SOMETHING_HAPPENS, camera=CAMERA, then=TELL_SNAPSHOT
    )
    online.faults.ret = 7
    await happen(hass, broker)

    assert commands(online) == ["io_control"]
    assert told == []
    assert "Gate refused with code 7" in "".join(errors(caplog))


async def test_door_while_a_picture_is_on_its_way(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
) -> None:
    """Who comes next is let in too, although the last picture is not there yet."""
    await use_blueprint(
        "open_door", triggers=SOMETHING_HAPPENS, camera=CAMERA, pulse=60
    )
    # It acknowledges the snapshot, but can deliver it nowhere.
    online.config.upload_type = 0
    await happen(hass, broker)
    assert commands(online) == ["io_control", "take_snapshot"]
    await happen(hass, broker)
    await pass_time(hass, broker, freezer, 21)

    assert commands(online).count("io_control") == 2
    assert online.io0 == 1
    await pass_time(hass, broker, freezer, 61)
    assert online.io0 == 0
