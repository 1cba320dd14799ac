"""A camera's pictures on their way in: decoded, stored, shown, handed on, announced."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import partial
import logging
from typing import Final, NamedTuple

from homeassistant.core import HomeAssistant, callback

from ..link.captures import Wanted
from ..link.client import SnapcamClient
from ..link.journal import Journal
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
from .arrivals import RETRIED, Arrival, Receipts
from .sense import Impression
from .store import PictureStore

_LOGGER = logging.getLogger(__name__)

WAITING_BYTES: Final = 64 * 1024 * 1024
"""So much of one camera may wait to be stored; a disk may hang."""

TOGETHER_BYTES: Final = 4 * 1024 * 1024
"""So much of what waits is stored at once, with one sync of the folder: more would
take a slow disk longer than anybody waits."""

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
        journal: Journal,
        *,
        on_snapshot: Callable[[Snapshot], None],
        on_event: Callable[[SnapshotEvent], None],
    ) -> None:
        """Initialize the inbox.

        Args:
            hass: Home Assistant.
            store: Where pictures are stored.
            client: Has the commands that wait for a picture.
            journal: Is told what is odd about a picture's base64.
            on_snapshot: Shows a picture, as soon as it is stored.
            on_event: Announces what has happened, when all else is done.
        """
        self._hass = hass
        self._store = store
        self._client = client
        self._journal = journal
        self._on_snapshot = on_snapshot
        self._on_event = on_event
        self._turn = asyncio.Lock()
        self._ready = asyncio.Event()
        self._closed = False
        self._limit = RateLimit(burst=UPLOADS_AT_ONCE, per_second=UPLOADS_PER_SECOND)
        self._receipts = Receipts(hass.loop.time)
        self._queue: deque[Arrival] = deque()
        self._waiting = 0
        self._capture: asyncio.Task[Snapshot | SnapcamError] | None = None

    @callback
    def async_open(self) -> None:
        """Let pictures in: all that is to show and announce them is there."""
        self._ready.set()

    async def async_tidy(self, _now: datetime | None = None) -> None:
        """Remove old pictures while none is stored, and then what looks alike."""
        async with self._turn:
            await self._store.async_tidy()
        await self._store.async_thin_out()

    async def async_close(self) -> None:
        """Let no more pictures in, and see those that are inside to their end."""
        self._closed = True
        self._ready.set()
        self._store.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._turn:
                pass
        self._client.settle()

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
        arrival = Arrival.uploaded(request)
        if not self._limit.allow() or self._waiting + arrival.size > WAITING_BYTES:
            return Ret.NOT_STORED
        return await self._async_take(arrival)

    async def async_take_captured(
        self, data: object, request_id: RequestId | None
    ) -> None:
        """Take in the picture of an answer to take_snapshot."""
        await self._async_take(Arrival(data, request_id))

    async def _async_take(self, arrival: Arrival) -> Ret:
        """Take in a picture when its turn has come, unless one before it has."""
        self._queue.append(arrival)
        self._waiting += arrival.size
        try:
            async with self._turn:
                await self._ready.wait()
                while arrival.ret is None:
                    if self._closed:
                        return Ret.NOT_STORED
                    await self._async_process(self._next())
        finally:
            self._waiting -= arrival.size
        return arrival.ret

    def _next(self) -> list[Arrival]:
        """Return what waits and can be stored together.

        What is sent again waits for what becomes of the first.
        """
        together: dict[int | None, Arrival] = {}
        size = 0
        for arrival in self._queue:
            size += arrival.size
            if together and (size > TOGETHER_BYTES or arrival.key in together):
                break
            together[arrival.key] = arrival
        return list(together.values())

    async def _async_process(self, arrivals: list[Arrival]) -> None:
        """Store pictures that wait, then show, hand on and announce one by one."""
        for arrival in arrivals:
            former = self._receipts.find(arrival.key)
            # One that could not be stored has been shown nevertheless.
            arrival.is_news = former is not Ret.NOT_STORED
            if former not in RETRIED:
                arrival.ret = former
        taken = [arrival for arrival in arrivals if arrival.ret is None]
        outcomes = await self._async_store(taken)
        for arrival, outcome in zip(taken, outcomes, strict=True):
            arrival.ret = _ret(outcome)
            self._receipts.note(arrival.key, arrival.ret)
        for arrival in arrivals:
            self._queue.remove(arrival)
        for arrival, outcome in zip(taken, outcomes, strict=True):
            self._conclude(arrival, outcome)

    async def _async_store(self, arrivals: list[Arrival]) -> list[Snapshot | Ret]:
        """Decode and store pictures; return what they are now, or why they are none."""
        try:
            found = [await self._async_decode(arrival.data) for arrival in arrivals]
            snapshots = iter(
                await self._store.async_add(
                    [
                        (picture, arrival.request_id)
                        for arrival, picture in zip(arrivals, found, strict=True)
                        if isinstance(picture, Picture)
                    ]
                )
            )
        except Exception:  # The camera waits for an answer, and so may a person.
            _LOGGER.exception("Could not handle a snapshot of %s", self._client.sn)
            return [Ret.INTERNAL] * len(arrivals)
        return [next(snapshots) if isinstance(x, Picture) else x for x in found]

    def _conclude(self, arrival: Arrival, outcome: Snapshot | Ret) -> None:
        """Show a picture, hand it on, announce it."""
        waiting = arrival.request_id if arrival.key is None else None
        if isinstance(outcome, Ret):
            error = SnapcamPictureError(outcome.text)
            self._client.handle_snapshot(error, waiting, partial(self._fail, error))
        else:
            self._on_snapshot(outcome)
            announce = partial(self._announce, arrival, outcome)
            self._client.handle_snapshot(outcome, waiting, announce)

    def _fail(self, error: SnapcamError, wanted: Wanted) -> None:
        """Announce what is no picture, unless it is the answer to a command."""
        if wanted is Wanted.BY_NOBODY:
            self._on_event(SnapshotEvent(SnapshotEventType.FAILED, error=error))

    def _announce(self, arrival: Arrival, snapshot: Snapshot, wanted: Wanted) -> None:
        """Announce a picture that was not announced before."""
        if arrival.is_news and wanted is not Wanted.BY_US:
            asked = wanted is Wanted.BY_SOMEBODY or arrival.key is None
            kinds = SnapshotEventType
            kind = kinds.CAPTURED if asked else kinds.UPLOADED
            self._on_event(SnapshotEvent(kind, snapshot))

    async def _async_decode(self, data: object) -> Picture | Ret:
        """Decode a picture, a large one not in the event loop; tell why it is none."""
        try:
            if isinstance(data, bytes):
                return check_picture(data)
            if not isinstance(data, str):
                return Ret.MALFORMED
            if len(data) <= INLINE_CHARACTERS:
                picture = decode_picture(data)
            else:
                job = self._hass.async_add_executor_job
                picture = await job(decode_picture, data)
        except SnapcamMessageError:
            return Ret.MALFORMED
        except SnapcamPictureTooLargeError:
            return Ret.TOO_LARGE
        except SnapcamPictureError:
            return Ret.NOT_A_PICTURE
        self._journal.note_tolerated(picture.tolerated)
        return picture


def _ret(outcome: Snapshot | Ret) -> Ret:
    """Return what to answer for what has become of a picture."""
    if isinstance(outcome, Ret):
        return outcome
    return Ret.NOT_STORED if outcome.name is None else Ret.OK
