"""What is read from the disk for people who wait in front of the panel."""

import asyncio
from collections.abc import Callable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

READ_SECONDS: Final = 10.0
READS_AT_ONCE: Final = 4
"""A disk that hangs must not take all threads with it."""


class Reader:
    """Read a few things at once, and none of them for ever."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nothing being read."""
        self._hass = hass
        self._at_once = asyncio.Semaphore(READS_AT_ONCE)

    async def async_read[*Ts, T](self, read: Callable[[*Ts], T], *args: *Ts) -> T:
        """Return what is read from the disk.

        Raises:
            HomeAssistantError: It takes too long.
        """
        try:
            async with asyncio.timeout(READ_SECONDS):
                await self._at_once.acquire()
                job = self._hass.async_add_executor_job(read, *args)
                # Only when the thread is free again may the next one begin.
                job.add_done_callback(lambda _: self._at_once.release())
                return await asyncio.shield(job)
        except TimeoutError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="media_slow"
            ) from err


_READER: Final[HassKey[Reader]] = HassKey("snapcam_panel_reader")


@callback
def async_get_reader(hass: HomeAssistant) -> Reader:
    """Return the reader all browsers share."""
    return hass.data.setdefault(_READER, Reader(hass))
