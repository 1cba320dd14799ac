"""Work that is completed even if the caller is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from .protocol import SnapcamError


async def async_to_the_end(
    hass: HomeAssistant, work: Coroutine[Any, Any, None], name: str
) -> None:
    """Await work that goes on if its caller is cancelled.

    Raises:
        SnapcamError: As the work does; unheard if nobody waits any more.
    """

    async def caught() -> SnapcamError | None:
        try:
            await work
        except SnapcamError as err:
            return err
        return None

    task = hass.async_create_background_task(caught(), name)
    await asyncio.wait([task])
    if (error := await task) is not None:
        raise error
