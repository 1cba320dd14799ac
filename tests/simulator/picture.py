"""What the camera sees: a gate (io0 opens it), a lamp (io1 lights it), the time."""

from datetime import datetime
from io import BytesIO
from itertools import pairwise
from math import pi, sin
from random import Random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

# The scene is drawn on one canvas and scaled, which also smooths its edges.
CANVAS = (1280, 720)
HORIZON = 400
COM_SEGMENT_MINIMUM = 4
COM_SEGMENT_MAXIMUM = 65537

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


def draw_picture(
    *,
    sn: str,
    taken_at: datetime,
    io0: int,
    io1: int,
    size: tuple[int, int],
    counter: int,
) -> bytes:
    """Draw the scene as a JPEG, always the same for the same arguments."""
    hour = taken_at.hour + taken_at.minute / 60
    scene, daylight = _draw_sky(hour, Random(sn))
    _draw_land(scene, daylight, Random(sn))
    _draw_gate(scene, daylight, is_open=bool(io0))
    _draw_lamp(scene, daylight, is_lit=bool(io1))
    picture = ImageOps.fit(scene, size, Image.Resampling.HAMMING)
    left = f"{sn}   {taken_at:%Y-%m-%d %H:%M:%S}"
    right = f"IO0 {'on' if io0 else 'off'}   IO1 {'on' if io1 else 'off'}   #{counter}"
    _draw_caption(picture, left, right)
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def pad_picture(jpeg: bytes, size_bytes: int) -> bytes:
    """Grow a JPEG to an exact size by comments, which decoders pass over.

    Raises:
        ValueError: The JPEG is larger, or too little smaller to hold a comment.
    """
    missing = size_bytes - len(jpeg)
    if missing and missing < COM_SEGMENT_MINIMUM:
        raise ValueError(f"{len(jpeg)} bytes cannot become {size_bytes}")
    comments = bytearray()
    while missing:
        length = min(missing, COM_SEGMENT_MAXIMUM)
        if 0 < missing - length < COM_SEGMENT_MINIMUM:
            length -= COM_SEGMENT_MINIMUM
        comments += b"\xff\xfe" + (length - 2).to_bytes(2) + bytes(length - 4)
        missing -= length
    return jpeg[:2] + comments + jpeg[2:]


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(first, second, strict=True)
    )
    return red, green, blue


def _lit(colour: Colour, daylight: float) -> Colour:
    """Return a colour of the land as it looks in this light."""
    return _mix((10, 14, 34), colour, daylight)


def _draw_sky(hour: float, random: Random) -> tuple[Image.Image, float]:
    """Draw the sky of an hour, and return how much daylight it gives."""
    before, after = next(
        pair for pair in pairwise(_SKIES) if pair[0].hour <= hour < pair[1].hour
    )
    share = (hour - before.hour) / (after.hour - before.hour)
    top = _mix(before.top, after.top, share)
    bottom = _mix(before.bottom, after.bottom, share)
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
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_mix(top, (255, 255, 240), 0.8))
    _draw_sun_or_moon(sky, hour)
    return sky, daylight


def _draw_sun_or_moon(sky: Image.Image, hour: float) -> None:
    """Add the sun of the day, or the moon of the night, with a glow around it."""
    is_day = 6 <= hour < 20
    path = (hour - 6) / 14 if is_day else ((hour - 20) % 24) / 10
    x = 120 + path * 1040
    y = HORIZON - 20 - 300 * sin(pi * path)
    disc: Colour = (255, 244, 200) if is_day else (226, 230, 240)
    _shine(sky, (x, y), 190 if is_day else 110, _mix((0, 0, 0), disc, 0.45))
    ImageDraw.Draw(sky).ellipse((x - 34, y - 34, x + 34, y + 34), fill=disc)


def _shine(
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


def _draw_land(scene: Image.Image, daylight: float, random: Random) -> None:
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
        draw.polygon(outline, fill=_lit(colour, daylight))
    draw.polygon(
        [(0, 436), (right, 420), (right, bottom), (0, bottom)],
        fill=_lit((112, 168, 80), daylight),
    )
    draw.polygon(
        [(604, 424), (676, 424), (1010, bottom), (270, bottom)],
        fill=_lit((196, 184, 162), daylight),
    )
    for top, width, height in ((440, 3, 13), (490, 6, 30), (560, 11, 53)):
        draw.rectangle(
            (640 - width / 2, top, 640 + width / 2, top + height),
            fill=_lit((226, 218, 200), daylight),
        )


def _draw_gate(scene: Image.Image, daylight: float, *, is_open: bool) -> None:
    """Draw a fence with a gate in it."""
    draw = ImageDraw.Draw(scene)
    wood, dark = _lit((150, 108, 70), daylight), _lit((104, 72, 46), daylight)
    for start, end in ((0, 400), (880, CANVAS[0])):
        for y in (478, 526):
            draw.rectangle((start, y, end, y + 14), fill=wood)
        for x in range(start + 20, end, 76):
            draw.rectangle((x, 456, x + 16, 578), fill=dark)
    for x in (400, 840):
        draw.rectangle((x, 424, x + 40, 596), fill=_lit((168, 160, 152), daylight))
        draw.rectangle((x - 6, 412, x + 46, 426), fill=_lit((132, 124, 118), daylight))
    # An open leaf is turned towards the viewer: narrow, and taller at its free end.
    reach, rise = (64, 26) if is_open else (196, 0)
    for hinge, side in ((440, 1), (840, -1)):
        _draw_leaf(draw, hinge, side * reach, rise, _lit((52, 58, 66), daylight))


def _draw_leaf(
    draw: ImageDraw.ImageDraw, hinge: int, reach: int, rise: int, colour: Colour
) -> None:
    """Draw a leaf of the gate from its hinge to its free end."""
    end = hinge + reach
    for y, direction in ((444, -1), (570, 1)):
        draw.line((hinge, y, end, y + direction * rise), fill=colour, width=12)
    bars = 7
    for bar in range(bars + 1):
        share = bar / bars
        x, more = hinge + reach * share, rise * share
        draw.line((x, 444 - more, x, 570 + more), fill=colour, width=7)


def _draw_lamp(scene: Image.Image, daylight: float, *, is_lit: bool) -> None:
    """Draw a lamp post, and its light when it is lit."""
    draw = ImageDraw.Draw(scene)
    post = _lit((44, 48, 56), daylight)
    x, top = 1000, 250
    draw.rectangle((x - 6, top + 60, x + 6, 610), fill=post)
    draw.rectangle((x - 18, 596, x + 18, 614), fill=post)
    draw.polygon([(x - 40, top), (x + 40, top), (x, top - 30)], fill=post)
    glass = (255, 236, 160) if is_lit else _lit((150, 162, 172), daylight)
    draw.polygon(
        [(x - 32, top), (x + 32, top), (x + 20, top + 62), (x - 20, top + 62)],
        fill=glass,
        outline=post,
        width=4,
    )
    if is_lit:
        colour = _mix((0, 0, 0), (255, 196, 96), 1 - daylight / 2)
        for radius in (420, 100):
            _shine(scene, (x, top + 30), radius, colour)


def _draw_caption(picture: Image.Image, left: str, right: str) -> None:
    """Write two texts into a bar along the lower edge, as large as fits."""
    width, height = picture.size
    bar = max(12, height // 12)
    font = ImageFont.load_default(bar * 0.56)
    needed = font.getlength(f"{left}   {right}") + bar
    if needed > width:
        font = ImageFont.load_default(max(1, bar * 0.5 * width / needed))
    band = picture.crop((0, height - bar, width, height))
    shade = Image.new("RGB", band.size, (12, 16, 24))
    picture.paste(Image.blend(band, shade, 0.72), (0, height - bar))
    draw = ImageDraw.Draw(picture)
    middle = height - bar / 2
    draw.text((bar / 2, middle), left, (245, 247, 250), font, anchor="lm")
    draw.text((width - bar / 2, middle), right, (245, 247, 250), font, anchor="rm")
