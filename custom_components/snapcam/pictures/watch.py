"""Look at each picture after it is answered, if anybody wants to know."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.sun import is_up
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..models import Snapshot
from .inbox import CLOSE_SECONDS, SnapshotEvent
from .sense import Impression, Sense
from .store import PictureStore

WATCHED: HassKey[dict[object, set[str]]] = HassKey(f"{DOMAIN}_watched")
"""By what needs the changes in pictures: the entries of the cameras."""


class PictureWatch:
    """Announce what happens to pictures, with what is found in them."""

    def __init__(
        self,
        hass: HomeAssistant,
        store: PictureStore,
        *,
        run: Callable[[Coroutine[Any, Any, None]], None],
        is_wanted: Callable[[], bool],
        on_event: Callable[[SnapshotEvent], None],
    ) -> None:
        """Initialize the watch.

        Args:
            hass: Home Assistant.
            store: Has the pictures.
            run: Does something in the background.
            is_wanted: Tells whether anybody wants to know; otherwise nothing is done.
            on_event: Announces what has happened.
        """
        self._hass = hass
        self._store = store
        self._run = run
        self._is_wanted = is_wanted
        self._on_event = on_event
        self._turn = asyncio.Lock()
        self.sense = Sense()

    @callback
    def async_announce(self, event: SnapshotEvent) -> None:
        """Announce what has happened; the camera is not kept waiting for it."""
        if self._is_wanted() or self._turn.locked():
            self._run(self._async_announce(event))
        else:
            self._on_event(event)

    async def async_close(self) -> None:
        """Wait until all that has happened is announced."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._turn:
                pass

    async def _async_announce(self, event: SnapshotEvent) -> None:
        """Look at a picture, then announce it; one after the other."""
        async with self._turn:
            if event.snapshot is not None:
                impression = await self._async_look(event.snapshot)
                event = event._replace(impression=impression)
            self._on_event(event)

    async def _async_look(self, snapshot: Snapshot) -> Impression | None:
        """Return what is found in a picture; None if it is gone or cannot be read."""
        if (content := await self._store.async_content(snapshot)) is None:
            return None
        return await self._hass.async_add_executor_job(
            self._see, content, snapshot.captured_at
        )

    def _see(self, content: bytes, taken_at: datetime) -> Impression | None:
        """Look at a picture; it blocks."""
        return self.sense.see(content, taken_at, is_day=is_up(self._hass))


@callback
def is_watched(hass: HomeAssistant, entry_id: str) -> bool:
    """Return whether the changes in the pictures of a camera are to be found."""
    return any(entry_id in entries for entries in hass.data.get(WATCHED, {}).values())
