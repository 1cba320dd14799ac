"""A camera's clock, which may be wrong."""

import time
from typing import Final

from ..issues import (
    NO_TIME,
    WRONG_CLOCK,
    WRONG_CLOCK_FUTURE,
    WRONG_CLOCK_HOURS_AHEAD,
    WRONG_CLOCK_HOURS_BEHIND,
    WRONG_CLOCK_MINUTES_AHEAD,
    WRONG_CLOCK_MINUTES_BEHIND,
    WRONG_CLOCK_PAST,
    WRONG_CLOCK_ZONE_AHEAD,
    WRONG_CLOCK_ZONE_BEHIND,
    CameraIssues,
)
from ..protocol import MAX_CLOCK_OFFSET

OFFSET_LIMIT: Final = 2**53
"""Seconds: no clock is further off, and every JSON can hold it."""

ALIKE_SECONDS: Final = 60
"""A clock stays off by as much; what is off by something else each time is no clock."""

RIGHT_SECONDS: Final = 900.0
"""So long a heartbeat in order tells that the clock is right: two of the slowest."""

_HOUR: Final = 3600
_ZONE_STEP: Final = _HOUR // 2
_ZONES: Final = range(2, 29)
_FAR: Final = 7 * 24 * _HOUR


class CameraClock:
    """Measure how far a camera's clock is off, and whether that is accepted."""

    def __init__(self, issues: CameraIssues, *, accept_wrong: bool) -> None:
        """Initialize with nothing measured."""
        self._issues = issues
        self._accept_wrong = accept_wrong
        self._late: int | None = None
        self._right_until = 0.0
        self.offset: int | None = None
        """In seconds; above 0 if it is ahead of ours."""

    def check(self, timestamp: int | None, *, is_live: bool) -> bool:
        """Measure the clock, and return whether a request of that time is in order.

        A request without a time is taken for one of ours where a wrong clock is.

        Args:
            timestamp: When the request was made, by the camera's clock.
            is_live: Whether it was made just now, as a heartbeat is; a picture may have
                waited for the network.
        """
        if timestamp is None and not self._accept_wrong:
            self._issues.async_raise(NO_TIME)
            return False
        self._issues.async_clear(NO_TIME)
        if timestamp is None:
            return True
        offset = max(-OFFSET_LIMIT, min(timestamp - now(), OFFSET_LIMIT))
        right = abs(offset) <= MAX_CLOCK_OFFSET
        if is_live:
            self._right_until = time.monotonic() + RIGHT_SECONDS if right else 0.0
        if self._is_of_the_clock(offset, is_live=is_live or right):
            self.offset = offset
            if right or self._accept_wrong:
                self._issues.async_clear(WRONG_CLOCK)
            else:
                text, placeholders = _told(offset)
                self._issues.async_raise(WRONG_CLOCK, text=text, **placeholders)
        return right or self._accept_wrong

    def time(self) -> int:
        """Return the time for a command: by the camera's clock if that may be wrong."""
        return now() + (self.offset or 0 if self._accept_wrong else 0)

    def _is_of_the_clock(self, offset: int, *, is_live: bool) -> bool:
        """Return whether a time says something of the clock, or only of a backlog.

        Pictures that are uploaded late carry the time when they were taken.
        """
        former, self._late = self._late, offset
        if is_live or offset > 0:
            return True
        if time.monotonic() < self._right_until or former is None:
            return False
        return abs(offset - former) <= ALIKE_SECONDS


def now() -> int:
    """Return our time, in Unix seconds."""
    return int(time.time())


def _told(offset: int) -> tuple[str, dict[str, str]]:
    """Return the text that says how far a clock is off, and the numbers in it."""
    seconds, ahead = abs(offset), offset > 0
    if seconds > _FAR:
        return (WRONG_CLOCK_FUTURE if ahead else WRONG_CLOCK_PAST), {}
    steps = round(seconds / _ZONE_STEP)
    if steps in _ZONES and abs(seconds - steps * _ZONE_STEP) <= ALIKE_SECONDS:
        hours = f"{steps // 2}{'½' if steps % 2 else ''}"
        text = WRONG_CLOCK_ZONE_AHEAD if ahead else WRONG_CLOCK_ZONE_BEHIND
        return text, {"hours": hours}
    if seconds < 2 * _HOUR:
        text = WRONG_CLOCK_MINUTES_AHEAD if ahead else WRONG_CLOCK_MINUTES_BEHIND
        return text, {"minutes": str(seconds // 60)}
    text = WRONG_CLOCK_HOURS_AHEAD if ahead else WRONG_CLOCK_HOURS_BEHIND
    return text, {"hours": str(round(seconds / _HOUR))}
