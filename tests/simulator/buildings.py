"""What stands in front of the camera: a gate or a workshop, and a lamp."""

from PIL import Image, ImageDraw

from .scenery import CANVAS, Colour, lit, mix, shine


def draw_gate(scene: Image.Image, daylight: float, *, is_open: bool) -> None:
    """Draw a fence with a gate in it."""
    draw = ImageDraw.Draw(scene)
    wood, dark = lit((150, 108, 70), daylight), lit((104, 72, 46), daylight)
    for start, end in ((0, 400), (880, CANVAS[0])):
        for y in (478, 526):
            draw.rectangle((start, y, end, y + 14), fill=wood)
        for x in range(start + 20, end, 76):
            draw.rectangle((x, 456, x + 16, 578), fill=dark)
    for x in (400, 840):
        draw.rectangle((x, 424, x + 40, 596), fill=lit((168, 160, 152), daylight))
        draw.rectangle((x - 6, 412, x + 46, 426), fill=lit((132, 124, 118), daylight))
    # An open leaf is turned towards the viewer: narrow, and taller at its free end.
    reach, rise = (64, 26) if is_open else (196, 0)
    for hinge, side in ((440, 1), (840, -1)):
        _draw_leaf(draw, hinge, side * reach, rise, lit((52, 58, 66), daylight))


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


def draw_workshop(scene: Image.Image, daylight: float, *, is_open: bool) -> None:
    """Draw a workshop with a door that rolls up."""
    draw = ImageDraw.Draw(scene)
    wall, frame = lit((206, 190, 166), daylight), lit((96, 84, 76), daylight)
    slate, edge = lit((128, 66, 56), daylight), lit((96, 48, 42), daylight)
    draw.rectangle((330, 316, 910, 606), fill=wall)
    for y in range(340, 606, 24):
        draw.line((330, y, 910, y), fill=lit((190, 173, 149), daylight), width=2)
    draw.polygon([(286, 322), (372, 208), (868, 208), (954, 322)], fill=slate)
    draw.line((286, 322, 954, 322), fill=edge, width=10)
    for left in (362, 802):
        draw.rectangle((left, 398, left + 76, 482), fill=frame)
        for x in (left + 6, left + 42):
            draw.rectangle((x, 404, x + 28, 476), fill=lit((150, 190, 206), daylight))
    draw.rectangle((464, 364, 776, 614), fill=frame)
    if is_open:
        _draw_bench(draw)
    # Rolled up it still shows at the top.
    bottom = 410 if is_open else 606
    draw.rectangle((476, 376, 764, bottom), fill=lit((150, 164, 174), daylight))
    for y in range(376, bottom, 17):
        draw.line((476, y, 764, y), fill=lit((116, 130, 140), daylight), width=3)


def _draw_bench(draw: ImageDraw.ImageDraw) -> None:
    """Draw what is behind the door, where a light is always on."""
    wood, steel = (126, 84, 50), (88, 96, 108)
    draw.rectangle((476, 376, 764, 606), fill=(240, 208, 148))
    draw.rectangle((476, 574, 764, 606), fill=(178, 158, 128))
    draw.rectangle((504, 516, 736, 530), fill=wood)
    for x in (514, 712):
        draw.rectangle((x, 530, x + 14, 590), fill=wood)
    draw.rectangle((560, 492, 604, 516), fill=steel)
    draw.rectangle((648, 500, 706, 516), fill=(176, 58, 48))
    draw.line((520, 456, 720, 456), fill=steel, width=4)
    for x, length in ((540, 30), (576, 22), (612, 34), (652, 24), (690, 30)):
        draw.line((x, 456, x, 456 + length), fill=steel, width=8)


def draw_lamp(scene: Image.Image, daylight: float, *, is_lit: bool) -> None:
    """Draw a lamp post, and its light when it is lit."""
    draw = ImageDraw.Draw(scene)
    post = lit((44, 48, 56), daylight)
    x, top = 1000, 250
    draw.rectangle((x - 6, top + 60, x + 6, 610), fill=post)
    draw.rectangle((x - 18, 596, x + 18, 614), fill=post)
    draw.polygon([(x - 40, top), (x + 40, top), (x, top - 30)], fill=post)
    glass = (255, 236, 160) if is_lit else lit((150, 162, 172), daylight)
    draw.polygon(
        [(x - 32, top), (x + 32, top), (x + 20, top + 62), (x - 20, top + 62)],
        fill=glass,
        outline=post,
        width=4,
    )
    if is_lit:
        colour = mix((0, 0, 0), (255, 196, 96), 1 - daylight / 2)
        for radius in (420, 100):
            shine(scene, (x, top + 30), radius, colour)
