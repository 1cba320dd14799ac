"""A camera's pictures on their way in: decoded, stored, shown, handed on, announced."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
import logging
from typing import Final, NamedTuple

from homeassistant.core import HomeAssistant, callback

from ..link.captures import Wanted
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
from .sense import Impression
from .store import PictureStore

_LOGGER = logging.getLogger(__name__)

DUPLICATE_WINDOW: Final = 600.0
"""Seconds in which the same upload again is not a new picture."""

DUPLICATES_KEPT: Final = 30_000
"""As many as a camera may upload in that time."""

RETRIED: Final = (None, Ret.NOT_STORED, Ret.INTERNAL)
"""Answers after which the same upload is worth another try."""

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
    impression: Impression | None = None
    """What was found in the picture, if anybody wants to know."""


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
        self._ready = asyncio.Event()
        self._closed = False
        self._limit = RateLimit(burst=UPLOADS_AT_ONCE, per_second=UPLOADS_PER_SECOND)
        self._answered: dict[int, tuple[float, Ret]] = {}
        self._waiting = 0
        self._capture: asyncio.Task[Snapshot | SnapcamError] | None = None

    @callback
    def async_open(self) -> None:
        """Let pictures in: all that is to show and announce them is there."""
        self._ready.set()

    async def async_tidy(self, _now: datetime | None = None) -> None:
        """Remove old pictures while none is stored."""
        async with self._turn:
            await self._store.async_tidy()

    async def async_close(self) -> None:
        """Let no more pictures in, and see those that are inside to their end."""
        self._closed = True
        self._ready.set()
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
                await self._ready.wait()
                if self._closed:
                    return Ret.NOT_STORED
                return await self._async_process_upload(data, request)
        finally:
            self._waiting -= size

    async def async_take_captured(
        self, data: object, request_id: RequestId | None
    ) -> None:
        """Take in the picture of an answer to take_snapshot."""
        async with self._turn:
            await self._ready.wait()
            if not self._closed:
                await self._async_process(data, request_id)

    async def _async_process_upload(self, data: object, upload: Request) -> Ret:
        """Take in a picture, unless it is one that was taken in before."""
        # Some firmware numbers every message alike, so the content counts.
        content = data if isinstance(data, str | bytes) else None
        key = hash((upload.request_id, upload.timestamp, content))
        former = self._remembered(key)
        if former in RETRIED:
            # One that could not be stored has been shown nevertheless.
            is_news = former is not Ret.NOT_STORED
            ret = await self._async_process(
                data, upload.request_id, is_upload=True, is_news=is_news
            )
            self._answered.pop(key, None)
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
            self._on_snapshot(snapshot)
            wanted = self._client.handle_snapshot(snapshot, waiting)
            if is_news and wanted is not Wanted.BY_US:
                asked = wanted is Wanted.BY_SOMEBODY or not is_upload
                kinds = SnapshotEventType
                kind = kinds.CAPTURED if asked else kinds.UPLOADED
                self._on_event(SnapshotEvent(kind, snapshot))
            return Ret.NOT_STORED if snapshot.name is None else Ret.OK
        error = SnapcamPictureError(ret.text)
        # Whoever asked for it announces it, too.
        if self._client.handle_snapshot(error, waiting) is Wanted.BY_NOBODY:
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

    def _remembered(self, key: int) -> Ret | None:
        """Return what an upload was answered before, and forget the oldest ones."""
        now = self._hass.loop.time()
        while self._answered:
            oldest, (expires, _) = next(iter(self._answered.items()))
            if expires > now and len(self._answered) < DUPLICATES_KEPT:
                break
            del self._answered[oldest]
        _, ret = self._answered.get(key, (0.0, None))
        return ret
