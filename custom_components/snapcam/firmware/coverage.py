"""Which bytes of a file were requested, in ranges of any order."""

from bisect import bisect_left, bisect_right
from typing import Final

MAX_PARTS: Final = 1024
"""Ranges with a gap between them that are remembered: cameras need a few."""


class Coverage:
    """The ranges of a file that were requested, merged where they touch."""

    def __init__(self, length: int = 0) -> None:
        """Initialize with the first bytes, as many as given, already requested."""
        # Sorted, in a list each, so that both can be searched by bisection.
        self._starts = [0]
        self._stops = [length]

    def add(self, start: int, stop: int) -> None:
        """Add a range; of too many the last are forgotten, as if never requested."""
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
        """Return the number of bytes before the first gap."""
        return self._stops[0]
