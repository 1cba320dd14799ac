"""How long a camera has to show that it did what it was asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from homeassistant.core import callback

from ..device.device import SnapcamDevice
from ..device.liveness import offline_seconds


@asynccontextmanager
async def patience(camera: SnapcamDevice, seconds: float) -> AsyncGenerator[None]:
    """Give a camera some time, and one full window of silence at least.

    While the broker is down nobody can be heard, so that no time is over then; after
    it is back there is a full window again.

    Raises:
        TimeoutError: It is over.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    connected = True

    @callback
    def follow() -> None:
        """Follow the connection to the broker."""
        nonlocal connected
        if connected != camera.data.connected:
            connected = camera.data.connected
            limit.reschedule(latest() if connected else None)

    def latest() -> float:
        """Return when its time is over, if it may be heard from now on."""
        return max(until, loop.time() + offline_seconds(camera.data.interval))

    async with asyncio.timeout_at(latest()) as limit:
        follow()
        unsubscribe = camera.async_add_listener(follow)
        try:
            yield
        finally:
            unsubscribe()
