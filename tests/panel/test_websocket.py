"""What the panel is told of cameras and their pictures, and to whom."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from tests.broker import Broker
from tests.common import JPEG, pass_time, take, upload
from tests.const import BUTTON, CAMERA, EVENT, IMAGE, OTHER_SN, SN, TOPICS, UP
from tests.pictures.images import encode, scene, with_object
from tests.simulator import SimulatedCamera

from .common import DAYS, FILES, GONE_SN, ask, subscribe, told


@pytest.fixture
async def attic(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the entry of another camera, set up."""
    data = {"sn": OTHER_SN, **TOPICS}
    attic = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, title="Attic", data=data
    )
    attic.add_to_hass(hass)
    assert await hass.config_entries.async_setup(attic.entry_id)
    return attic


async def test_cameras(
    hass: HomeAssistant, client: MockHAClientWebSocket, online: SimulatedCamera
) -> None:
    """All there is to show of a camera that has just been added."""
    assert await subscribe(client) == [
        {
            "sn": SN,
            "former": [],
            "name": "Gate",
            "area": None,
            "area_id": None,
            "labels": [],
            "entities": {
                "camera": CAMERA,
                "image": IMAGE,
                "event": EVENT,
                "button": BUTTON,
            },
            "online": True,
            "connected": True,
            "last_seen": None,
            "newest": None,
        }
    ]


async def test_new_picture(
    hass: HomeAssistant,
    client: MockHAClientWebSocket,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A new picture is told at once, and then how it came."""
    await subscribe(client)
    broker.send(upload(), UP)
    await broker.settle()
    event = hass.states.get(EVENT)
    assert event is not None
    picture = {
        "name": event.attributes["media_content_id"].removeprefix(
            "media-source://snapcam/"
        ),
        "time": event.attributes["captured_at"],
    }

    for origin in (None, "uploaded"):
        news = await told(client)
        assert news["changed"][0]["newest"] == {**picture, "origin": origin}
        assert news["removed"] == []


async def test_picture_on_request(
    hass: HomeAssistant, client: MockHAClientWebSocket, online: SimulatedCamera
) -> None:
    """A picture somebody has asked for is told to be one."""
    await take(hass, CAMERA)
    (camera,) = await subscribe(client)

    assert camera["newest"]["origin"] == "captured"


async def test_silent(
    hass: HomeAssistant,
    client: MockHAClientWebSocket,
    broker: Broker,
    online: SimulatedCamera,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A camera that falls silent is told with when it was last heard, and its return.

    A heartbeat is nothing new, so what comes next is the silence.
    """
    await subscribe(client)
    await online.send_heartbeat()
    await pass_time(hass, broker, freezer, 1000)
    (camera,) = (await told(client))["changed"]

    assert camera["online"] is False
    assert camera["last_seen"] is not None
    await online.send_heartbeat()
    await broker.settle()
    (camera,) = (await told(client))["changed"]
    assert (camera["online"], camera["last_seen"]) == (True, None)


async def test_broker_is_lost(
    client: MockHAClientWebSocket, broker: Broker, online: SimulatedCamera
) -> None:
    """Without a broker no camera can be asked for anything."""
    await subscribe(client)
    await broker.go_down()
    (camera,) = (await told(client))["changed"]

    assert (camera["connected"], camera["online"]) == (False, True)


async def test_name_area_and_labels(
    hass: HomeAssistant, client: MockHAClientWebSocket, entry: MockConfigEntry
) -> None:
    """What people call a camera and where they say it is, as soon as they say so."""
    await subscribe(client)
    area = ar.async_get(hass).async_create("Garden")
    label = lr.async_get(hass).async_create("Night")
    other = lr.async_get(hass).async_create("Day")
    er.async_get(hass).async_update_entity(CAMERA, labels={other.label_id})
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier(("snapcam", SN), entry.entry_id)
    assert device is not None
    devices.async_update_device(
        device.id,
        area_id=area.id,
        labels={label.label_id},
        name_by_user="Garden gate",
    )
    (camera,) = (await told(client))["changed"]

    assert camera["name"] == "Garden gate"
    assert (camera["area"], camera["area_id"]) == ("Garden", area.id)
    assert camera["labels"] == [
        {"label_id": "day", "name": "Day"},
        {"label_id": "night", "name": "Night"},
    ]


async def test_cameras_come_and_go(
    hass: HomeAssistant, client: MockHAClientWebSocket, broker: Broker
) -> None:
    """A camera that is added shows up, a reloaded one is followed, a removed one goes."""
    await subscribe(client)
    data = {"sn": OTHER_SN, **TOPICS}
    attic = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, title="Attic", data=data
    )
    attic.add_to_hass(hass)
    assert await hass.config_entries.async_setup(attic.entry_id)
    assert await hass.config_entries.async_reload(attic.entry_id)
    camera = broker.connect(SimulatedCamera(sn=OTHER_SN))
    await camera.send_heartbeat()
    await broker.settle()
    await hass.config_entries.async_remove(attic.entry_id)
    await broker.settle()
    news = [await told(client)]
    while not news[-1]["removed"]:
        news.append(await told(client))

    changed = [camera for event in news for camera in event["changed"]]
    assert {camera["name"] for camera in changed} == {"Attic"}
    assert True in {camera["online"] for camera in changed}
    assert news[-1]["removed"] == [OTHER_SN]


async def test_unsubscribe(
    hass: HomeAssistant,
    client: MockHAClientWebSocket,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A panel that is closed is told nothing more, and costs nothing."""
    await subscribe(client)
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    assert (await client.receive_json())["success"]
    broker.send(upload(), UP)
    await broker.settle()
    await client.send_json_auto_id({"type": "ping"})

    assert (await client.receive_json())["type"] == "pong"


async def test_days(client: MockHAClientWebSocket, library: Path) -> None:
    """The days of a camera, the latest first; of all cameras together, too."""
    (library / SN / "2026-01-04").mkdir()

    assert (await ask(client, "days", sn=SN))["result"] == {
        "days": [{"day": day, "count": 3} for day in reversed(DAYS)]
    }
    assert (await ask(client, "days"))["result"] == {
        "days": [{"day": DAYS[1], "count": 3}, {"day": DAYS[0], "count": 6}]
    }
    assert (await ask(client, "days", sn="300000000003"))["result"] == {"days": []}


async def test_pictures(client: MockHAClientWebSocket, library: Path) -> None:
    """The pictures of a day, the newest first, and where Home Assistant serves them."""
    assert (await ask(client, "pictures", sn=SN, day=DAYS[0]))["result"] == {
        "pictures": [f"{SN}/{DAYS[0]}/{file}" for file in reversed(FILES)],
        "total": 3,
        "more": False,
        "url": "/media/local/snapcam",
    }


async def test_pictures_of_all(client: MockHAClientWebSocket, library: Path) -> None:
    """All cameras together are one stream, in the order of time."""
    answer = await ask(client, "pictures", day=DAYS[0])

    assert answer["result"]["pictures"] == [
        f"{sn}/{DAYS[0]}/{file}" for file in reversed(FILES) for sn in (SN, GONE_SN)
    ]


async def test_pages(client: MockHAClientWebSocket, library: Path) -> None:
    """The next page begins where the one before ended, whatever has come meanwhile."""
    first = (await ask(client, "pictures", day=DAYS[0], limit=4))["result"]
    (library / SN / DAYS[0] / "235959-999999.jpg").write_bytes(JPEG)
    last = first["pictures"][-1]
    second = (await ask(client, "pictures", day=DAYS[0], limit=4, before=last))[
        "result"
    ]

    assert (first["total"], first["more"]) == (6, True)
    assert (second["total"], second["more"]) == (7, False)
    assert [*first["pictures"], *second["pictures"]] == [
        f"{sn}/{DAYS[0]}/{file}" for file in reversed(FILES) for sn in (SN, GONE_SN)
    ]


async def test_changes(client: MockHAClientWebSocket, library: Path) -> None:
    """Those pictures of a day that show something new are told, some more each time."""
    day = library / SN / DAYS[0]
    view, news = scene().resize((320, 180)), with_object(0.03, 240)(scene())
    for path in day.iterdir():
        path.unlink()
    for number in range(60):
        content = encode(view, 70 + number % 20)
        (day / f"04{number:02}00-000000.jpg").write_bytes(content)
    (day / "041000-000000.jpg").write_bytes(encode(news.resize((320, 180))))
    (day / "042000-000000.jpg").rename(day / "042000-000000.kept.jpg")
    (day / "043000-000000.jpg").write_bytes(JPEG)
    first = (await ask(client, "changes", sn=SN, day=DAYS[0]))["result"]
    second = (await ask(client, "changes", sn=SN, day=DAYS[0]))["result"]

    assert (first["looked"], first["more"]) == (50, True)
    assert (second["looked"], second["more"]) == (60, False)
    found = second["news"]
    seen = found.pop(f"{SN}/{DAYS[0]}/041000-000000.jpg")
    assert 10 <= seen <= 25
    # Nothing is before the first one, and the other is no picture.
    names = [f"{SN}/{DAYS[0]}/04{minute}00-000000.jpg" for minute in ("00", "30")]
    assert found == dict.fromkeys(names)


async def test_changes_that_nobody_may_see(
    guest: MockHAClientWebSocket, library: Path
) -> None:
    """A guest is told of the pictures of a camera no more than that it is not there."""
    answer = await ask(guest, "changes", sn=SN, day=DAYS[0])

    assert answer["error"]["translation_key"] == "camera_not_found"


@pytest.mark.parametrize("day", ["..", "2026-01-09", "", "/etc", "2026-01-02/.."])
async def test_no_such_day(
    client: MockHAClientWebSocket, library: Path, day: str
) -> None:
    """What is no day of pictures has none, and nobody leaves the folder by it."""
    assert (await ask(client, "pictures", sn=SN, day=day))["result"]["pictures"] == []
    assert (await ask(client, "changes", sn=SN, day=day))["result"]["news"] == {}


async def test_guests_see_what_they_may(
    guest: MockHAClientWebSocket, attic: MockConfigEntry, library: Path
) -> None:
    """Who may not read a camera's entity does not learn that there is such a camera.

    Nor of those that are not set up any more.
    """
    folder = library / OTHER_SN / DAYS[0]
    folder.mkdir(parents=True)
    (folder / FILES[0]).write_bytes(JPEG)

    assert [camera["name"] for camera in await subscribe(guest)] == ["Attic"]
    assert (await ask(guest, "days"))["result"]["days"] == [
        {"day": DAYS[0], "count": 1}
    ]
    answer = await ask(guest, "pictures", day=DAYS[0])
    assert answer["result"]["pictures"] == [f"{OTHER_SN}/{DAYS[0]}/{FILES[0]}"]
    for sn in (SN, GONE_SN, "300000000003"):
        for command, more in (("days", {}), ("pictures", {"day": DAYS[0]})):
            error = (await ask(guest, command, sn=sn, **more))["error"]
            assert error["translation_domain"] == "snapcam"
            assert error["translation_key"] == "camera_not_found"


async def test_guests_are_told_of_what_they_may_see(
    hass: HomeAssistant,
    guest: MockHAClientWebSocket,
    attic: MockConfigEntry,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A picture of a camera somebody may not see is not told to them."""
    await subscribe(guest)
    broker.send(upload(), UP)
    await broker.settle()
    await guest.send_json_auto_id({"type": "ping"})

    assert (await guest.receive_json())["type"] == "pong"
