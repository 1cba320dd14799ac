"""The country around the camera: sky, hills and meadow, in the light of the hour."""

from itertools import pairwise
from math import pi, sin
from random import Random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

# A scene is drawn on one canvas and scaled, which also smooths its edges.
CANVAS = (1280, 720)
HORIZON = 400

type Colour = tuple[int, int, int]


class _Sky(NamedTuple):
    """The sky at an hour, and how much daylight falls on the land."""

    hour: float
    top: Colour
    bottom: Colour
    daylight: float


_SKIES = [
    _Sky(0.0, (9, 13, 36), (34, 44, 84), 0.24),
    _Sky(5.0, (16, 22, 58), (74, 70, 118), 0.3),
    _Sky(6.5, (74, 104, 168), (248, 178, 128), 0.62),
    _Sky(8.5, (66, 140, 214), (206, 231, 247), 1.0),
    _Sky(16.5, (66, 140, 214), (206, 231, 247), 1.0),
    _Sky(19.0, (62, 72, 140), (250, 156, 92), 0.58),
    _Sky(21.0, (14, 20, 54), (66, 62, 108), 0.28),
    _Sky(24.0, (9, 13, 36), (34, 44, 84), 0.24),
]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(first, second, strict=True)
    )
    return red, green, blue


def lit(colour: Colour, daylight: float) -> Colour:
    """Return a colour of the land as it looks in this light."""
    return mix((10, 14, 34), colour, daylight)


def draw_sky(hour: float, random: Random) -> tuple[Image.Image, float]:
    """Draw the sky of an hour, and return how much daylight it gives."""
    before, after = next(
        pair for pair in pairwise(_SKIES) if pair[0].hour <= hour < pair[1].hour
    )
    share = (hour - before.hour) / (after.hour - before.hour)
    top = mix(before.top, after.top, share)
    bottom = mix(before.bottom, after.bottom, share)
    daylight = before.daylight + (after.daylight - before.daylight) * share
    fade = Image.linear_gradient("L").resize(
        (CANVAS[0], HORIZON), Image.Resampling.BILINEAR
    )
    sky = Image.new("RGB", CANVAS, top)
    sky.paste(bottom, (0, 0), fade)
    draw = ImageDraw.Draw(sky)
    for _ in range(round(130 * max(0.0, 0.6 - daylight))):
        x, y = random.uniform(0, CANVAS[0]), random.uniform(0, HORIZON * 0.8)
        r = random.uniform(0.8, 2.2)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=mix(top, (255, 255, 240), 0.8))
    _draw_sun_or_moon(sky, hour)
    return sky, daylight


def _draw_sun_or_moon(sky: Image.Image, hour: float) -> None:
    """Add the sun of the day, or the moon of the night, with a glow around it."""
    is_day = 6 <= hour < 20
    path = (hour - 6) / 14 if is_day else ((hour - 20) % 24) / 10
    x = 120 + path * 1040
    y = HORIZON - 20 - 300 * sin(pi * path)
    disc: Colour = (255, 244, 200) if is_day else (226, 230, 240)
    shine(sky, (x, y), 190 if is_day else 110, mix((0, 0, 0), disc, 0.45))
    ImageDraw.Draw(sky).ellipse((x - 34, y - 34, x + 34, y + 34), fill=disc)


def shine(
    scene: Image.Image, centre: tuple[float, float], radius: int, colour: Colour
) -> None:
    """Add light around a point."""
    left, top = (round(c) - radius for c in centre)
    box = (left, top, left + 2 * radius, top + 2 * radius)
    spot = Image.radial_gradient("L")
    edge = int(str(spot.getpixel((0, 128))))
    spot = spot.point(lambda value: max(0, 255 - value * 255 // edge) ** 2 // 255)
    light = Image.new("RGB", (2 * radius, 2 * radius))
    light.paste(colour, (0, 0), spot.resize(light.size, Image.Resampling.BILINEAR))
    scene.paste(ImageChops.screen(scene.crop(box), light), (left, top))


def draw_land(scene: Image.Image, daylight: float, random: Random) -> None:
    """Draw hills, which differ from camera to camera, a meadow and a drive."""
    draw = ImageDraw.Draw(scene)
    right, bottom = CANVAS
    layers: list[tuple[int, int, Colour]] = [
        (330, 46, (124, 156, 168)),
        (366, 30, (92, 140, 120)),
        (398, 16, (84, 146, 82)),
    ]
    for height, swing, colour in layers:
        phase, pitch = random.uniform(0, 6), random.uniform(140, 230)
        ridge = [
            (x, height + swing * (sin(phase + x / pitch) + sin(x / 61 + phase * 2) / 4))
            for x in range(0, right + 8, 8)
        ]
        outline = [(0.0, float(bottom)), *ridge, (float(right), float(bottom))]
        draw.polygon(outline, fill=lit(colour, daylight))
    draw.polygon(
        [(0, 436), (right, 420), (right, bottom), (0, bottom)],
        fill=lit((112, 168, 80), daylight),
    )
    draw.polygon(
        [(604, 424), (676, 424), (1010, bottom), (270, bottom)],
        fill=lit((196, 184, 162), daylight),
    )
    for top, width, height in ((440, 3, 13), (490, 6, 30), (560, 11, 53)):
        draw.rectangle(
            (640 - width / 2, top, 640 + width / 2, top + height),
            fill=lit((226, 218, 200), daylight),
        )
