"""The blueprint that sends what cameras see by themselves."""

from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from ..broker import Broker
from ..common import pass_time, state, upload
from ..const import CAMERA, EVENT, SN, UP
from ..files import jpeg
from ..pictures.common import send
from ..pictures.images import encode, scene, with_object
from ..simulator import SimulatedCamera
from .common import LANGUAGES, UseBlueprint, commands, phone, picture

TIMER = "timer.silence"
PARENTS = "person.anna"


@pytest.fixture
def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what the phone was notified of."""
    return async_mock_service(hass, "notify", "mobile_app_pixel")


@pytest.fixture
async def use(
    hass: HomeAssistant, online: SimulatedCamera, use_blueprint: UseBlueprint
) -> Callable[..., Awaitable[None]]:
    """Return a way to use the blueprint for the camera and a phone, in any language."""
    timer = {"timer": {"silence": {"duration": "00:01:00"}}}
    assert await async_setup_component(hass, "timer", timer)

    async def use(name: str = "send_what_it_sees", **inputs: Any) -> None:
        await use_blueprint(
            name,
            cameras={"entity_id": [EVENT]},
            phones=[phone(hass, "Pixel")],
            **inputs,
        )

    return use


def buttons(message: ServiceCall) -> dict[str, str]:
    """Return the buttons of a notification by what is written on them."""
    actions = message.data["data"]["actions"]
    return {action["title"]: action["action"] for action in actions}


async def press(hass: HomeAssistant, broker: Broker, action: str) -> None:
    """Press a button of a notification."""
    hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await broker.settle()


@pytest.mark.parametrize("name", [f"send_what_it_sees{x}" for x in LANGUAGES])
async def test_picture_is_sent(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
    name: str,
) -> None:
    """The very picture, which a tap opens; the next one replaces it."""
    await use(name)
    await online.send_snapshot(jpeg(b"a cat"))
    await broker.settle()

    (message,) = notified
    assert message.data["title"] == "Gate"
    data = message.data["data"]
    assert picture(hass, data["image"]) == jpeg(b"a cat")
    tap = data["image"].removeprefix("/media/local").removesuffix(".jpg")
    assert (data["url"], data["clickAction"]) == (tap, tap)
    assert len(data["actions"]) == 1

    await online.send_snapshot(jpeg(b"a dog"))
    await broker.settle()
    assert picture(hass, notified[1].data["data"]["image"]) == jpeg(b"a dog")
    assert {message.data["data"]["tag"] for message in notified} == {f"snapcam-{EVENT}"}


async def test_take_another(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """It comes once, in place of the one before; a failure is told."""
    await use()
    await online.send_snapshot(jpeg(b"a cat"))
    await broker.settle()
    take = buttons(notified[0])["Take another"]
    await press(hass, broker, take)
    assert commands(online) == ["take_snapshot"]
    data = notified[1].data["data"]
    assert picture(hass, data["image"]) == online.last_picture
    assert data["tag"] == notified[0].data["data"]["tag"]
    assert len(notified) == 2

    online.faults.ret = 7
    await press(hass, broker, take)
    assert notified[2].data["message"] == "No picture could be taken."
    assert "image" not in notified[2].data["data"]
    assert notified[2].data["data"]["url"] == f"/snapcam/{SN}"


async def test_open_the_gate(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """A pulse, by the button of this automation alone."""
    await use(line="io1", pulse=2)
    await online.send_snapshot()
    await broker.settle()
    action = buttons(notified[0])["Open the gate"]
    await press(hass, broker, action.replace("automation.", "automation.other_"))
    await press(hass, broker, "something else")
    hass.bus.async_fire("mobile_app_notification_action", {})
    await broker.settle()
    assert (online.io0, online.io1) == (0, 0)

    await press(hass, broker, action)
    assert (online.io0, online.io1) == (0, 1)
    await pass_time(hass, broker, freezer, 2.1)
    assert (online.io0, online.io1) == (0, 0)
    assert len(notified) == 1


async def test_silence(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """Half an hour, in which buttons go on."""
    await use(silence=[TIMER])
    await online.send_snapshot()
    await broker.settle()
    await press(hass, broker, buttons(notified[0])["Silence 30 minutes"])
    assert state(hass, TIMER) == "active"
    await pass_time(hass, broker, freezer, 1790)
    await online.send_snapshot(jpeg(b"silent"))
    await broker.settle()
    assert len(notified) == 1
    await pass_time(hass, broker, freezer, 11)
    await online.send_snapshot(jpeg(b"heard"))
    await broker.settle()
    assert len(notified) == 2


async def test_only_what_is_new(
    broker: Broker,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """A threshold leaves out pictures that look alike."""
    await use(change_above=5)
    await send(broker, *(encode(scene(), 80 + n) for n in range(3)))
    assert notified == []
    await send(broker, encode(with_object(0.03)(scene())))
    assert len(notified) == 1


async def test_nobody_is_home(
    hass: HomeAssistant,
    broker: Broker,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """Nothing is sent while one of them is at home."""
    await use(people=[PARENTS, "person.ben"])
    for where in ("home", "not_home"):
        hass.states.async_set(PARENTS, where)
        await send(broker, jpeg(where.encode()))
    assert [picture(hass, x.data["data"]["image"]) for x in notified] == [
        jpeg(b"not_home")
    ]


@pytest.mark.parametrize("cooldown", [{"minutes": 5}, "00:05:00"])
async def test_pause(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
    cooldown: Any,
) -> None:
    """What comes sooner is not sent, and does not prolong the pause."""
    await use(cooldown=cooldown)
    for seconds in (0, 200, 101):
        await pass_time(hass, broker, freezer, seconds)
        broker.send(upload(jpeg(b"%d" % seconds)), UP)
        await broker.settle()

    assert len(notified) == 2


async def test_what_was_asked_for(
    hass: HomeAssistant,
    broker: Broker,
    use: Callable[..., Awaitable[None]],
    notified: list[ServiceCall],
) -> None:
    """Who takes a picture in the dashboard is looking at it."""
    await use()
    await hass.services.async_call(
        "snapcam", "take_snapshot", {"entity_id": CAMERA}, blocking=True
    )
    await broker.settle()

    assert notified == []
