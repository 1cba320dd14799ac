"""Detect that a camera has restarted, independently of the system clock."""

import asyncio


class Uptime:
    """The uptime of a camera.

    The system clock jumps when it is set, and that must not look like a restart. So the
    reported run time is compared with the loop's time, and with earlier ones.
    """

    def __init__(self) -> None:
        """Initialize with no run time reported."""
        self._time = asyncio.get_running_loop().time
        self._run_time: int | None = None
        self._read_at = 0.0
        self._watched_since = 0.0
        self._before: int | None = None

    def read(self, run_time: int | None) -> None:
        """Take the run time the camera reports; None if it reports none."""
        self._run_time, self._read_at = run_time, self._time()

    @property
    def seconds(self) -> int | None:
        """Return the uptime by now; None if it is unknown."""
        if self._run_time is None:
            return None
        return self._run_time + int(self._time() - self._read_at)

    def watch(self, before: int | None = None) -> None:
        """Watch from now on for a restart.

        Args:
            before: The uptime before Home Assistant was restarted, if there was one:
                the loop's time does not reach back to then.
        """
        self._watched_since, self._before = self._time(), before

    @property
    def restarted(self) -> bool | None:
        """Return whether it has restarted since; None if it reports no run time."""
        if self._run_time is None:
            return None
        if self._run_time <= self._read_at - self._watched_since:
            return True
        return self._before is not None and self._run_time < self._before
