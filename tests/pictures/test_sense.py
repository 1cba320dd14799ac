"""What is found in pictures, by those who want to know."""

import asyncio
from datetime import datetime, timedelta
import io

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from PIL import Image, ImageEnhance, ImageFilter
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.snapcam.pictures.changes import NEWS

from ..broker import Broker
from ..common import JPEG, enable, pass_time, state, upload
from ..const import CHANGE, EVENT, UP, VIEW
from ..simulator import SimulatedCamera
from ..simulator.picture import draw_picture
from .common import rets, send
from .images import SIZE, Change, encode, scene, with_object

NOON = "2026-11-26 20:00:00+00:00"
MIDNIGHT = "2026-11-27 08:00:00+00:00"
"""In the time zone of the tests, and where they are."""


def with_noise(picture: Image.Image) -> Image.Image:
    """Make a picture as bad as at night."""
    noise = Image.effect_noise(SIZE, 60).convert("RGB")
    return Image.blend(picture, noise, 0.25)


def brighter(factor: float) -> Change:
    """Change the light."""
    return lambda picture: ImageEnhance.Brightness(picture).enhance(factor)


def blurred(picture: Image.Image) -> Image.Image:
    """Put a picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(16))


def blank(grey: int) -> Change:
    """Show nothing but one grey."""
    return lambda _: Image.new("RGB", SIZE, (grey, grey, grey))


@pytest.fixture
async def sensing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Have the two entities that want to know, at noon."""
    freezer.move_to(NOON)
    for entity_id in (CHANGE, VIEW):
        await enable(hass, entry, entity_id)


def attributes(hass: HomeAssistant, *names: str) -> list[object]:
    """Return attributes of the last event."""
    event = hass.states.get(EVENT)
    assert event is not None
    return [event.attributes.get(name) for name in names]


async def change_of(
    hass: HomeAssistant, broker: Broker, change: Change, background: int = 5
) -> int:
    """Return how much a change of a view is, after some pictures of it."""
    # As no camera sends the same bytes twice, these differ as well.
    await send(broker, *(encode(scene(), 80 + n) for n in range(background)))
    await send(broker, encode(change(scene())))
    return int(state(hass, CHANGE))


@pytest.mark.usefixtures("sensing")
@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        pytest.param(lambda picture: picture, 0, 0, id="nothing"),
        pytest.param(with_noise, 0, 0, id="noise"),
        pytest.param(brighter(1.2), 0, 0, id="more light"),
        pytest.param(brighter(0.6), 0, 0, id="less light"),
        pytest.param(with_object(0.004), 3, 10, id="person far away"),
        pytest.param(with_object(0.03), 10, 25, id="person"),
        pytest.param(with_object(0.25, 240), 50, 75, id="lorry"),
        pytest.param(lambda _: scene(2), 65, 100, id="another view"),
    ],
)
async def test_change(
    hass: HomeAssistant, broker: Broker, change: Change, least: int, most: int
) -> None:
    """Something small is seen; light, noise and compression are not."""
    assert least <= await change_of(hass, broker, change) <= most
    assert attributes(hass, "change", "event_type") == [
        int(state(hass, CHANGE)),
        "uploaded",
    ]


@pytest.mark.usefixtures("sensing")
@pytest.mark.parametrize("hour", [6, 9, 12, 15, 18])
async def test_more_light_where_it_is_light(
    hass: HomeAssistant, broker: Broker, hour: int
) -> None:
    """A sky that cannot become lighter is nothing new when all else does."""
    content = draw_picture(
        sn="200000000001",
        taken_at=datetime(2026, 11, 26, hour),  # noqa: DTZ001
        io0=0,
        io1=0,
        size=SIZE,
        counter=1,
    )
    view = Image.open(io.BytesIO(content))
    await send(broker, *(encode(view, 80 + n) for n in range(5)))
    await send(broker, encode(brighter(1.2)(view)))
    assert int(state(hass, CHANGE)) <= NEWS


@pytest.mark.usefixtures("sensing")
async def test_parked_car(hass: HomeAssistant, broker: Broker) -> None:
    """What stays becomes the background, and its going is news again."""
    found = []
    for number, parked in enumerate([False] * 5 + [True] * 5 + [False]):
        picture = with_object(0.03)(scene()) if parked else scene()
        await send(broker, encode(picture, 70 + number))
        found.append(state(hass, CHANGE))

    assert found[0] == "unknown"
    assert [int(change) > 5 for change in found[1:]] == [
        *[False] * 4,
        *[True] * 3,
        *[False] * 2,
        True,
    ]


PROBLEMS = [
    pytest.param(blank(120), "covered", id="covered"),
    pytest.param(blank(3), "dark", id="dark"),
    pytest.param(blurred, "blurred", id="blurred"),
    pytest.param(lambda _: scene(2), "moved", id="moved"),
]


@pytest.mark.usefixtures("sensing")
@pytest.mark.parametrize(("change", "reason"), PROBLEMS)
async def test_view(
    hass: HomeAssistant, broker: Broker, change: Change, reason: str
) -> None:
    """A problem is one after three pictures in a row, and ends by itself."""
    assert state(hass, VIEW) == "unknown"
    seen = []
    pictures = [
        scene(),
        *[change(scene())] * 2,
        scene(),
        *[change(scene())] * 4,
        scene(),
    ]
    for number, picture in enumerate(pictures):
        await send(broker, encode(picture, 70 + number))
        view = hass.states.get(VIEW)
        assert view is not None
        seen.append((view.state, view.attributes["reason"]))

    good, bad = ("off", None), ("on", reason)
    assert seen == [*[good] * 6, bad, bad, good]


@pytest.mark.usefixtures("sensing")
async def test_dark_at_night(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    """At night pictures may be dark; the event says it all the same."""
    freezer.move_to(MIDNIGHT)
    await send(broker, *(encode(blank(3 + n)(scene())) for n in range(4)))

    assert state(hass, VIEW) == "off"
    assert attributes(hass, "dark", "blurred", "change") == [True, False, 0]


@pytest.mark.usefixtures("sensing")
async def test_moved_on_purpose(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    """A camera that looks elsewhere for a day is right to."""
    await send(broker, encode(scene()), *(encode(scene(2), 70 + n) for n in range(3)))
    assert state(hass, VIEW) == "on"
    await pass_time(hass, broker, freezer, 86_500)
    await send(broker, *(encode(scene(2), 80 + n) for n in range(3)))

    assert state(hass, VIEW) == "off"


@pytest.mark.usefixtures("sensing")
async def test_day_and_night_are_one_view(hass: HomeAssistant, broker: Broker) -> None:
    """Dusk and dawn change the picture, and not where the camera looks."""
    midnight = datetime.fromisoformat("2026-11-26T00:00")
    for number in range(48):
        picture = draw_picture(
            sn="200000000001",
            taken_at=midnight + timedelta(minutes=30 * number),
            io0=0,
            io1=0,
            size=SIZE,
            counter=number,
        )
        await send(broker, picture)
        assert state(hass, VIEW) == "off", number


@pytest.mark.usefixtures("sensing")
async def test_picture_that_cannot_be_read(hass: HomeAssistant, broker: Broker) -> None:
    """It is announced as ever; what is in it is not known, and the next one is looked at."""
    await send(broker, JPEG)
    assert rets(broker) == [0]
    assert attributes(hass, "event_type", "change") == ["uploaded", None]
    assert state(hass, CHANGE) == "unknown"
    await send(broker, encode(scene()), encode(scene(), 80))

    assert state(hass, CHANGE) == "0"


@pytest.mark.usefixtures("sensing")
async def test_progressive_bomb(hass: HomeAssistant, broker: Broker) -> None:
    """A progressive JPEG is in memory as a whole, however small it is to become."""
    huge = io.BytesIO()
    Image.new("L", (3_500, 3_500)).save(huge, "JPEG", progressive=True)
    await send(broker, huge.getvalue())

    assert rets(broker) == [0]
    assert attributes(hass, "event_type", "dark") == ["uploaded", None]


@pytest.mark.usefixtures("sensing")
async def test_picture_that_is_looked_at_when_its_camera_goes(
    hass: HomeAssistant, broker: Broker, entry: MockConfigEntry
) -> None:
    """What was answered with success is announced before the entities are gone."""
    kinds: list[object] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] == EVENT and state is not None:
            kinds.append(state.attributes.get("event_type"))

    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    broker.send(upload(encode(scene())), UP)
    while rets(broker) != [0]:
        await asyncio.sleep(0)
    assert await hass.config_entries.async_unload(entry.entry_id)
    stop()

    assert "uploaded" in kinds


async def test_nobody_wants_to_know(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then no picture is opened at all."""
    opened: list[object] = []
    monkeypatch.setattr(Image, "open", opened.append)
    await send(broker, encode(scene()), encode(scene(), 80))

    assert opened == []
    assert attributes(hass, "event_type", "change") == ["uploaded", None]


@pytest.mark.usefixtures("sensing")
async def test_order(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """What fails while a picture is looked at is announced after it."""
    kinds: list[object] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] == EVENT and state is not None:
            kinds.append(state.attributes.get("event_type"))

    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    for picture in (encode(scene()), b"no picture", encode(scene(), 80)):
        broker.send(upload(picture), UP)
    await broker.settle()
    stop()

    assert kinds == ["uploaded", "failed", "uploaded"]
