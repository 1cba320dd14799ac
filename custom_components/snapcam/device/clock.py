"""A camera's clock, which may be wrong."""

import time
from typing import Final

from ..issues import NO_TIME, WRONG_CLOCK, CameraIssues
from ..protocol import MAX_CLOCK_OFFSET

OFFSET_LIMIT: Final = 2**53
"""Seconds: no clock is further off, and every JSON can hold it."""


class CameraClock:
    """Measure how far a camera's clock is off, and whether that is accepted."""

    def __init__(self, issues: CameraIssues, *, accept_wrong: bool) -> None:
        """Initialize with nothing measured."""
        self._issues = issues
        self._accept_wrong = accept_wrong
        self.offset: int | None = None
        """In seconds; above 0 if it is ahead of ours."""

    def check(self, timestamp: int | None) -> bool:
        """Measure the clock, and return whether a request of that time is in order.

        A request without a time is taken for one of ours where a wrong clock is.
        """
        if timestamp is None and not self._accept_wrong:
            self._issues.async_raise(NO_TIME)
            return False
        self._issues.async_clear(NO_TIME)
        if timestamp is None:
            return True
        self.offset = max(-OFFSET_LIMIT, min(timestamp - now(), OFFSET_LIMIT))
        accepted = self._accept_wrong or abs(self.offset) <= MAX_CLOCK_OFFSET
        if accepted:
            self._issues.async_clear(WRONG_CLOCK)
        else:
            self._issues.async_raise(WRONG_CLOCK, offset=_hours(self.offset))
        return accepted

    def time(self) -> int:
        """Return the time for a command: by the camera's clock if that may be wrong."""
        return now() + (self.offset or 0 if self._accept_wrong else 0)


def now() -> int:
    """Return our time, in Unix seconds."""
    return int(time.time())


def _hours(seconds: int) -> str:
    """Return a difference as hours and minutes, with its sign."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours}:{minutes:02}"
