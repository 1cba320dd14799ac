"""Taking turns: one at a time, in order, but for who is urgent."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turns:
    """Let one after the other go on."""

    def __init__(self) -> None:
        """Initialize with nobody there."""
        self._taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, urgent: bool = False) -> AsyncGenerator[None]:
        """Wait for a turn, and have it.

        Args:
            urgent: Whether it is the next one, whoever waits already.
        """
        if self._taken:
            await self._async_wait(urgent=urgent)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _async_wait(self, *, urgent: bool) -> None:
        """Wait until the turn is passed on to us."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if urgent:
            self._waiting.appendleft(future)
        else:
            self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            # One that was given up waiting is passed over.
            if not future.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Let the next one go on."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                return
        self._taken = False
