"""The action that makes a video of stored pictures."""

import io
from pathlib import Path
import shutil
import threading
from typing import Any

from homeassistant.components.media_source import async_resolve_media
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from ..const import CAMERA, OTHER_SN, SN, TOPICS
from .common import DAY, close_to, create, draw, films, play, put, shades

pytestmark = pytest.mark.usefixtures("now")

FILE = f"{DAY}-0600_{DAY}-0604.mp4"


async def test_video(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, media: Path
) -> None:
    """The response leads to a video of exactly the pictures, in their order."""
    put(media, *map(draw, shades(5)))
    response = (await create(hass, period="yesterday"))[CAMERA]
    name = f"{SN}/timelapse/{FILE}"

    assert response == {
        "media_content_id": f"media-source://snapcam/{name}",
        "url": f"/media/local/snapcam/{name}",
        "frames": 5,
        "skipped": 0,
        "duration": 0.5,
    }
    assert films(media) == [FILE]
    seen = play(media / "snapcam" / name)
    assert (seen.codec, seen.size, float(seen.seconds)) == ("h264", (320, 180), 0.5)
    assert close_to(seen.colours(), shades(5))
    served = await (await hass_client()).get(response["url"])
    assert served.content_type == "video/mp4"
    content = await served.read()
    assert content == (media / "snapcam" / name).read_bytes()
    # Players need the index first, or they ask for the whole file.
    assert content.index(b"moov") < content.index(b"mdat")
    played = await async_resolve_media(hass, response["media_content_id"], None)
    assert (played.mime_type, played.url) == ("video/mp4", response["url"])


async def test_colours(hass: HomeAssistant, media: Path) -> None:
    """A player shows the colours of the pictures: it is told how they are written."""
    colours = [(220, 30, 30), (30, 200, 40), (40, 60, 210)]
    put(media, *map(draw, colours))
    await create(hass, period="yesterday")
    (file,) = films(media)

    assert close_to(
        play(media / "snapcam" / SN / "timelapse" / file).colours(), colours
    )


async def test_damaged_pictures(hass: HomeAssistant, media: Path) -> None:
    """What cannot be shown is left out and counted, whatever is wrong with it."""
    noise = io.BytesIO()
    Image.effect_noise((320, 180), 50).save(noise, "JPEG")
    huge = io.BytesIO()
    Image.new("1", (5000, 5000)).save(huge, "PNG")
    progressive = io.BytesIO()
    Image.new("L", (3500, 3500)).save(progressive, "JPEG", progressive=True)
    paths = put(
        media,
        draw((40, 40, 40)),
        progressive.getvalue(),
        noise.getvalue()[:2000],
        b"no picture",
        b"",
        huge.getvalue(),
        draw((90, 90, 90)),
        draw((0, 0, 0)),
    )
    paths[-1].unlink()
    paths[-1].mkdir()
    response = (await create(hass, period="yesterday", fps=2))[CAMERA]

    assert {key: response[key] for key in ("frames", "skipped", "duration")} == {
        "frames": 2,
        "skipped": 6,
        "duration": 1.0,
    }
    (file,) = films(media)
    seen = play(media / "snapcam" / SN / "timelapse" / file)
    assert close_to(seen.colours(), [(40, 40, 40), (90, 90, 90)])


async def test_mixed_sizes_and_types(hass: HomeAssistant, media: Path) -> None:
    """The most frequent size counts; the others get bars and are not distorted."""
    red = (200, 30, 30)
    put(
        media,
        draw(red, (180, 180), "PNG"),
        draw(red),
        draw(red, (640, 120)),
        draw(red, kind="WEBP"),
        draw(red, (640, 360), "WEBP"),
    )
    await create(hass, period="yesterday")
    seen = play(media / "snapcam" / SN / "timelapse" / FILE)
    black = (0, 0, 0)

    assert seen.size == (320, 180)
    assert close_to(seen.colours(), [red] * 5)
    assert close_to(seen.colours(0.02, 0.5), [black, red, red, red, red])
    assert close_to(seen.colours(0.5, 0.02), [red, red, black, red, red])


@pytest.mark.parametrize(
    ("picture", "height", "video"),
    [
        pytest.param((1280, 720), "360", (640, 360), id="smaller"),
        pytest.param((320, 180), "720", (320, 180), id="never larger"),
        pytest.param((321, 181), None, (320, 180), id="even"),
        pytest.param((2560, 1440), None, (1920, 1080), id="as phones can play it"),
        pytest.param((720, 1280), 360, (202, 360), id="upright"),
    ],
)
async def test_height(
    hass: HomeAssistant,
    media: Path,
    picture: tuple[int, int],
    height: Any,
    video: tuple[int, int],
) -> None:
    """A video is as high as wanted, if the pictures are, and in even pixels."""
    put(media, *(draw(shade, picture) for shade in shades(2)))
    await create(hass, period="yesterday", **({"height": height} if height else {}))
    (file,) = films(media)

    assert play(media / "snapcam" / SN / "timelapse" / file).size == video


async def test_stamp(hass: HomeAssistant, media: Path) -> None:
    """Each picture says when it was taken, where it hides least."""
    put(media, *map(draw, shades(5)))
    await create(hass, period="yesterday")
    plain = play(media / "snapcam" / SN / "timelapse" / FILE)
    await create(hass, period="yesterday", stamp=True)
    stamped = play(media / "snapcam" / SN / "timelapse" / FILE)
    corner = (0, 165, 130, 180)

    lightest = [
        [picture.crop(corner).convert("L").getextrema()[1] for picture in seen.pictures]
        for seen in (plain, stamped)
    ]
    assert max(lightest[0]) < 100
    assert min(lightest[1]) > 200
    assert close_to(stamped.colours(), plain.colours())


async def test_all_that_can_be_asked_for(hass: HomeAssistant, media: Path) -> None:
    """Pictures are chosen by day, hours and interval, and fill the length given."""
    for day in ("2026-11-24", "2026-11-25", DAY):
        put(media, *[draw((90, 90, 90))] * 120, day=day)
    response = (
        await create(
            hass,
            start="2026-11-25 00:00:00",
            end="2026-11-26 07:10:00",
            between={"after": "06:30:00", "before": "07:30:00"},
            every={"minutes": 10},
            seconds=24,
        )
    )[CAMERA]

    assert response["frames"] == 12
    assert response["duration"] == 24
    assert response["url"].endswith("/2026-11-25-0630_2026-11-26-0709.mp4")


async def test_more_than_fit(hass: HomeAssistant, media: Path) -> None:
    """Pictures beyond what a video has room for are left out evenly, and counted."""
    put(media, *[draw((90, 90, 90), (64, 36))] * 90)
    response = (await create(hass, period="yesterday", seconds=2))[CAMERA]

    assert (response["frames"], response["skipped"]) == (60, 30)
    assert response["duration"] == 2


@pytest.mark.parametrize(
    "pictures",
    [[], [draw((9, 9, 9))], [draw((9, 9, 9)), b"no picture"], [b"no", b"picture"]],
)
async def test_too_few_pictures(
    hass: HomeAssistant, media: Path, pictures: list[bytes]
) -> None:
    """One picture is no video; who asks for it is told, and nothing is left."""
    put(media, *pictures)
    with pytest.raises(ServiceValidationError) as raised:
        await create(hass, period="yesterday")

    assert raised.value.translation_key == "too_few_pictures"
    assert films(media) == []


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "no_period"),
        ({"period": "yesterday", "start": "2026-11-26 00:00:00"}, "no_period"),
        (
            {"start": "2026-11-26 12:00:00", "end": "2026-11-26 06:00:00"},
            "start_after_end",
        ),
        ({"start": "2027-01-01 00:00:00"}, "start_after_end"),
    ],
)
async def test_no_such_time(
    hass: HomeAssistant, data: dict[str, Any], key: str
) -> None:
    """A time that is none is the mistake of who asks."""
    with pytest.raises(ServiceValidationError) as raised:
        await create(hass, **data)

    assert raised.value.translation_key == key


@pytest.mark.parametrize(
    "data",
    [
        {"seconds": 10, "fps": 10},
        {"seconds": 0},
        {"fps": 1000},
        {"height": "4320"},
        {"every": {"seconds": 0}},
        {"between": {"after": "06:00:00"}},
        {"period": "tomorrow"},
    ],
)
async def test_not_a_wish(hass: HomeAssistant, data: dict[str, Any]) -> None:
    """What cannot be meant is refused before anything is done."""
    with pytest.raises(vol.Invalid):
        await create(hass, **{"period": "yesterday"} | data)


async def test_several_cameras(hass: HomeAssistant, media: Path) -> None:
    """One without pictures is told in the response, and does not spoil the others'."""
    other = MockConfigEntry(
        domain="snapcam",
        unique_id=OTHER_SN,
        title="Yard",
        data={"sn": OTHER_SN, **TOPICS},
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    put(media, *map(draw, shades(5)), sn=OTHER_SN)
    response = await create(hass, CAMERA, "camera.yard", period="yesterday")

    assert response["camera.yard"]["frames"] == 5
    assert response[CAMERA]["error"].startswith("Gate has fewer than two pictures")
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "snapcam",
            "create_timelapse",
            {"entity_id": [CAMERA, "camera.yard"], "period": "yesterday"},
            blocking=True,
        )


async def test_filename(hass: HomeAssistant, media: Path, tmp_path: Path) -> None:
    """The video is written where it is wanted too, if that is allowed."""
    put(media, *map(draw, shades(5)))
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    copy = tmp_path / "new" / "gate.mp4"
    await create(hass, period="yesterday", filename=str(copy))
    assert (
        copy.read_bytes() == (media / "snapcam" / SN / "timelapse" / FILE).read_bytes()
    )

    with pytest.raises(ServiceValidationError) as refused:
        await create(hass, period="yesterday", filename="/etc/gate.mp4")
    with pytest.raises(HomeAssistantError) as failed:
        await create(hass, period="yesterday", filename=str(tmp_path))
    assert refused.value.translation_key == "filename_not_allowed"
    assert failed.value.translation_key == "film_not_written"


async def test_copy_takes_no_thread_of_home_assistant(
    hass: HomeAssistant, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder for media may hang whenever it is read, and so may where it goes."""
    put(media, *map(draw, shades(5)))
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    threads: list[str] = []
    copy = shutil.copyfile

    def note(source: Path, target: Path) -> None:
        threads.append(threading.current_thread().name)
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", note)
    await create(hass, period="yesterday", filename=str(tmp_path / "gate.mp4"))

    assert [name.partition("_")[0] for name in threads] == ["snapcam"]


async def test_media_browser(
    hass: HomeAssistant, hass_ws_client: Any, media: Path
) -> None:
    """Videos are found below their camera, before its days, in people's language."""
    put(media, *map(draw, shades(5)))
    await create(hass, period="yesterday")
    (media / "snapcam" / SN / "timelapse" / f"{DAY}.mp4").write_bytes(b"a day")
    (media / "snapcam" / SN / "timelapse" / "holiday.mp4").write_bytes(b"foreign")
    hass.config.language = "zh-Hans"
    client = await hass_ws_client(hass)

    async def ask(verb: str, identifier: str, **more: Any) -> list[tuple[str, str]]:
        content_id = f"media-source://snapcam{'/' * bool(identifier)}{identifier}"
        await client.send_json_auto_id(
            {"type": f"media_source/{verb}_media", "media_content_id": content_id}
            | more
        )
        result = (await client.receive_json())["result"]
        return [
            (child["title"], child["media_class"])
            for child in result.get("children") or result.get("result")
        ]

    assert await ask("browse", SN) == [
        ("最新", "directory"),
        ("延时视频", "directory"),
        ("昨天 · 5", "directory"),
    ]
    span = (f"{DAY} 06:00 – 06:04 · Gate", "video")
    expected = [(f"{DAY} · Gate", "video"), span]
    assert await ask("browse", f"{SN}/timelapse") == expected
    assert await ask("search", SN, search_query="06:04") == [
        span,
        ("06:04:00 · 昨天 · Gate", "image"),
    ]
    assert await ask("search", f"{SN}/timelapse", search_query="06:04") == [span]
    assert (
        await ask("search", "", search_query=DAY, media_filter_classes=["video"])
        == expected
    )


@pytest.mark.parametrize(
    "name",
    [
        f"{SN}/timelapse",
        f"{SN}/{DAY}.mp4",
        f"{SN}/timelapse/holiday.mp4",
        f"{SN}/timelapse/../{DAY}/secret.mp4",
        f"../timelapse/{DAY}.mp4",
        f"{SN}/timelapse/{DAY}.avi",
    ],
)
async def test_nothing_else_is_a_video(
    hass: HomeAssistant, media: Path, name: str
) -> None:
    """The media source gives nobody what is no video of ours."""
    for folder in (SN, f"{SN}/timelapse", "timelapse", "../timelapse"):
        (media / "snapcam" / folder).mkdir(parents=True, exist_ok=True)
        for file in (f"{DAY}.mp4", f"{DAY}.avi", "holiday.mp4"):
            (media / "snapcam" / folder / file).write_bytes(b"secret")
    with pytest.raises(HomeAssistantError):
        await async_resolve_media(hass, f"media-source://snapcam/{name}", None)
