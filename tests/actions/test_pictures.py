"""The actions that keep pictures, and delete them."""

from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_source import async_resolve_media
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from tests.broker import Broker
from tests.common import JPEG, pass_time, state, upload
from tests.const import CAMERA, EVENT, IMAGE, OTHER_SN, SN, UP
from tests.simulator import SimulatedCamera

DAY = "2026-01-02"
NOON = f"{SN}/{DAY}/120000-000000"


@pytest.fixture
def library(media: Path) -> Path:
    """Return the folder of the pictures: one for each hour of a day, and the next."""
    folder = media / "snapcam"
    for day in (DAY, "2026-01-03"):
        (folder / SN / day).mkdir(parents=True)
        for hour in range(24):
            (folder / SN / day / f"{hour:02}0000-000000.jpg").write_bytes(JPEG)
    return folder


def kept(library: Path) -> set[str]:
    """Return which pictures are kept."""
    return {path.name[:2] for path in library.glob(f"{SN}/{DAY}/*.kept.jpg")}


def media_content_id(name: str) -> str:
    """Return how others know a picture."""
    return f"media-source://snapcam/{name}"


async def act(hass: HomeAssistant, action: str, **data: Any) -> int:
    """Perform an action on the camera, and return with how many pictures."""
    response: Any = await hass.services.async_call(
        "snapcam",
        f"{action}_pictures",
        {"entity_id": CAMERA, **data},
        blocking=True,
        return_response=True,
    )
    count: int = response[CAMERA]["count"]
    return count


async def test_kept_picture_is_shown_by_its_former_name(
    hass: HomeAssistant, library: Path, entry: MockConfigEntry
) -> None:
    """Who remembers it from before is led to the file as it is called now."""
    old = media_content_id(f"{NOON}.jpg")
    await act(hass, "keep", media_content_id=old)
    resolved = await async_resolve_media(hass, old, None)

    assert resolved.url.endswith(f"{NOON}.kept.jpg")
    assert resolved.path is not None
    assert resolved.path.is_file()


async def test_keep(hass: HomeAssistant, library: Path, entry: MockConfigEntry) -> None:
    """A kept picture says so in its name, and no longer when it is let go.

    It is known by either name, and what is done already is not done again.
    """
    old, new = media_content_id(f"{NOON}.jpg"), media_content_id(f"{NOON}.kept.jpg")

    assert await act(hass, "keep", media_content_id=old) == 1
    assert kept(library) == {"12"}
    assert await act(hass, "keep", media_content_id=[old, new]) == 0
    assert await act(hass, "keep", media_content_id=[old, new], keep=False) == 1
    assert kept(library) == set()
    assert await act(hass, "keep", media_content_id=old, keep=False) == 0


@pytest.mark.parametrize(
    ("chosen", "hours"),
    [
        ({"start": f"{DAY} 21:30:00", "end": "2026-01-02 23:00:00"}, {"22", "23"}),
        ({"end": f"{DAY} 01:00:00"}, {"00", "01"}),
        ({"start": f"{DAY} 22:00:00", "end": "2026-01-03 05:00:00"}, {"22", "23"}),
        (
            {"start": f"{DAY}T13:00:00-08:00", "end": f"{DAY}T14:00:00-08:00"},
            {"13", "14"},
        ),
        ({"start": "2026-01-04 00:00:00"}, set()),
    ],
)
async def test_keep_a_time(
    hass: HomeAssistant,
    library: Path,
    entry: MockConfigEntry,
    chosen: dict[str, str],
    hours: set[str],
) -> None:
    """All pictures of a time are kept, by Home Assistant's clock or with a time zone."""
    await act(hass, "keep", **chosen)

    assert kept(library) == hours


async def test_delete(
    hass: HomeAssistant, library: Path, entry: MockConfigEntry
) -> None:
    """Pictures are deleted by name or by time, kept ones as well."""
    noon = media_content_id(f"{NOON}.jpg")
    await act(hass, "keep", media_content_id=noon)

    assert await act(hass, "delete", media_content_id=[noon, noon]) == 1
    assert await act(hass, "delete", media_content_id=noon) == 0
    chosen = {"start": f"{DAY} 00:00:00", "end": f"{DAY} 23:59:59"}
    assert await act(hass, "delete", **chosen) == 23
    assert not list(library.glob(f"{SN}/{DAY}/*"))
    assert len(list(library.glob(f"{SN}/2026-01-03/*"))) == 24


@pytest.mark.parametrize("action", ["keep", "delete"])
@pytest.mark.parametrize(
    "name",
    [
        f"{OTHER_SN}/{DAY}/120000-000000.jpg",
        f"{SN}/../secret.jpg",
        f"{SN}/{DAY}/120000-000000.gif",
    ],
)
async def test_not_of_the_camera(
    hass: HomeAssistant, library: Path, entry: MockConfigEntry, action: str, name: str
) -> None:
    """What is not a picture of the camera is left alone, whatever it is called."""
    for path in (library / name, library / "secret.jpg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)

    assert await act(hass, action, media_content_id=media_content_id(name)) == 0
    assert (library / name).exists()
    assert (library / "secret.jpg").exists()


@pytest.mark.parametrize("action", ["keep", "delete"])
async def test_nothing_chosen(
    hass: HomeAssistant, library: Path, entry: MockConfigEntry, action: str
) -> None:
    """Nobody means all pictures by saying nothing, nor any by something else's name."""
    with pytest.raises(ServiceValidationError):
        await act(hass, action)
    with pytest.raises(vol.Invalid):
        await act(hass, action, media_content_id="/etc/passwd")

    assert len(list(library.glob(f"{SN}/{DAY}/*"))) == 24


async def test_delete_is_for_administrators(
    hass: HomeAssistant,
    library: Path,
    entry: MockConfigEntry,
    hass_read_only_user: MockUser,
) -> None:
    """Nobody else can destroy what somebody may need."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "snapcam",
            "delete_pictures",
            {"entity_id": CAMERA, "start": f"{DAY} 00:00:00"},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_disk_refuses(
    hass: HomeAssistant,
    library: Path,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who cannot delete pictures is told why."""

    def refuse(path: Path, *, missing_ok: bool) -> None:
        raise PermissionError(1, "Operation not permitted", path)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "delete", media_content_id=media_content_id(f"{NOON}.jpg"))

    assert raised.value.translation_placeholders == {
        "name": "Gate",
        "error": "Operation not permitted",
    }


async def test_kept_pictures_survive_the_limits(
    hass: HomeAssistant,
    library: Path,
    broker: Broker,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Neither their age, nor their number, nor their size costs a kept picture.

    They do not count, either: as many others are there as if there were none.
    """
    await act(hass, "keep", start=f"{DAY} 00:00:00", end=f"{DAY} 11:00:00")
    options = {"keep_days": 30, "keep_count": 2, "keep_mib": 1024}
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)
    for number in range(3):
        broker.send(upload(JPEG, request_id=f"{number}"), UP)
        await broker.settle()
    for _ in range(2):
        await pass_time(hass, broker, freezer, 3600)

    assert len(kept(library)) == 12
    limited = [path for path in library.glob(f"{SN}/*/*") if ".kept." not in path.name]
    assert len(limited) == 2


async def test_the_shown_picture(
    hass: HomeAssistant,
    library: Path,
    broker: Broker,
    online: SimulatedCamera,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Kept, the newest picture is still shown; deleted, the one before it is."""
    client = await hass_ws_client(hass)
    broker.send(upload(), UP)
    await broker.settle()
    event = hass.states.get(EVENT)
    assert event is not None
    name = event.attributes["media_content_id"]
    shown = state(hass, IMAGE)
    await act(hass, "keep", media_content_id=name)
    await client.send_json_auto_id({"type": "snapcam/cameras"})
    assert (await client.receive_json())["success"]
    camera = (await client.receive_json())["event"]["cameras"][0]

    assert camera["newest"]["name"].endswith(".kept.jpg")
    assert camera["newest"]["origin"] == "uploaded"
    assert state(hass, IMAGE) == shown
    await act(hass, "delete", media_content_id=name)
    camera = (await client.receive_json())["event"]["changed"][0]
    assert camera["newest"]["name"] == f"{SN}/2026-01-03/230000-000000.jpg"
    assert state(hass, IMAGE) != shown
    await act(hass, "delete", end=dt_util.now().isoformat())
    camera = (await client.receive_json())["event"]["changed"][0]
    assert camera["newest"] is None
    assert state(hass, IMAGE) == "unknown"
