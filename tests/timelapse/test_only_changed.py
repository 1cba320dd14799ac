"""Videos of only those pictures that show something new."""

from pathlib import Path
import shutil

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ..const import CAMERA, SN
from ..pictures.images import encode, scene, with_object
from .common import DAY, close_to, create, films, play, put

pytestmark = pytest.mark.usefixtures("now")


def quiet_day(media: Path, count: int, *news: int) -> list[Path]:
    """Put pictures of one view on the disk, and something white into some of them."""
    seen = (
        with_object(0.03, 240)(scene()).resize((640, 360)),
        scene().resize((640, 360)),
    )
    # As no camera sends the same bytes twice, these differ as well.
    pictures = [encode(seen[at not in news], 70 + at % 20) for at in range(count)]
    put(media, pictures[0], day="2026-11-25")
    return put(media, *pictures)


async def test_only_changed(hass: HomeAssistant, media: Path) -> None:
    """A video is of what happened; what cannot be read may be of it, and is counted."""
    paths = quiet_day(media, 130, 7, 119)
    paths[12].write_bytes(b"no picture")
    response = (await create(hass, period="yesterday", only_changed=True))[CAMERA]
    (file,) = films(media)

    assert file == f"{DAY}-0607_{DAY}-0759.mp4"
    assert (response["frames"], response["skipped"]) == (2, 1)
    seen = play(media / "snapcam" / SN / "timelapse" / file)
    assert close_to(seen.colours(0.56, 0.5), [(240, 240, 240)] * 2)


async def test_only_changed_of_what_is_left(hass: HomeAssistant, media: Path) -> None:
    """What was found in a picture is known after those before it were removed."""
    paths = quiet_day(media, 15, 7, 9)
    first = (await create(hass, period="yesterday", only_changed=True))[CAMERA]
    for path in paths[:6]:
        path.unlink()
    shutil.rmtree(paths[0].parent.with_name("2026-11-25"))
    again = (await create(hass, period="yesterday", only_changed=True))[CAMERA]

    assert (first["frames"], again["frames"]) == (2, 2)


async def test_only_changed_without_a_cache(hass: HomeAssistant, media: Path) -> None:
    """What cannot be remembered is found out each time, and that has an end."""
    cache = Path(hass.config.cache_path("snapcam"))
    cache.parent.mkdir(exist_ok=True)
    cache.write_bytes(b"no folder")
    quiet_day(media, 130, 7, 119)

    response = (await create(hass, period="yesterday", only_changed=True))[CAMERA]
    assert response["frames"] == 2


async def test_only_changed_and_nothing_did(hass: HomeAssistant, media: Path) -> None:
    """Then there is no video, and who asks for it is told."""
    quiet_day(media, 8)
    with pytest.raises(ServiceValidationError) as raised:
        await create(hass, period="yesterday", only_changed=True)

    assert raised.value.translation_key == "too_few_pictures"
    assert films(media) == []
