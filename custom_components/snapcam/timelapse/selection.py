"""Which pictures are in a video, and how fast it shows them. Nothing here looks at a disk."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from homeassistant.util import dt as dt_util

from .errors import SnapcamNoPeriodError, SnapcamPeriodOrderError

MAX_FRAMES: Final = 5000
"""Beyond, making a video takes minutes, and watching it too."""

MAX_FPS: Final = 30
DEFAULT_FPS: Final = 10


class Period(StrEnum):
    """A time that people have a word for."""

    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    THIS_MONTH = "this_month"


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when to when, in local time; the end does not belong to it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From when to when on each day; across midnight if the end comes first."""

    after: time
    before: time

    def __contains__(self, moment: time) -> bool:
        """Return whether a time of the day is between them."""
        if self.after < self.before:
            return self.after <= moment < self.before
        return moment >= self.after or moment < self.before


@dataclass(frozen=True, kw_only=True)
class Still:
    """A stored picture."""

    name: str
    """Below the folder of all pictures."""
    taken_at: datetime
    """In local time."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to see."""

    span: Span
    every: timedelta | None = None
    """At most one picture in each of these, however often there were some."""
    between: Hours | None = None
    seconds: float | None = None
    """How long the video takes; None for what its pace makes of it."""
    fps: float = DEFAULT_FPS
    height: int | None = None
    only_changed: bool = False
    stamp: bool = False


def span_of(
    now: datetime,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    period: Period | None = None,
) -> Span:
    """Return the time that is meant.

    Args:
        now: The local time.
        start: From when; without one, from the first picture.
        end: Until when; without one, until now.
        period: The same in a word.

    Raises:
        SnapcamNoPeriodError: There is neither a word nor a time, or both.
        SnapcamPeriodOrderError: The end is not after the start.
    """
    if (period is None) == (start is None and end is None):
        raise SnapcamNoPeriodError("no period")
    midnight = dt_util.start_of_local_day(now)
    match period:
        case Period.YESTERDAY:
            return day_span(midnight - timedelta(days=1))
        case Period.LAST_7_DAYS:
            return Span(start=day_span(midnight - timedelta(days=6)).start, end=now)
        case Period.THIS_MONTH:
            return Span(start=day_span(midnight.replace(day=1)).start, end=now)
    earliest = datetime.min.replace(year=1970, tzinfo=now.tzinfo)
    span = Span(start=start or earliest, end=end or now)
    if span.end <= span.start:
        raise SnapcamPeriodOrderError("start after end")
    return span


def day_span(day: datetime) -> Span:
    """Return a whole local day, which may have 23 or 25 hours."""
    start = dt_util.start_of_local_day(day.date())
    return Span(
        start=start, end=dt_util.start_of_local_day(start.date() + timedelta(days=1))
    )


def read_stills(sn: str, day: str, files: Iterable[str]) -> Iterator[Still]:
    """Return a day's pictures with their times, as their names tell them.

    Args:
        sn: The serial number of the camera.
        day: The date.
        files: The names of its pictures, the oldest first. One whose time is not after
            the one before is of the second of the two hours that summer time ends with.
    """
    zone = dt_util.get_default_time_zone()
    last = 0.0
    for file in files:
        # People may have put there what looks like a picture of ours.
        with suppress(ValueError):
            taken_at = datetime.fromisoformat(f"{day}T{file[:6]}.{file[7:13]}")
            taken_at = taken_at.replace(tzinfo=zone)
            if taken_at.timestamp() <= last:
                taken_at = taken_at.replace(fold=1)
            last = taken_at.timestamp()
            yield Still(name=f"{sn}/{day}/{file}", taken_at=taken_at)


def select(stills: Iterable[Still], wish: Wish) -> list[Still]:
    """Return those that are wanted, in their order."""
    start, end = wish.span.start.timestamp(), wish.span.end.timestamp()
    chosen = [
        still
        for still in stills
        if start <= still.taken_at.timestamp() < end
        and (wish.between is None or still.taken_at.time() in wish.between)
    ]
    return chosen if wish.every is None else _on_time(chosen, wish.every)


def _on_time(stills: Sequence[Still], every: timedelta) -> list[Still]:
    """Return those that come closest to even distances; cameras are never quite on time."""
    closest: dict[int, tuple[float, Still]] = {}
    for still in stills:
        passed = still.taken_at.timestamp() - stills[0].taken_at.timestamp()
        turns = passed / every.total_seconds()
        turn = int(turns + 0.5)
        if turn not in closest or abs(turns - turn) < closest[turn][0]:
            closest[turn] = (abs(turns - turn), still)
    return [still for _, still in closest.values()]


def thin(stills: Sequence[Still], wish: Wish) -> Sequence[Still]:
    """Return as many as a video has room for: evenly, with the first and the last."""
    limit = MAX_FRAMES
    if wish.seconds is not None:
        limit = min(limit, max(2, int(wish.seconds * MAX_FPS)))
    if len(stills) <= limit:
        return stills
    step = (len(stills) - 1) / (limit - 1)
    return [stills[round(number * step)] for number in range(limit)]


def pace(frames: int, wish: Wish) -> Fraction:
    """Return how many of a number of frames a second shows."""
    fps = wish.fps if wish.seconds is None else frames / wish.seconds
    return Fraction(fps).limit_denominator(1000)
