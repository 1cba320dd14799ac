"""What the tests of videos do again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
import io
from pathlib import Path
from typing import Any

import av
from homeassistant.core import HomeAssistant
from PIL import Image

from ..common import Response
from ..const import CAMERA, SN

DAY = "2026-11-26"
NOW = "2026-11-27 12:00:00-08:00"
"""In the time zone of the tests, the day after."""

type Size = tuple[int, int]
type Colour = tuple[int, int, int]

SMALL: Size = (320, 180)


def draw(colour: Colour, size: Size = SMALL, kind: str = "JPEG") -> bytes:
    """Return a picture of one colour."""
    picture = io.BytesIO()
    Image.new("RGB", size, colour).save(picture, kind)
    return picture.getvalue()


def shades(count: int) -> list[Colour]:
    """Return colours of which each is lighter than the one before."""
    return [(level, level, level) for level in range(40, 40 + count * 10, 10)]


def put(media: Path, *pictures: bytes, sn: str = SN, day: str = DAY) -> list[Path]:
    """Put pictures on the disk, one a minute from six in the morning."""
    folder = media / "snapcam" / sn / day
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for minute, picture in enumerate(pictures):
        moment = datetime.fromisoformat(f"{day}T06:00") + timedelta(minutes=minute)
        path = folder / f"{moment:%H%M%S}-000000.jpg"
        path.write_bytes(picture)
        paths.append(path)
    return paths


async def create(
    hass: HomeAssistant, *entity_ids: str, **data: Any
) -> dict[str, dict[str, Any]]:
    """Have videos made, and return the response."""
    response: Any = await hass.services.async_call(
        "snapcam",
        "create_timelapse",
        {"entity_id": entity_ids or CAMERA, **data},
        blocking=True,
        return_response=True,
    )
    answer: Response = response
    return answer


def films(media: Path, sn: str = SN) -> list[str]:
    """Return the names of all that is where videos are."""
    folder = media / "snapcam" / sn / "timelapse"
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody sees who plays a video."""

    codec: str
    size: Size
    seconds: Fraction
    pictures: Sequence[Image.Image]

    def colours(self, x: float = 0.5, y: float = 0.5) -> list[Colour]:
        """Return the colour of a point in each picture."""
        at = (round(x * (self.size[0] - 1)), round(y * (self.size[1] - 1)))
        found: list[Any] = [picture.getpixel(at) for picture in self.pictures]
        return found


def play(path: Path) -> Seen:
    """Play a video to its end."""
    with av.open(path) as container:
        (stream,) = container.streams.video
        pictures = [frame.to_image() for frame in container.decode(stream)]
        assert container.duration is not None
        return Seen(
            codec=stream.codec_context.name,
            size=(stream.width, stream.height),
            seconds=Fraction(container.duration, av.time_base),
            pictures=pictures,
        )


def close_to(found: Sequence[Colour], expected: Sequence[Colour]) -> bool:
    """Return whether colours are the same but for what encoding does to them."""
    pairs = zip(found, expected, strict=True)
    return all(
        abs(a - b) <= 6 for one, other in pairs for a, b in zip(one, other, strict=True)
    )
