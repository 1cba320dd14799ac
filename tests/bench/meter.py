"""What a process uses of its machine."""

import asyncio
from pathlib import Path
import time

from tests.live.process import kib, until

IDLE_SECONDS = 10.0
QUIET_SECONDS = 1800.0
QUIET_SHARE = 0.1
WINDOW_SECONDS = 0.5


class Meter:
    """The processor time and the memory of a process."""

    def __init__(self, pid: int) -> None:
        """Initialize with the process."""
        self._pid = pid
        self._tasks = Path(f"/proc/{pid}/task")
        self._idle_share = 0.0

    def seconds(self) -> float:
        """Return the processor time that all its threads have used."""
        files = self._tasks.glob("*/schedstat")
        return sum(int(file.read_text().split()[0]) for file in files) / 1e9

    def kib(self) -> int:
        """Return its memory."""
        return kib(self._pid, "VmRSS")

    async def share(self, seconds: float) -> float:
        """Return the share of one processor it uses during some seconds."""
        before, started = self.seconds(), time.monotonic()
        await asyncio.sleep(seconds)
        return (self.seconds() - before) / (time.monotonic() - started)

    async def calibrate(self) -> None:
        """Measure what it uses when nothing happens."""
        self._idle_share = await self.share(IDLE_SECONDS)

    def net(self, before: float, started: float) -> float:
        """Return what it used since then, without what it uses when idle."""
        elapsed = time.monotonic() - started
        return self.seconds() - before - self._idle_share * elapsed

    async def until_quiet(self, windows: int = 1) -> float:
        """Wait until it has nothing more to do; return since when.

        Args:
            windows: For how many half seconds in a row it must have been quiet.

        Raises:
            ServerError: It does not come to rest.
        """
        quiet_since: list[float] = []

        async def quiet() -> bool:
            started = time.monotonic()
            if await self.share(WINDOW_SECONDS) > QUIET_SHARE:
                quiet_since.clear()
            else:
                quiet_since.append(started)
            return len(quiet_since) == windows

        await until(quiet, "it does not come to rest", seconds=QUIET_SECONDS)
        return quiet_since[0]
