"""What is new in a picture, and whether it shows anything: without knowing any object.

A picture becomes 32 by 18 grey blocks, each measured by its distance from the middle of
all, so that more or less light changes nothing. They are compared with the median of
the last five pictures: what stays there belongs to the background. Everything here
computes, a few milliseconds a picture.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import io
from math import sqrt
from statistics import StatisticsError, correlation
from typing import Final

from PIL import Image, ImageFilter, ImageStat

from .opening import FORMATS, UNREADABLE, reduce

BLOCKS: Final = (32, 18)
DETAILS: Final = (160, 90)
BACKGROUND: Final = 5

NOTICED: Final = 0.3
"""Blocks that differ by less are alike; in contrasts of the picture."""

LEAST_CONTRAST: Final = 6.0
"""In grey levels of 255: in a picture with less, noise would count as new."""

GLARING: Final = 210
"""A block as light as this has pixels in it that cannot become lighter."""

DARK_LEVEL: Final = 16.0
COVERED_CONTRAST: Final = 4.0
BLURRED_DETAIL: Final = 0.15
MOVED_LIKENESS: Final = 0.45
"""Outlines that are less alike are of different views: the same one by day and by night
has 0.7 and more, others have 0.4 and less."""

IN_A_ROW: Final = 3
SETTLED: Final = timedelta(days=1)
"""After this, a camera that was moved has been moved on purpose."""

_LAPLACE: Final = ImageFilter.Kernel((3, 3), (0, -1, 0, -1, 4, -1, 0, -1, 0), 1, 128)
_INSIDE: Final = (1, 1, DETAILS[0] - 1, DETAILS[1] - 1)


class ViewProblem(StrEnum):
    """Why a picture shows less than it should."""

    COVERED = "covered"
    DARK = "dark"
    BLURRED = "blurred"
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one picture looks like."""

    levels: bytes
    """The grey levels of its blocks."""
    blocks: tuple[float, ...]
    """How far they are from their middle, in contrasts."""
    contrast: float
    """How far they are from their middle in the mean, in grey levels."""
    outline: tuple[float, ...]
    """Where there are edges; these stay where they are in any light."""
    dark: bool
    blurred: bool


@dataclass(frozen=True, kw_only=True)
class Impression:
    """What was found in a picture."""

    change: int | None
    """How much is new, from 0 to 100; None for the first picture."""
    dark: bool
    blurred: bool


class Sense:
    """Look at the pictures of one camera, in their order."""

    def __init__(self) -> None:
        """Initialize with no picture seen."""
        self._past: deque[tuple[float, ...]] = deque(maxlen=BACKGROUND)
        self._problems: deque[ViewProblem | None] = deque(maxlen=IN_A_ROW)
        self._outline: tuple[float, ...] | None = None
        self._seen_at: datetime | None = None
        self.last: Impression | None = None
        """Of the last picture."""
        self.problem: ViewProblem | None = None
        """What was wrong with the last pictures, if it was so three times in a row."""

    def see(
        self, content: bytes, taken_at: datetime, *, is_day: bool
    ) -> Impression | None:
        """Return what is found in the next picture; None if it cannot be read.

        Args:
            content: The picture.
            taken_at: When it was taken.
            is_day: Whether the sun was up.
        """
        if (look := look_at(content)) is None:
            self.last = None
            return None
        change = change_between(look, self._past) if self._past else None
        self._past.append(look.blocks)
        self._judge(look, taken_at, is_day=is_day)
        self.last = Impression(change=change, dark=look.dark, blurred=look.blurred)
        return self.last

    def _judge(self, look: Look, taken_at: datetime, *, is_day: bool) -> None:
        """Find out whether something is wrong with the view."""
        problem = self._problem(look, is_day=is_day)
        settled = self._seen_at is not None and taken_at - self._seen_at > SETTLED
        if problem is ViewProblem.MOVED and settled:
            problem = None
        if problem is None and not look.dark:
            self._outline, self._seen_at = look.outline, taken_at
        self._problems.append(problem)
        if problem is None:
            self.problem = None
        elif [*self._problems] == [problem] * IN_A_ROW:
            self.problem = problem

    def _problem(self, look: Look, *, is_day: bool) -> ViewProblem | None:
        """Return what is wrong with a picture; None if nothing is."""
        if look.dark:
            return ViewProblem.DARK if is_day else None
        if look.contrast < COVERED_CONTRAST:
            return ViewProblem.COVERED
        if look.blurred:
            return ViewProblem.BLURRED
        if (
            self._outline is None
            or likeness(look.outline, self._outline) > MOVED_LIKENESS
        ):
            return None
        return ViewProblem.MOVED


def look_at(content: bytes) -> Look | None:
    """Return what a picture looks like; None if it cannot be read."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            reduce(picture, "L", (picture.width // 8, picture.height // 8))
            small = picture.convert("L").resize(DETAILS, Image.Resampling.BOX)
    except (*UNREADABLE, OSError, ValueError):
        return None
    levels = small.resize(BLOCKS, Image.Resampling.BOX).tobytes()
    middle = sorted(levels)[len(levels) // 2]
    contrast = sum(abs(level - middle) for level in levels) / len(levels)
    scale = contrast or 1.0
    edges = small.filter(ImageFilter.FIND_EDGES).crop(_INSIDE)
    whole = ImageStat.Stat(small)
    fine = ImageStat.Stat(small.filter(_LAPLACE).crop(_INSIDE)).stddev[0]
    return Look(
        levels=levels,
        blocks=tuple((level - middle) / scale for level in levels),
        contrast=contrast,
        outline=tuple(map(sqrt, edges.resize(BLOCKS, Image.Resampling.BOX).tobytes())),
        dark=whole.mean[0] < DARK_LEVEL,
        blurred=contrast >= COVERED_CONTRAST
        and fine < BLURRED_DETAIL * whole.stddev[0],
    )


def change_between(look: Look, past: Sequence[tuple[float, ...]]) -> int:
    """Return how much of a picture is new, from 0 to 100.

    It is the root of the share: a person far away counts, too.
    """
    half = len(past) // 2
    background = [sorted(values)[half] for values in zip(*past, strict=True)]
    differences = [a - b for a, b in zip(look.blocks, background, strict=True)]
    # A cloud before the sun, or a lamp, shifts all of them.
    shift = sorted(differences)[len(differences) // 2]
    noticed = NOTICED * max(1.0, LEAST_CONTRAST / (look.contrast or 1.0))
    seen = 0.0
    for difference, level in zip(differences, look.levels, strict=True):
        offset = difference - shift
        if offset < 0 and level >= GLARING:
            continue
        seen += min(1.0, max(0.0, abs(offset) / noticed - 1))
    return round(100 * sqrt(seen / len(differences)))


def likeness(outline: Sequence[float], other: Sequence[float]) -> float:
    """Return how far edges are in the same places: 1 for all, 0 for chance."""
    try:
        return correlation(outline, other)
    except StatisticsError:
        # One of them has no edge, or all are alike.
        return 0.0
