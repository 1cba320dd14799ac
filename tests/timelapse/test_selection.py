"""Which pictures a video shows, and how fast."""

from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

from homeassistant.util import dt as dt_util
import pytest

from custom_components.snapcam.timelapse.errors import (
    SnapcamNoPeriodError,
    SnapcamPeriodOrderError,
)
from custom_components.snapcam.timelapse.selection import (
    MAX_FRAMES,
    Hours,
    Period,
    Span,
    Still,
    Wish,
    day_span,
    pace,
    read_stills,
    select,
    span_of,
    thin,
)

ZONE = dt_util.get_time_zone("Europe/Berlin")
NOW = datetime(2026, 11, 27, 12, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def berlin() -> None:
    """Be where the clocks are changed; the plugin puts it back."""
    dt_util.set_default_time_zone(ZONE)


def at(text: str) -> datetime:
    """Return a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def stills(*moments: datetime) -> list[Still]:
    """Return pictures that were taken at some times."""
    return [Still(name=str(number), taken_at=x) for number, x in enumerate(moments)]


def row(count: int, step: timedelta, start: datetime = NOW) -> list[Still]:
    """Return pictures at even distances."""
    return stills(*(start + number * step for number in range(count)))


def names(chosen: list[Still]) -> list[str]:
    """Return the names of pictures."""
    return [still.name for still in chosen]


ALL = Span(start=at("2026-01-01"), end=at("2027-01-01"))


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period.YESTERDAY, "2026-11-26", "2026-11-27"),
        (Period.LAST_7_DAYS, "2026-11-21", "2026-11-27 12:00"),
        (Period.THIS_MONTH, "2026-11-01", "2026-11-27 12:00"),
    ],
)
def test_periods(period: Period, start: str, end: str) -> None:
    """A word means whole local days, and no time to come."""
    assert span_of(NOW, period=period) == Span(start=at(start), end=at(end))


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-26", 24)]
)
def test_a_day_has_its_hours(day: str, hours: int) -> None:
    """The days on which clocks are changed are whole, too."""
    span = day_span(at(day))
    assert span.end.timestamp() - span.start.timestamp() == hours * 3600


def test_start_or_end_alone() -> None:
    """Who gives only one means all from there on, or all until then."""
    first = span_of(NOW, start=at("2026-11-01 08:00"))
    last = span_of(NOW, end=at("2026-11-01 08:00"))

    assert (first.start, first.end) == (at("2026-11-01 08:00"), NOW)
    assert last.end == at("2026-11-01 08:00")
    assert last.start < at("2000-01-01")


def test_no_period() -> None:
    """Nobody guesses which time is meant, least of all if two are given."""
    with pytest.raises(SnapcamNoPeriodError):
        span_of(NOW)
    with pytest.raises(SnapcamNoPeriodError):
        span_of(NOW, period=Period.YESTERDAY, end=NOW)


@pytest.mark.parametrize("start", ["2026-11-26 08:00", "2026-11-26 09:00"])
def test_start_after_end(start: str) -> None:
    """A time that is none is a mistake, and not a video of nothing."""
    with pytest.raises(SnapcamPeriodOrderError):
        span_of(NOW, start=at(start), end=at("2026-11-26 08:00"))


def test_start_belongs_and_end_does_not() -> None:
    """A picture at midnight is in one day's video alone."""
    span = Span(start=at("2026-11-26"), end=at("2026-11-27"))
    found = select(
        stills(span.start, at("2026-11-26 12:00"), span.end), Wish(span=span)
    )

    assert names(found) == ["0", "1"]


@pytest.mark.parametrize(
    ("after", "before", "hours"),
    [
        (6, 20, {*range(6, 20)}),
        (20, 6, {*range(20, 24), *range(6)}),
        (0, 0, {*range(24)}),
        (8, 8, {*range(24)}),
    ],
)
def test_between(after: int, before: int, hours: set[int]) -> None:
    """Hours of each day, across midnight if the end is earlier."""
    wish = Wish(span=ALL, between=Hours(after=time(after), before=time(before)))
    found = select(row(48, timedelta(hours=1), at("2026-11-20")), wish)

    assert {still.taken_at.hour for still in found} == hours
    assert len(found) == 2 * len(hours)


def test_every() -> None:
    """The pictures that come closest to even distances are shown."""
    wish = Wish(span=ALL, every=timedelta(minutes=10))
    found = select(row(61, timedelta(minutes=1)), wish)

    assert [still.taken_at.minute for still in found] == [0, 10, 20, 30, 40, 50, 0]


@pytest.mark.parametrize("jitter", [-20, -1, 1, 20])
def test_every_with_a_camera_that_is_not_on_time(jitter: int) -> None:
    """What a camera sends every ten minutes, give or take some seconds, is all shown."""
    moments = [
        NOW + timedelta(minutes=10 * number, seconds=jitter * (number % 2))
        for number in range(50)
    ]
    wish = Wish(span=ALL, every=timedelta(minutes=10))

    assert len(select(stills(*moments), wish)) == 50


def test_too_many() -> None:
    """Fifty thousand are thinned evenly, with the first and the last."""
    many = row(50_000, timedelta(seconds=1))
    found = thin(many, Wish(span=ALL))
    gaps = {int(b.name) - int(a.name) for a, b in pairwise(found)}

    assert len(found) == MAX_FRAMES == 5000
    assert (found[0], found[-1]) == (many[0], many[-1])
    assert gaps == {10, 11}


@pytest.mark.parametrize(
    ("count", "seconds", "frames", "fps"),
    [
        pytest.param(100, 20, 100, Fraction(5), id="as long as it is to be"),
        pytest.param(10, 20, 10, Fraction(1, 2), id="slow"),
        pytest.param(2000, 20, 600, Fraction(30), id="no faster than can be seen"),
        pytest.param(9000, 3600, 5000, Fraction(25, 18), id="no larger than can be"),
    ],
)
def test_seconds(count: int, seconds: float, frames: int, fps: Fraction) -> None:
    """The length that is asked for is the length it gets."""
    wish = Wish(span=ALL, seconds=seconds)
    found = thin(row(count, timedelta(seconds=1)), wish)

    assert (len(found), pace(len(found), wish)) == (frames, fps)


def test_names_tell_the_times() -> None:
    """The name of a file is when it was taken; what is no time is left out."""
    files = ["060000-000001.jpg", "060000-250000.png", "996199-000000.jpg"]
    found = [*read_stills("1", "2026-11-26", files)]

    assert [still.name for still in found] == [f"1/2026-11-26/{f}" for f in files[:2]]
    assert [still.taken_at.microsecond for still in found] == [1, 250_000]
    assert [*read_stills("1", "2026-02-31", files)] == []


def test_hour_that_comes_twice() -> None:
    """When summer time ends, pictures stay in the order they were taken in."""
    files = ["015000", "022000", "025000", "021000", "024000", "031000"]
    found = [*read_stills("1", "2026-10-25", [f"{f}-000000.jpg" for f in files])]
    times = [still.taken_at.timestamp() for still in found]

    assert [round(time - times[0]) // 60 for time in times] == [0, 30, 60, 80, 110, 140]
