"""Time limits that do not run while cameras cannot be heard."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from homeassistant.core import callback

from ..device.device import SnapcamDevice
from ..device.liveness import offline_seconds


@asynccontextmanager
async def patience(camera: SnapcamDevice, seconds: float) -> AsyncGenerator[None]:
    """Limit the time a camera has, like `asyncio.timeout`.

    It is at least the silence after which the camera counts as offline. The limit is
    suspended while the broker is down; at least that much is left when it is back.

    Args:
        camera: The camera.
        seconds: The time it has.

    Raises:
        TimeoutError: The time is over.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    connected = True

    @callback
    def follow() -> None:
        """Suspend the limit, or set it again, when the connection changes."""
        nonlocal connected
        if connected != camera.data.connected:
            connected = camera.data.connected
            limit.reschedule(latest() if connected else None)

    def latest() -> float:
        """Return the end of its time, if it can be heard from now on."""
        return max(until, loop.time() + offline_seconds(camera.data.interval))

    async with asyncio.timeout_at(latest()) as limit:
        follow()
        unsubscribe = camera.async_add_listener(follow)
        try:
            yield
        finally:
            unsubscribe()
