"""A camera's pictures on their way in: decoded, told apart, stored, then shown."""

import asyncio
from collections.abc import Callable
import logging
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .history import LastPicture, Snapshot
from .protocol import (
    Picture,
    Request,
    RequestId,
    Ret,
    SnapcamPictureError,
    SnapcamPictureTooLargeError,
    decode_picture,
)

_LOGGER = logging.getLogger(__name__)

DUPLICATE_WINDOW: Final = 600.0
"""Seconds in which the same upload again is not a new picture."""

DUPLICATES_KEPT: Final = 256

INLINE_CHARACTERS: Final = 1024 * 1024
"""So much base64 is decoded in less time than a thread needs to start."""

type Taken = tuple[Snapshot | None, Ret]
"""The picture, if there is a new one, and what to answer."""

type _Upload = tuple[RequestId | None, int | None]


class PictureInbox:
    """Take in the pictures of one camera, in the order they came."""

    def __init__(
        self,
        hass: HomeAssistant,
        file: LastPicture,
        on_snapshot: Callable[[Snapshot], None],
    ) -> None:
        """Initialize with the place of the last picture and who shows it."""
        self._hass = hass
        self._file = file
        self._on_snapshot = on_snapshot
        self._turn = asyncio.Lock()
        self._accepted: dict[tuple[_Upload | None, int], float] = {}
        self._content: bytes | None = None

    async def async_load_snapshot(self) -> Snapshot | None:
        """Return what is known of the last picture, without reading it."""
        return await self._hass.async_add_executor_job(self._file.inspect)

    async def async_content(self) -> bytes | None:
        """Return the last picture; None if there is none yet."""
        if self._content is None:
            content = await self._hass.async_add_executor_job(self._file.load)
            # One may have come in meanwhile.
            self._content = self._content or content
        return self._content

    async def async_take_upload(self, request: Request) -> Taken:
        """Take in an uploaded picture, unless it is one we already have."""
        return await self._async_take(
            request.fields.get("data"), (request.request_id, request.timestamp)
        )

    async def async_take_captured(self, data: object) -> Taken:
        """Take in the picture of an answer to take_snapshot."""
        return await self._async_take(data, None)

    async def _async_take(self, data: object, upload: _Upload | None) -> Taken:
        """Decode a picture, store it, then show it."""
        if not isinstance(data, str):
            return None, Ret.MALFORMED
        async with self._turn:
            try:
                picture = await self._async_decode(data)
            except SnapcamPictureTooLargeError:
                return None, Ret.TOO_LARGE
            except SnapcamPictureError:
                return None, Ret.NOT_A_PICTURE
            # Some firmware numbers every message alike, so the content counts.
            key = (upload, hash(picture.content))
            if upload is not None and self._is_accepted(key):
                return None, Ret.OK
            snapshot, ret = await self._async_store(picture)
            if ret is Ret.OK and upload is not None:
                self._accepted[key] = self._hass.loop.time() + DUPLICATE_WINDOW
            self._content = picture.content
            self._on_snapshot(snapshot)
            return snapshot, ret

    async def _async_decode(self, data: str) -> Picture:
        """Decode a picture, a large one not in the event loop."""
        if len(data) <= INLINE_CHARACTERS:
            return decode_picture(data)
        return await self._hass.async_add_executor_job(decode_picture, data)

    async def _async_store(self, picture: Picture) -> tuple[Snapshot, Ret]:
        """Store a picture; one that cannot be stored is still worth showing."""
        snapshot = Snapshot(
            captured_at=dt_util.utcnow(),
            content_type=picture.content_type,
            size=len(picture.content),
        )
        try:
            await self._hass.async_add_executor_job(
                self._file.save, picture.content, snapshot.captured_at
            )
        except OSError as err:
            _LOGGER.warning("A snapshot could not be stored: %s", err.strerror)
            return snapshot, Ret.NOT_STORED
        return snapshot, Ret.OK

    def _is_accepted(self, key: tuple[_Upload | None, int]) -> bool:
        """Tell whether an upload was stored before, and forget the oldest ones."""
        now = self._hass.loop.time()
        while self._accepted:
            oldest, expires = next(iter(self._accepted.items()))
            if expires > now and len(self._accepted) < DUPLICATES_KEPT:
                break
            del self._accepted[oldest]
        return key in self._accepted
