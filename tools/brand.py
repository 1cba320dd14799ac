"""Draw the icon and the logo: a camera that goes snap, and its name beside it.

All measures are in units, of which the camera is 256 wide and high; y points down, and
angles turn with the clock.
"""

from itertools import pairwise
from math import ceil, cos, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[1] / "custom_components/snapcam/brand"
DENSITIES = {"": 1, "@2x": 2}
# Pixels of a unit
ICON_SCALE = 1
LOGO_SCALE = 0.5
# Pixels drawn, along a side, for one that is kept
SUPERSAMPLING = 8

CAMERA_SIZE = 256
LENS = "#ffffff"
LIGHT = "#ffa51f"
THEMES = {"": ("#2563eb", "#14213d"), "dark_": ("#4d8dff", "#f2f6ff")}
"""The colors of the camera and of the lettering, on light and on dark."""

PEN = 24.0
LETTER_GAP = 16.0
NAME_GAP = 30.0
CAP_TOP, X_TOP, BASELINE, DESCENT = 74.0, 116.0, 202.0, 244.0

type Point = tuple[float, float]
type Line = list[Point]


class Canvas:
    """A transparent picture that is drawn finer than it is kept."""

    def __init__(self, width: float, scale: float) -> None:
        """Initialize as wide as is said, and as high as the camera."""
        self._scale = scale * SUPERSAMPLING
        size = [ceil(side * scale) * SUPERSAMPLING for side in (width, CAMERA_SIZE)]
        self._image = Image.new("RGBA", (size[0], size[1]))
        self._draw = ImageDraw.Draw(self._image)

    def box(self, start: Point, end: Point, radius: float, color: str) -> None:
        """Fill a rectangle with round corners."""
        (left, top), (right, bottom) = self._pixels([start, end])
        # The last pixel is filled, too.
        xy = (left, top, right - 1, bottom - 1)
        self._draw.rounded_rectangle(xy, radius * self._scale, color)

    def disc(self, center: Point, radius: float, color: str) -> None:
        """Fill a circle."""
        x, y = center
        start, end = (x - radius, y - radius), (x + radius, y + radius)
        self.box(start, end, radius, color)

    def polygon(self, points: Line, color: str) -> None:
        """Fill what straight edges enclose."""
        self._draw.polygon(self._pixels(points), color)

    def stroke(self, points: Line, width: float, color: str) -> None:
        """Draw a line with round ends and joints."""
        self._draw.line(self._pixels(points), color, round(width * self._scale))
        for point in points:
            self.disc(point, width / 2, color)

    def finish(self) -> Image.Image:
        """Return the picture."""
        return self._image.reduce(SUPERSAMPLING)

    def _pixels(self, points: Line) -> Line:
        """Return points in its own measure."""
        return [(x * self._scale, y * self._scale) for x, y in points]


def polar(center: Point, radius: float, angle: float) -> Point:
    """Return the point that is so far away in a direction."""
    x, y = center
    return x + radius * cos(radians(angle)), y + radius * sin(radians(angle))


def arc(center: Point, width: float, height: float, start: float, end: float) -> Line:
    """Return a part of an ellipse that is so wide and high."""
    x, y = center
    angles = [radians(start + (end - start) * step / 90) for step in range(91)]
    return [(x + width / 2 * cos(a), y + height / 2 * sin(a)) for a in angles]


def draw_camera(canvas: Canvas, color: str) -> None:
    """Draw a camera and, at its upper right, the lines of a snap."""
    canvas.box((34, 42), (118, 130), 24, color)
    canvas.box((0, 70), (206, 256), 50, color)
    draw_lens(canvas, (103, 163), color)
    for angle in (-90, -45, 0):
        ends = [polar((157, 99), radius, angle) for radius in (64, 87)]
        canvas.stroke(ends, PEN, LIGHT)


def draw_lens(canvas: Canvas, center: Point, color: str) -> None:
    """Draw a lens whose shutter of five blades is about to close."""
    canvas.disc(center, 71, LENS)
    corners = [polar(center, 30, angle) for angle in range(10, 370, 72)]
    for (x0, y0), (x1, y1) in pairwise([*corners, corners[0]]):
        rim = (x1 + (x1 - x0) * 1.4, y1 + (y1 - y0) * 1.4)
        canvas.stroke([(x0, y0), rim], 13, color)
    canvas.polygon(corners, LIGHT)


def draw_name(canvas: Canvas, left: float, color: str, camera_color: str) -> None:
    """Write the name, the camera in it in the camera's color."""
    for letter in "SnapCam":
        color = camera_color if letter == "C" else color
        lines, width = LETTERS[letter]
        for line in lines:
            canvas.stroke([(left + PEN / 2 + x, y) for x, y in line], PEN, color)
        left += width + PEN + LETTER_GAP


def letters() -> dict[str, tuple[list[Line], float]]:
    """Return the letters of the name as lines of a pen, and their widths."""
    cap, bowl = BASELINE - CAP_TOP, BASELINE - X_TOP
    circle = arc((bowl / 2, X_TOP + bowl / 2), bowl, bowl, 0, 360)
    stem = [(0.0, X_TOP), (0.0, BASELINE)]
    arches = [
        [*arc((x + 36, X_TOP + 36), 72, 72, 180, 360), (x + 72, BASELINE)]
        for x in (0, 72)
    ]
    upper = arc((40, CAP_TOP + cap / 4), 80, cap / 2, -25, -270)
    lower = arc((40, BASELINE - cap / 4), 80, cap / 2, -90, 155)
    return {
        "S": ([upper + lower], 80),
        "n": ([stem, arches[0]], 72),
        "a": ([circle, [(bowl, X_TOP), (bowl, BASELINE)]], bowl),
        "p": ([circle, [(0, X_TOP), (0, DESCENT)]], bowl),
        "C": ([arc((cap / 2, CAP_TOP + cap / 2), cap, cap, -48, -312)], 108),
        "m": ([stem, *arches], 144),
    }


LETTERS = letters()
NAME_WIDTH = sum(LETTERS[letter][1] + PEN + LETTER_GAP for letter in "SnapCam")


def icon(theme: str, density: int) -> Image.Image:
    """Return the camera alone."""
    color, _ = THEMES[theme]
    canvas = Canvas(CAMERA_SIZE, ICON_SCALE * density)
    draw_camera(canvas, color)
    return canvas.finish()


def logo(theme: str, density: int) -> Image.Image:
    """Return the camera with its name."""
    color, ink = THEMES[theme]
    left = CAMERA_SIZE + NAME_GAP
    canvas = Canvas(left + NAME_WIDTH - LETTER_GAP, LOGO_SCALE * density)
    draw_camera(canvas, color)
    draw_name(canvas, left, ink, color)
    return canvas.finish()


def images() -> dict[str, Image.Image]:
    """Return all images by the names of their files."""
    return {
        f"{theme}{draw.__name__}{suffix}.png": draw(theme, density)
        for draw in (icon, logo)
        for theme in THEMES
        for suffix, density in DENSITIES.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, image in images().items():
        image.save(FOLDER / name, optimize=True)
