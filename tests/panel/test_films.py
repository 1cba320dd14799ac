"""The videos of a day in the panel: made, given up and found, by whom, and by several."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
import shutil
import sys
import threading
from types import SimpleNamespace
from typing import Any

import av
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.const import CAMERA, SN
from tests.timelapse.common import DAY, draw, films, play, put, shades

from .common import Json, ask, told

FILE = f"{DAY}-0600_{DAY}-0604.mp4"
TITLE = f"{DAY} 06:00 – 06:04"
URL = f"/media/local/snapcam/{SN}/timelapse"
OF = {"sn": SN, "day": DAY}
NOTHING = {"percent": None, "made": None, "error": None, "films": [], "may_make": True}


@pytest.fixture
def pictures(media: Path) -> list[Path]:
    """Return five pictures of a day."""
    return put(media, *map(draw, shades(5)))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold each video at its beginning until this is set."""
    opened, real = threading.Event(), av.open

    def hold(*args: Any, **kwargs: Any) -> Any:
        assert opened.wait(30)
        return real(*args, **kwargs)

    monkeypatch.setattr(av, "open", hold)
    yield opened
    opened.set()


async def until(client: MockHAClientWebSocket, is_it: Callable[[Json], bool]) -> Json:
    """Return what a subscription tells when it is so, whatever is answered meanwhile."""
    while True:
        message: Json = await client.receive_json()
        news: Json | None = message.get("event")
        if news is not None and is_it(news):
            return news


def ended(news: Json) -> bool:
    """Return whether no video is being made."""
    return news["percent"] is None


async def follow(client: MockHAClientWebSocket) -> Json:
    """Follow the videos of the day, and return what is told first."""
    assert (await ask(client, "films", **OF))["success"]
    return await told(client)


async def test_made(
    client: MockHAClientWebSocket, media: Path, pictures: list[Path]
) -> None:
    """How much is done is told all the time, and where the video is at the end."""
    assert await follow(client) == NOTHING
    await client.send_json_auto_id({"type": "snapcam/make_film", **OF})
    percent = []

    def note(news: Json) -> bool:
        percent.append(news["percent"])
        return ended(news)

    news = await until(client, note)
    assert percent == [-1, 0, 20, 40, 60, 80, None]
    assert news == {
        "percent": None,
        "made": f"{SN}/timelapse/{FILE}",
        "error": None,
        "films": [{"title": TITLE, "url": f"{URL}/{FILE}"}],
        "may_make": True,
    }
    assert len(play(media / "snapcam" / SN / "timelapse" / FILE).pictures) == 5


async def test_videos_of_a_day(client: MockHAClientWebSocket, media: Path) -> None:
    """All that show this day alone are there, also the one that was made by itself."""
    folder = media / "snapcam" / SN / "timelapse"
    folder.mkdir(parents=True)
    for file in (
        FILE,
        f"{DAY}.webm",
        f"{DAY}-0600_2026-11-27-0600.mp4",
        "2026-11-25.mp4",
        "mine.mp4",
    ):
        (folder / file).write_bytes(b"video")
    news = await follow(client)

    assert [film["title"] for film in news["films"]] == [DAY, TITLE]


async def test_cancelled(
    client: MockHAClientWebSocket,
    media: Path,
    pictures: list[Path],
    gate: threading.Event,
) -> None:
    """Whoever gives it up is rid of it, and nothing is left."""
    await follow(client)
    await client.send_json_auto_id({"type": "snapcam/make_film", **OF})
    await until(client, lambda news: news["percent"] == 0)
    await client.send_json_auto_id({"type": "snapcam/cancel_film", **OF})
    gate.set()

    assert await until(client, ended) == NOTHING
    assert films(media) == []


async def test_two_browsers(
    hass: HomeAssistant,
    client: MockHAClientWebSocket,
    hass_ws_client: WebSocketGenerator,
    pictures: list[Path],
    gate: threading.Event,
) -> None:
    """It is made once for all who want it, also if who began it has gone meanwhile."""
    assert (await ask(client, "make_film", **OF))["success"]
    other = await hass_ws_client(hass)
    assert (await follow(other))["percent"] in (-1, 0)
    await other.send_json_auto_id({"type": "snapcam/make_film", **OF})
    await client.close()
    gate.set()
    news = await until(other, ended)

    assert news["made"] == f"{SN}/timelapse/{FILE}"
    assert [film["title"] for film in news["films"]] == [TITLE]


async def test_unfollowed(
    client: MockHAClientWebSocket, media: Path, pictures: list[Path]
) -> None:
    """Whoever has closed the panel finds the video later."""
    assert (await ask(client, "make_film", **OF))["success"]
    while films(media) != [FILE]:
        await asyncio.sleep(0)
    news = await follow(client)

    assert [film["title"] for film in news["films"]] == [TITLE]


async def failure(client: MockHAClientWebSocket) -> Json:
    """Have a video made, and return why there is none, as told to who comes later."""
    await follow(client)
    await client.send_json_auto_id({"type": "snapcam/make_film", **OF})
    news = await until(client, ended)
    later = await follow(client)
    assert later["error"] == news["error"] is not None
    error: Json = later["error"]
    return error


async def test_pictures_vanish(
    client: MockHAClientWebSocket, media: Path, pictures: list[Path]
) -> None:
    """A day whose pictures are gone by then has no video, and words that say so."""
    for path in pictures:
        path.unlink()

    error = await failure(client)
    assert error["translation_key"] == "too_few_pictures"
    assert error["translation_placeholders"] == {"name": "Gate"}
    assert error["message"].startswith("Gate has fewer than two pictures")
    put(media, *map(draw, shades(5)))
    await client.send_json_auto_id({"type": "snapcam/make_film", **OF})
    assert (await until(client, ended))["error"] is None


async def test_no_pyav(
    client: MockHAClientWebSocket,
    pictures: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who has nothing to make videos with is told what to do."""
    monkeypatch.setitem(sys.modules, "av", None)

    assert (await failure(client))["translation_key"] == "no_encoder"


async def test_disk_full(
    client: MockHAClientWebSocket,
    media: Path,
    pictures: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk is told, and nothing is left."""
    full = SimpleNamespace(total=100, used=100, free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)

    assert (await failure(client))["translation_key"] == "no_space"
    assert films(media) == []


@pytest.mark.parametrize("command", ["films", "make_film", "cancel_film"])
async def test_guest(
    guest: MockHAClientWebSocket, media: Path, pictures: list[Path], command: str
) -> None:
    """For who may not see a camera there is none."""
    answer = await ask(guest, command, **OF)

    assert answer["error"]["translation_key"] == "camera_not_found"
    assert films(media) == []


async def test_may_only_look(
    guest: MockHAClientWebSocket,
    hass_read_only_user: MockUser,
    entry: MockConfigEntry,
    pictures: list[Path],
) -> None:
    """Who may see a camera but do nothing with it finds its videos, and makes none."""
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {CAMERA: {"read": True}}}}
    )

    assert (await follow(guest))["may_make"] is False
    for command in ("make_film", "cancel_film"):
        assert not (await ask(guest, command, **OF))["success"]


@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "0001-01-01", "9999-12-31"])
async def test_no_day(client: MockHAClientWebSocket, day: str) -> None:
    """A day that is none is refused."""
    for command in ("films", "make_film", "cancel_film"):
        answer = await ask(client, command, sn=SN, day=day)
        assert answer["error"]["code"] == "invalid_format"
