"""Whether a camera has restarted, told without a clock that may be set."""

import asyncio


class Uptime:
    """Follow how long a camera has been on.

    Our clock steps when it is set, and that must not look like a restart. So the
    camera's own count is compared with the loop's time, and with itself.
    """

    def __init__(self) -> None:
        """Initialize with nothing read."""
        self._time = asyncio.get_running_loop().time
        self._run_time: int | None = None
        self._read_at = 0.0
        self._watched_since = 0.0
        self._before: int | None = None

    def read(self, run_time: int | None) -> None:
        """Take what the camera says; None if it does not count."""
        self._run_time, self._read_at = run_time, self._time()

    @property
    def seconds(self) -> int | None:
        """Return for how long it has been on by now; None if that is not known."""
        if self._run_time is None:
            return None
        return self._run_time + int(self._time() - self._read_at)

    def watch(self, before: int | None = None) -> None:
        """Watch from now on for a restart.

        Args:
            before: For how long it had been on some time ago, before Home Assistant
                itself was restarted: no time of the loop goes back to then.
        """
        self._watched_since, self._before = self._time(), before

    @property
    def restarted(self) -> bool | None:
        """Return whether it has restarted since; None if it does not count."""
        if self._run_time is None:
            return None
        if self._run_time <= self._read_at - self._watched_since:
            return True
        return self._before is not None and self._run_time < self._before
