"""Which bytes of a file were asked for, in whatever parts."""

from bisect import bisect_left, bisect_right
from typing import Final

MAX_PARTS: Final = 1024
"""Parts with a gap between them that are kept: a camera needs a few."""


class Coverage:
    """The parts of a file that were asked for; those that touch are one."""

    def __init__(self, length: int = 0) -> None:
        """Initialize with so many bytes from the beginning."""
        # Sorted, and one list each: so that they can be searched.
        self._starts = [0]
        self._stops = [length]

    def add(self, start: int, stop: int) -> None:
        """Add a part. Of too many the last are forgotten, as if never asked for."""
        if start >= stop:
            return
        first = bisect_left(self._stops, start)
        after = bisect_right(self._starts, stop)
        if first < after:
            start = min(start, self._starts[first])
            stop = max(stop, self._stops[after - 1])
        self._starts[first:after] = [start]
        self._stops[first:after] = [stop]
        del self._starts[MAX_PARTS:], self._stops[MAX_PARTS:]

    @property
    def length(self) -> int:
        """Return how many bytes from the beginning there are without a gap."""
        return self._stops[0]
