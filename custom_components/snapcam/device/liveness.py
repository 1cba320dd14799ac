"""Whether a camera is still there, told from the silence since its last message."""

import asyncio
from collections.abc import Callable
from typing import Final

PROBE_AFTER: Final = 1.5
"""Heartbeat intervals of silence after which the camera is asked."""

OFFLINE_AFTER: Final = 2.5
"""Heartbeat intervals of silence after which it counts as offline."""

MINIMUM_GRACE: Final = 30.0
"""Seconds a heartbeat may be late at least, however short the interval."""


def offline_seconds(interval: float) -> float:
    """Return the seconds of silence after which a camera counts as offline."""
    return max(OFFLINE_AFTER * interval, interval + MINIMUM_GRACE)


class Liveness:
    """Watch the silence of one camera with one timer that re-arms itself.

    A message only stores the time it came, for there are many of them. The timer
    compares that with the message it was armed for, rather than with the clock: a
    loop that was held up does not take a camera offline that it has yet to hear.
    """

    def __init__(
        self,
        *,
        interval: Callable[[], float],
        on_quiet: Callable[[], None],
        on_silent: Callable[[], None],
    ) -> None:
        """Initialize the watch, not yet started.

        Args:
            interval: Returns the seconds between the camera's heartbeats.
            on_quiet: Called once when a heartbeat is overdue.
            on_silent: Called once when the camera counts as offline.
        """
        self._loop = asyncio.get_running_loop()
        self._interval = interval
        self._on_quiet = on_quiet
        self._on_silent = on_silent
        self._heard = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def heard(self) -> None:
        """Note a message, and start to watch if nothing is watched."""
        self._heard = self._loop.time()
        if self._timer is None:
            self._arm()

    def restart(self) -> None:
        """Give the camera a full window from now on."""
        self.stop()
        self.heard()

    def stop(self) -> None:
        """Stop to watch."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        """Wait for the next heartbeat to be overdue."""
        self._timer = self._loop.call_at(
            self._heard + PROBE_AFTER * self._interval(), self._overdue, self._heard
        )

    def _overdue(self, heard: float) -> None:
        """Report a camera that has not been heard since, or wait for the next."""
        if heard != self._heard:
            self._arm()
            return
        self._timer = self._loop.call_at(
            heard + offline_seconds(self._interval()), self._expired, heard
        )
        self._on_quiet()

    def _expired(self, heard: float) -> None:
        """Report a camera that has not answered either."""
        if heard != self._heard:
            self._arm()
            return
        self._timer = None
        self._on_silent()
