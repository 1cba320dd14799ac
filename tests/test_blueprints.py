"""The blueprints, as Home Assistant runs them for people who import them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.camera import async_get_image
from homeassistant.core import Event, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_mock_service,
)
import yaml

from .broker import Broker
from .common import call, pass_time, state
from .const import CAMERA, CONNECTIVITY, EVENT, IO0, IO1, OTHER_SN, SN, TOPICS
from .simulator import PictureFault, SimulatedCamera

REPOSITORY = Path(__file__).parents[1]
FOLDER = REPOSITORY / "blueprints/automation/snapcam"
SOURCE = "https://github.com/snapcam/snapcam/blob/main/blueprints/automation/snapcam"
NAMES = ["offline_alert", "open_door", "snapshot_on_trigger", "time_lapse"]

SIDE_DOOR = "camera.side_door"

SOMETHING_HAPPENS = [{"trigger": "event", "event_type": "something_happens"}]
NEVER = [{"condition": "template", "value_template": "{{ false }}"}]
# What people's own actions get to know, told by events.
TELL_SNAPSHOT = [
    {
        "event": "told",
        "event_data": {"camera": "{{ camera_entity }}", "snapshot": "{{ snapshot }}"},
    }
]

type UseBlueprint = Callable[..., Awaitable[None]]


def alert(text: str) -> list[dict[str, Any]]:
    """Return actions that tell what an offline alert knows."""
    known = {
        name: f"{{{{ {name} }}}}"
        for name in ("camera_name", "minutes", "offline_since")
    }
    return [{"event": "told", "event_data": {"text": text} | known}]


class _Inputs(yaml.SafeLoader):
    """Read a blueprint without caring for what its inputs become."""


_Inputs.add_constructor("!input", lambda _, node: node.value)


@pytest.fixture
async def use_blueprint(
    hass: HomeAssistant, broker: Broker
) -> AsyncGenerator[UseBlueprint]:
    """Return a way to make an automation of a blueprint, as people do."""
    folder = Path(hass.config.path("blueprints/automation/snapcam"))

    async def use(name: str, **inputs: Any) -> None:
        await hass.async_add_executor_job(shutil.copytree, FOLDER, folder)
        blueprint = {"path": f"snapcam/{name}.yaml", "input": inputs}
        assert await async_setup_component(
            hass, "automation", {"automation": {"use_blueprint": blueprint}}
        )
        await broker.settle()
        (automation,) = hass.states.async_all("automation")
        assert automation.state == "on"

    yield use
    # A schedule has a timer.
    await call(hass, "automation.turn_off", "all")


@pytest.fixture
async def side_door(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> SimulatedCamera:
    """Return another camera that is online."""
    other = broker.connect(SimulatedCamera(sn=OTHER_SN))
    entry = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Side door",
        data={"sn": OTHER_SN, **TOPICS},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await other.send_heartbeat()
    await broker.settle()
    other.received.clear()
    return other


@pytest.fixture
def told(hass: HomeAssistant) -> list[Event]:
    """Return what people's own actions were told."""
    return async_capture_events(hass, "told")


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


@pytest.fixture
def annas_phone(hass: HomeAssistant) -> str:
    """Return the device of a phone, which Anna calls something else by now.

    Its action has the name it had when it was added.
    """
    device_id = phone(hass, "Anna's Phone")
    dr.async_get(hass).async_update_device(device_id, name_by_user="Mobile")
    return device_id


@pytest.fixture
def notified(hass: HomeAssistant, annas_phone: str) -> list[ServiceCall]:
    """Return what the phone was notified of."""
    return async_mock_service(hass, "notify", "mobile_app_anna_s_phone")


@pytest.fixture
def gate(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of the camera."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("snapcam", SN), entry.entry_id
    )
    assert device is not None
    return device.id


async def happen(hass: HomeAssistant, broker: Broker) -> None:
    """Let the trigger happen, and all that follows from it."""
    hass.bus.async_fire("something_happens")
    await broker.settle()


def picture(hass: HomeAssistant, url: str) -> bytes:
    """Return the picture that a phone would get from Home Assistant."""
    media = Path(hass.config.media_dirs["local"])
    return (media / url.removeprefix("/media/local/")).read_bytes()


def commands(camera: SimulatedCamera) -> list[str]:
    """Return what a camera was told to do."""
    received = (message.get("cmd_data", {}) for message in camera.received)
    return [command["type"] for command in received if command]


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the errors in the log."""
    return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]


def metadata(name: str) -> dict[str, Any]:
    """Return what a blueprint says of itself."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    blueprint: dict[str, Any] = yaml.load(text, Loader=_Inputs)["blueprint"]
    return blueprint


def test_files() -> None:
    """These are offered; a name is an address that people have imported from."""
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_metadata(name: str) -> None:
    """Home Assistant finds a newer version, and an older one says why it cannot."""
    hacs = json.loads((REPOSITORY / "hacs.json").read_text(encoding="utf-8"))
    blueprint = metadata(name)

    assert blueprint["source_url"] == f"{SOURCE}/{name}.yaml"
    assert blueprint["homeassistant"]["min_version"] == hacs["homeassistant"]
    assert blueprint["description"]


async def test_snapshot_is_sent(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
) -> None:
    """The phone gets the new picture, not the one before: that is why it waits."""
    await online.send_snapshot(b"\xff\xd8\xff\xe0 an old picture \xff\xd9")
    await broker.settle()
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    online.faults.picture_by_upload = True
    await happen(hass, broker)

    (message,) = notified
    assert message.data["title"] == "Gate"
    assert message.data["message"].startswith("Picture taken at ")
    image = message.data["data"]["image"]
    assert image.startswith(f"/media/local/snapcam/{SN}/")
    assert picture(hass, image) == online.last_picture
    assert commands(online) == ["take_snapshot"]


async def test_several_cameras(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
) -> None:
    """Each picture comes by itself, and so does the reason why there is none."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA, SIDE_DOOR],
        phones=[annas_phone],
        title="Look",
        message="{{ camera_name }}: {{ trigger.event.event_type }}",
        then=TELL_SNAPSHOT,
    )
    await happen(hass, broker)
    for message, camera in zip(notified, (online, side_door), strict=True):
        assert message.data["title"] == "Look"
        assert picture(hass, message.data["data"]["image"]) == camera.last_picture
    assert [message.data["message"] for message in notified] == [
        "Gate: something_happens",
        "Side door: something_happens",
    ]
    assert [event.data["camera"] for event in told] == [CAMERA, SIDE_DOOR]
    assert [event.data["snapshot"]["url"] for event in told] == [
        message.data["data"]["image"] for message in notified
    ]

    notified.clear()
    told.clear()
    side_door.faults.ret = 7
    await happen(hass, broker)
    assert picture(hass, notified[0].data["data"]["image"]) == online.last_picture
    assert notified[1].data == {
        "title": "Look",
        "message": "No picture could be taken. Side door refused with code 7: refused",
    }
    assert [event.data["camera"] for event in told] == [CAMERA]


@pytest.mark.parametrize(
    ("inputs", "messages"),
    [
        ({}, [{"title": "Gate", "message": "No picture could be taken."}]),
        (
            {"failure_message": "Nothing from {{ camera_name }}"},
            [{"title": "Gate", "message": "Nothing from Gate"}],
        ),
        ({"notify_failure": False}, []),
    ],
)
async def test_snapshot_fails(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
    inputs: dict[str, Any],
    messages: list[dict[str, Any]],
) -> None:
    """The action raises if all cameras fail; people are told nevertheless, if at all."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
        then=TELL_SNAPSHOT,
        **inputs,
    )
    online.faults.picture = PictureFault.NOT_AN_IMAGE
    await happen(hass, broker)

    assert [message.data for message in notified] == messages
    assert told == []


async def test_phone_cannot_be_reached(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
    told: list[Event],
) -> None:
    """The other phones get the picture, and the rest is done."""
    async_mock_service(
        hass, "notify", "mobile_app_tablet", raise_exception=HomeAssistantError("off")
    )
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[phone(hass, "Tablet"), annas_phone],
        then=TELL_SNAPSHOT,
    )
    await happen(hass, broker)

    (message,) = notified
    assert picture(hass, message.data["data"]["image"]) == online.last_picture
    assert len(told) == 1


async def test_snapshot_is_not_stored(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
) -> None:
    """A full disk is no reason for a notification without the picture."""
    folder = Path(hass.config.media_dirs["local"], "snapcam")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SN).write_text("no folder")
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    await happen(hass, broker)

    (message,) = notified
    assert message.data["data"]["image"] == f"/api/camera_proxy/{CAMERA}"
    shown = await async_get_image(hass, CAMERA)
    assert shown.content == online.last_picture


async def test_triggered_again_meanwhile(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    annas_phone: str,
    notified: list[ServiceCall],
) -> None:
    """A motion sensor that triggers three times makes one notification."""
    await use_blueprint(
        "snapshot_on_trigger",
        triggers=SOMETHING_HAPPENS,
        cameras=[CAMERA],
        phones=[annas_phone],
    )
    online.faults.silent = True
    for _ in range(3):
        await happen(hass, broker)
    assert notified == []
    await pass_time(hass, broker, freezer, 21)

    assert len(notified) == 1
    assert "Already running" not in caplog.text


@pytest.mark.parametrize(
    ("name", "inputs"),
    [("snapshot_on_trigger", {"cameras": [CAMERA]}), ("open_door", {"camera": CAMERA})],
)
async def test_only_if(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    name: str,
    inputs: dict[str, Any],
) -> None:
    """Nothing is asked of the camera if people's own conditions are not met."""
    await use_blueprint(name, triggers=SOMETHING_HAPPENS, conditions=NEVER, **inputs)
    await happen(hass, broker)

    assert online.received == []


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


async def come_back(broker: Broker, camera: SimulatedCamera) -> None:
    """Let a camera be heard again."""
    broker.connect(camera)
    await camera.send_heartbeat()
    await broker.settle()


@pytest.mark.parametrize(
    "duration",
    [
        pytest.param({}, id="default"),
        pytest.param({"duration": {"minutes": 5}}, id="by the editor"),
        pytest.param({"duration": "00:05:00"}, id="text"),
        pytest.param({"duration": 300}, id="seconds"),
    ],
)
async def test_offline_alert(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
    duration: dict[str, Any],
) -> None:
    """Once when it has been offline for so long, and once when it is back."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
        **duration,
    )
    await go_offline(hass, broker, freezer, online)
    since = dt_util.now().isoformat()
    await pass_time(hass, broker, freezer, 298)
    assert told == []
    await pass_time(hass, broker, freezer, 3)
    known = {"camera_name": "Gate", "offline_since": since}
    assert [event.data for event in told] == [
        {"text": "offline", "minutes": 5, **known}
    ]

    await pass_time(hass, broker, freezer, 600)
    assert len(told) == 1
    await come_back(broker, online)
    assert [event.data for event in told[1:]] == [
        {"text": "back", "minutes": 15, **known}
    ]
    # As people read it: nobody is offline for 5.0 minutes.
    assert [str(event.data["minutes"]) for event in told] == ["5", "15"]


async def test_short_interruption(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """Who was not told that it is offline is not told that it is back."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    await go_offline(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 290)
    await come_back(broker, online)
    assert state(hass, CONNECTIVITY) == "on"
    await pass_time(hass, broker, freezer, 20)

    assert told == []


async def test_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """It says nothing of the cameras, so nobody is woken up for it."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY],
        offline_actions=alert("offline"),
        online_actions=alert("back"),
    )
    await broker.go_down()
    assert state(hass, CONNECTIVITY) == "unknown"
    await pass_time(hass, broker, freezer, 3600)
    await broker.come_back()
    await online.send_heartbeat()
    await broker.settle()
    assert state(hass, CONNECTIVITY) == "on"

    assert told == []


async def test_broker_is_down_before_the_alert(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """The time in which nobody knows does not count, but the alert comes."""
    await use_blueprint(
        "offline_alert", cameras=[CONNECTIVITY], offline_actions=alert("offline")
    )
    await go_offline(hass, broker, freezer, online)
    await pass_time(hass, broker, freezer, 200)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 3600)
    await broker.come_back()
    await pass_time(hass, broker, freezer, 299)
    assert told == []
    await pass_time(hass, broker, freezer, 2)

    assert [event.data["minutes"] for event in told] == [5]


async def test_two_cameras_are_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    side_door: SimulatedCamera,
    use_blueprint: UseBlueprint,
    told: list[Event],
) -> None:
    """The alert for one camera does not wait for that of another to be done."""
    await use_blueprint(
        "offline_alert",
        cameras=[CONNECTIVITY, "binary_sensor.side_door_connectivity"],
        offline_actions=[*alert("offline"), {"delay": 60}, *alert("still offline")],
    )
    await go_offline(hass, broker, freezer, online, side_door)
    await pass_time(hass, broker, freezer, 301)
    names = ["Gate", "Side door"]
    assert sorted(event.data["camera_name"] for event in told) == names
    await pass_time(hass, broker, freezer, 61)
    assert sorted(event.data["camera_name"] for event in told[2:]) == names


@pytest.fixture
async def far_east(hass: HomeAssistant) -> None:
    """Live where it is nine hours later than in Greenwich, summer and winter."""
    await hass.config.async_set_time_zone("Asia/Tokyo")


async def pass_until(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
    time: str,
) -> None:
    """Let it be a local time, a second after the camera was heard."""
    moment = datetime.fromisoformat(f"{time}+09:00")
    freezer.move_to(moment - timedelta(seconds=1))
    await camera.send_heartbeat()
    await broker.settle()
    camera.received.clear()
    await pass_time(hass, broker, freezer, 1)


WORKING_HOURS = {"after": "08:00:00", "before": "20:00:00"}
NIGHT = {"after": "20:00:00", "before": "06:00:00"}
WORKDAYS = {"weekdays": ["mon", "tue", "wed", "thu", "fri"]}
EVERY_SIXTH_HOUR = {"minutes": "0", "hours": "/6"}


@pytest.mark.parametrize(
    ("inputs", "time", "pictures"),
    [
        ({}, "2026-11-22T00:00:00", 1),
        ({}, "2026-11-22T23:45:00", 1),
        ({}, "2026-11-22T12:01:00", 0),
        (WORKING_HOURS, "2026-11-23T07:45:00", 0),
        (WORKING_HOURS, "2026-11-23T08:00:00", 1),
        (WORKING_HOURS, "2026-11-23T19:45:00", 1),
        (WORKING_HOURS, "2026-11-23T20:00:00", 0),
        (NIGHT, "2026-11-23T19:45:00", 0),
        (NIGHT, "2026-11-23T20:00:00", 1),
        (NIGHT, "2026-11-23T05:45:00", 1),
        (NIGHT, "2026-11-23T06:00:00", 0),
        # Saturday has begun in Tokyo, not in Greenwich; then Monday likewise.
        (WORKDAYS, "2026-11-28T08:00:00", 0),
        (WORKDAYS, "2026-11-30T08:00:00", 1),
        (EVERY_SIXTH_HOUR, "2026-11-23T18:00:00", 1),
        (EVERY_SIXTH_HOUR, "2026-11-23T18:15:00", 0),
        (EVERY_SIXTH_HOUR, "2026-11-23T17:00:00", 0),
    ],
)
async def test_schedule(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    far_east: None,
    gate: str,
    use_blueprint: UseBlueprint,
    inputs: dict[str, Any],
    time: str,
    pictures: int,
) -> None:
    """Pictures are taken at the times people chose, by their own clock, and then only."""
    freezer.move_to(datetime.fromisoformat(f"{time}+09:00") - timedelta(seconds=2))
    await use_blueprint("time_lapse", camera=gate, **inputs)
    await pass_until(hass, broker, freezer, online, time)

    assert commands(online) == pictures * ["take_snapshot"]


async def start_at_full_hour(
    hass: HomeAssistant,
    broker: Broker,
    freezer: FrozenDateTimeFactory,
    camera: SimulatedCamera,
) -> None:
    """Let it be just after a full hour, with a camera that was heard just then."""
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    freezer.move_to(hour + timedelta(hours=1))
    await camera.send_heartbeat()
    await pass_time(hass, broker, freezer, 1)
    camera.received.clear()


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


@pytest.mark.parametrize("minutes", INTERVALS)
async def test_interval(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
    minutes: str,
) -> None:
    """Pictures come at equal distances over the full hour, and each one is kept."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes=minutes)
    start = dt_util.utcnow()
    for _ in range(60):
        await online.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)

    media = Path(hass.config.media_dirs["local"])
    times = [
        datetime.fromtimestamp(path.stat().st_mtime, UTC)
        for path in media.glob(f"snapcam/{SN}/*/*.jpg")
    ]
    taken = [(time - start) // timedelta(minutes=1) for time in sorted(times)]
    assert taken == INTERVALS[minutes]


def test_choices() -> None:
    """All intervals are tested above; hours that divide no day would shift at midnight."""
    inputs = metadata("time_lapse")["input"]
    minutes = inputs["minutes"]["selector"]["select"]["options"]
    hours = inputs["when"]["input"]["hours"]["selector"]["select"]["options"]

    assert [option["value"] for option in minutes] == list(INTERVALS)
    assert {24 % int(option["value"].removeprefix("/")) for option in hours} == {0}


async def test_no_time_lapse_of_a_camera_that_is_off(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
) -> None:
    """It is not asked, nothing is logged or announced, and it goes on by itself."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes="/10")
    await go_offline(hass, broker, freezer, online)
    broker.published.clear()
    for _ in range(6):
        await pass_time(hass, broker, freezer, 600)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 600)
    await broker.come_back()
    assert broker.messages("control_cmd") == []
    assert state(hass, EVENT) == "unknown"
    assert errors(caplog) == []

    await come_back(broker, online)
    online.received.clear()
    for _ in range(10):
        await online.send_heartbeat()
        await pass_time(hass, broker, freezer, 60)
    assert commands(online) == ["take_snapshot"]


async def test_time_lapse_of_a_camera_that_fails(
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    gate: str,
    use_blueprint: UseBlueprint,
) -> None:
    """A picture that does not come is logged once, and the next one is taken."""
    await start_at_full_hour(hass, broker, freezer, online)
    await use_blueprint("time_lapse", camera=gate, minutes="/1")
    online.faults.ret = 7
    await pass_time(hass, broker, freezer, 60)
    await pass_time(hass, broker, freezer, 60)
    assert len(errors(caplog)) == 2
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "failed"
    online.faults.ret = 0
    await pass_time(hass, broker, freezer, 60)

    assert commands(online) == 3 * ["take_snapshot"]
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "captured"


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
) -> None:
    """The door first, then the picture of who comes in, then the door by itself."""
    await use_blueprint(
        "open_door",
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
