"""How much of somebody's sending is taken."""

import asyncio


class RateLimit:
    """Allow so many in a row, and so many a second in the long run."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        """Initialize with nothing used up."""
        self._loop = asyncio.get_running_loop()
        self._burst = burst
        self._per_second = per_second
        self._left = float(burst)
        self._counted_at = self._loop.time()

    def allow(self) -> bool:
        """Count one more, and return whether it is within the limit."""
        now = self._loop.time()
        regained = max(0.0, now - self._counted_at) * self._per_second
        self._left = min(self._left + regained, self._burst)
        self._counted_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
