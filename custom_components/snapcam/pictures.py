"""A camera's pictures on their way in: decoded, stored, shown, handed on, announced."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
import errno
import logging
from pathlib import Path
from typing import Any, Final, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .client import SnapcamClient
from .const import (
    CONF_KEEP_COUNT,
    CONF_KEEP_DAYS,
    CONF_KEEP_MIB,
    DEFAULT_KEEP_COUNT,
    DEFAULT_KEEP_DAYS,
    DEFAULT_KEEP_MIB,
    DOMAIN,
)
from .history import History, Retention
from .issues import STORAGE_FAILED, STORAGE_LOW, async_report, async_withdraw
from .library import Library, Snapshot
from .limits import RateLimit
from .protocol import (
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

_LOGGER = logging.getLogger(__name__)

DUPLICATE_WINDOW: Final = 600.0
"""Seconds in which the same upload again is not a new picture."""

DUPLICATES_KEPT: Final = 256

WAITING_BYTES: Final = 64 * 1024 * 1024
"""So much of one camera may wait to be stored; a disk may hang."""

UPLOADS_AT_ONCE: Final = 500
UPLOADS_PER_SECOND: Final = 50.0
"""No camera needs as many; one that has gone mad shall not keep the others waiting."""

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
        history: History,
        client: SnapcamClient[Snapshot],
        *,
        on_snapshot: Callable[[Snapshot], None],
        on_event: Callable[[SnapshotEvent], None],
    ) -> None:
        """Initialize the inbox.

        Args:
            hass: Home Assistant.
            history: Where pictures are stored.
            client: Has the commands that wait for a picture.
            on_snapshot: Shows a picture, as soon as it is stored.
            on_event: Announces what has happened, when all else is done.
        """
        self._hass = hass
        self._history = history
        self._client = client
        self._on_snapshot = on_snapshot
        self._on_event = on_event
        self._turn = asyncio.Lock()
        self._limit = RateLimit(burst=UPLOADS_AT_ONCE, per_second=UPLOADS_PER_SECOND)
        self._answered: dict[_Key, tuple[float, Ret]] = {}
        self._waiting = 0
        self._closed = False
        self._capture: asyncio.Task[Snapshot | SnapcamError] | None = None
        self._last: tuple[Snapshot, bytes] | None = None

    async def async_load(self) -> Snapshot | None:
        """Tidy up what is stored, and return what is known of the newest picture."""
        return await self._hass.async_add_executor_job(self._history.load)

    async def async_tidy(self, _now: datetime | None = None) -> None:
        """Remove old pictures, and see whether there is space for new ones."""
        async with self._turn:
            try:
                await self._hass.async_add_executor_job(self._history.prune)
                await self._hass.async_add_executor_job(self._history.check_space)
            except OSError as err:
                self._report(err)
            else:
                async_withdraw(self._hass, STORAGE_LOW, self._client.sn)

    async def async_close(self) -> None:
        """Let the picture that is being stored be the last one."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._turn:
                pass

    async def async_content(self, snapshot: Snapshot) -> bytes | None:
        """Return the bytes of a picture; None if they are gone."""
        if self._last is not None and self._last[0] is snapshot:
            return self._last[1]
        if snapshot.name is None:
            return None
        content = await self._hass.async_add_executor_job(
            self._history.read, snapshot.name
        )
        if content is not None and self._last is None:
            self._last = (snapshot, content)
        return content

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
            snapshot = await self._client.take_snapshot()
        except SnapcamError as err:
            self._capture = None
            self._on_event(SnapshotEvent(SnapshotEventType.FAILED, error=err))
            return err
        self._capture = None
        return snapshot

    async def async_take_upload(self, request: Request) -> Ret:
        """Take in an uploaded picture, unless it is one we already have.

        Returns:
            What to answer, once it may be answered.
        """
        if not self._limit.allow():
            return Ret.NOT_STORED
        return await self._async_take(
            request.fields.get("data"), request.request_id, upload=request
        )

    async def async_take_captured(
        self, data: object, request_id: RequestId | None
    ) -> None:
        """Take in the picture of an answer to take_snapshot."""
        await self._async_take(data, request_id, upload=None)

    async def _async_take(
        self, data: object, request_id: RequestId | None, *, upload: Request | None
    ) -> Ret:
        """Take in a picture; who waits for it hears of it whatever happens."""
        size = len(data) if isinstance(data, str | bytes) else 0
        if self._waiting + size > WAITING_BYTES:
            return Ret.NOT_STORED
        self._waiting += size
        try:
            async with self._turn:
                if self._closed:
                    return Ret.NOT_STORED
                if upload is None:
                    return await self._async_process(data, request_id)
                return await self._async_process_upload(data, upload)
        finally:
            self._waiting -= size

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
            snapshot, ret = await self._async_store(picture, request_id)
            self._last = (snapshot, picture.content)
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

    async def _async_store(
        self, picture: Picture, request_id: RequestId | None
    ) -> tuple[Snapshot, Ret]:
        """Store a picture; one that cannot be stored is still worth showing."""
        snapshot = Snapshot(
            captured_at=dt_util.utcnow(),
            content_type=picture.content_type,
            size=len(picture.content),
            request_id=None if request_id is None else str(request_id),
        )
        try:
            name = await self._hass.async_add_executor_job(
                self._history.save,
                picture.content,
                picture.content_type,
                snapshot.captured_at,
            )
        except OSError as err:
            self._report(err)
            return snapshot, Ret.NOT_STORED
        for issue in (STORAGE_FAILED, STORAGE_LOW):
            async_withdraw(self._hass, issue, self._client.sn)
        return replace(snapshot, name=name), Ret.OK

    def _report(self, err: OSError) -> None:
        """Say why pictures cannot be stored, unless it is nobody's business any more."""
        if self._closed:
            return
        low = err.errno in (errno.ENOSPC, errno.EDQUOT)
        async_withdraw(
            self._hass, STORAGE_FAILED if low else STORAGE_LOW, self._client.sn
        )
        folder = self._history.library.root
        if async_report(
            self._hass,
            STORAGE_LOW if low else STORAGE_FAILED,
            self._client.sn,
            folder=str(folder),
            error=err.strerror or type(err).__name__,
        ):
            _LOGGER.warning(
                "Snapshots cannot be stored in %s: %s", folder, err.strerror
            )

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


def picture_library(hass: HomeAssistant) -> Library:
    """Return the pictures of all cameras, in the folder for local media."""
    folders = hass.config.media_dirs
    key = "local" if "local" in folders else next(iter(folders))
    return Library(root=Path(folders[key], DOMAIN), url=f"/media/{key}/{DOMAIN}")


def retention(options: Mapping[str, Any]) -> Retention:
    """Return how long the options of a camera keep its pictures."""
    return Retention(
        days=options.get(CONF_KEEP_DAYS, DEFAULT_KEEP_DAYS),
        count=options.get(CONF_KEEP_COUNT, DEFAULT_KEEP_COUNT),
        size=options.get(CONF_KEEP_MIB, DEFAULT_KEEP_MIB) * 1024**2,
    )
