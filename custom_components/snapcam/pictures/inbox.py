"""A camera's pictures on their way in: decoded, stored, shown, handed on, announced."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
import logging
from typing import Final, NamedTuple

from homeassistant.core import HomeAssistant

from ..link.client import SnapcamClient
from ..link.limits import RateLimit
from ..models import Snapshot
from ..protocol import (
    Picture,
    Request,
    RequestId,
    Ret,
    SnapcamError,
    SnapcamMessageError,
    SnapcamPictureError,
    SnapcamPictureTooLargeError,
    check_picture,
    decode_picture,
)
from .store import PictureStore

_LOGGER = logging.getLogger(__name__)

DUPLICATE_WINDOW: Final = 600.0
"""Seconds in which the same upload again is not a new picture."""

DUPLICATES_KEPT: Final = 256

WAITING_BYTES: Final = 64 * 1024 * 1024
"""So much of one camera may wait to be stored; a disk may hang."""

UPLOADS_AT_ONCE: Final = 500
UPLOADS_PER_SECOND: Final = 50.0
"""No camera needs as many; one that misbehaves must not hold up the others."""

CLOSE_SECONDS: Final = 5.0

INLINE_CHARACTERS: Final = 1024 * 1024
"""So much base64 is decoded in less time than a thread needs to start."""


class SnapshotEventType(StrEnum):
    """What can happen to a snapshot."""

    UPLOADED = "uploaded"
    """The camera sent one by itself."""
    CAPTURED = "captured"
    """The camera sent one that was asked for."""
    FAILED = "failed"
    """One that was asked for did not come, or what the camera sent is no picture."""


class SnapshotEvent(NamedTuple):
    """Something happened to a snapshot."""

    type: SnapshotEventType
    snapshot: Snapshot | None = None
    error: SnapcamError | None = None


type _Key = tuple[RequestId | None, int | None, int]


class PictureInbox:
    """Take in the pictures of one camera, in the order they came."""

    def __init__(
        self,
        hass: HomeAssistant,
        store: PictureStore,
        client: SnapcamClient[Snapshot],
        *,
        on_snapshot: Callable[[Snapshot], None],
        on_event: Callable[[SnapshotEvent], None],
    ) -> None:
        """Initialize the inbox.

        Args:
            hass: Home Assistant.
            store: Where pictures are stored.
            client: Has the commands that wait for a picture.
            on_snapshot: Shows a picture, as soon as it is stored.
            on_event: Announces what has happened, when all else is done.
        """
        self._hass = hass
        self._store = store
        self._client = client
        self._on_snapshot = on_snapshot
        self._on_event = on_event
        self._turn = asyncio.Lock()
        self._limit = RateLimit(burst=UPLOADS_AT_ONCE, per_second=UPLOADS_PER_SECOND)
        self._answered: dict[_Key, tuple[float, Ret]] = {}
        self._waiting = 0
        self._capture: asyncio.Task[Snapshot | SnapcamError] | None = None

    async def async_tidy(self, _now: datetime | None = None) -> None:
        """Remove old pictures while none is stored."""
        async with self._turn:
            await self._store.async_tidy()

    async def async_close(self) -> None:
        """Let the picture that is being stored be the last one."""
        self._store.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._turn:
                pass

    async def async_capture(self) -> Snapshot:
        """Have the camera take a snapshot; all who ask meanwhile get the same one.

        Raises:
            SnapcamError: It did not come.
        """
        if self._capture is None:
            self._capture = self._hass.async_create_task(
                self._async_capture(),
                f"snapcam snapshot of {self._client.sn}",
                eager_start=False,
            )
        capture = self._capture
        # Who is stopped must not take it from the others.
        await asyncio.wait([capture])
        snapshot = await capture
        if isinstance(snapshot, SnapcamError):
            raise snapshot
        return snapshot

    async def _async_capture(self) -> Snapshot | SnapcamError:
        """Have the camera take a snapshot, and announce it if none comes."""
        try:
            return await self._client.take_snapshot()
        except SnapcamError as err:
            error = err
        finally:
            # Before it is announced: whoever hears of it may ask again at once.
            self._capture = None
        self._on_event(SnapshotEvent(SnapshotEventType.FAILED, error=error))
        return error

    async def async_take_upload(self, request: Request) -> Ret:
        """Take in an uploaded picture, unless it is one we already have.

        Returns:
            What to answer, once it may be answered.
        """
        data = request.fields.get("data")
        size = len(data) if isinstance(data, str | bytes) else 0
        if not self._limit.allow() or self._waiting + size > WAITING_BYTES:
            return Ret.NOT_STORED
        self._waiting += size
        try:
            async with self._turn:
                if self._client.closed:
                    return Ret.NOT_STORED
                return await self._async_process_upload(data, request)
        finally:
            self._waiting -= size

    async def async_take_captured(
        self, data: object, request_id: RequestId | None
    ) -> None:
        """Take in the picture of an answer to take_snapshot."""
        async with self._turn:
            if not self._client.closed:
                await self._async_process(data, request_id)

    async def _async_process_upload(self, data: object, upload: Request) -> Ret:
        """Take in a picture, unless it is one that was taken in before."""
        # Some firmware numbers every message alike, so the content counts.
        content = data if isinstance(data, str | bytes) else None
        key = (upload.request_id, upload.timestamp, hash(content))
        former = self._remembered(key)
        # One that could not be stored is worth another try, but is no news.
        if former in (None, Ret.NOT_STORED):
            ret = await self._async_process(
                data, upload.request_id, is_upload=True, is_news=former is None
            )
            self._answered[key] = (self._hass.loop.time() + DUPLICATE_WINDOW, ret)
            return ret
        return former

    async def _async_process(
        self,
        data: object,
        request_id: RequestId | None,
        *,
        is_upload: bool = False,
        is_news: bool = True,
    ) -> Ret:
        """Decode a picture, store and show it, hand it on, announce it."""
        waiting = None if is_upload else request_id
        try:
            picture = await self._async_decode(data)
            snapshot = await self._store.async_add(picture, request_id)
            ret = Ret.NOT_STORED if snapshot.name is None else Ret.OK
            self._on_snapshot(snapshot)
        except SnapcamMessageError:
            ret = Ret.MALFORMED
        except SnapcamPictureTooLargeError:
            ret = Ret.TOO_LARGE
        except SnapcamPictureError:
            ret = Ret.NOT_A_PICTURE
        except Exception:  # The camera waits for an answer, and so may a person.
            _LOGGER.exception("Could not handle a snapshot of %s", self._client.sn)
            ret = Ret.INTERNAL
        else:
            asked = self._client.handle_snapshot(snapshot, waiting) or not is_upload
            kinds = SnapshotEventType
            if is_news:
                kind = kinds.CAPTURED if asked else kinds.UPLOADED
                self._on_event(SnapshotEvent(kind, snapshot))
            return ret
        error = SnapcamPictureError(ret.text)
        # Whoever asked for it announces it, too.
        if not self._client.handle_snapshot(error, waiting):
            self._on_event(SnapshotEvent(SnapshotEventType.FAILED, error=error))
        return ret

    async def _async_decode(self, data: object) -> Picture:
        """Decode a picture, a large one not in the event loop."""
        if isinstance(data, bytes):
            return check_picture(data)
        if not isinstance(data, str):
            raise SnapcamMessageError(Ret.MALFORMED.text)
        if len(data) <= INLINE_CHARACTERS:
            return decode_picture(data)
        return await self._hass.async_add_executor_job(decode_picture, data)

    def _remembered(self, key: _Key) -> Ret | None:
        """Return what an upload was answered before, and forget the oldest ones."""
        now = self._hass.loop.time()
        while self._answered:
            oldest, (expires, _) = next(iter(self._answered.items()))
            if expires > now and len(self._answered) < DUPLICATES_KEPT:
                break
            del self._answered[oldest]
        _, ret = self._answered.get(key, (0.0, None))
        return ret
