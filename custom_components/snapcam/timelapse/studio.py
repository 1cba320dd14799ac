"""One video at a time in the whole Home Assistant: making one takes a whole processor."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
import errno
from pathlib import Path
import shutil
from threading import Event as Flag
from typing import Any, Final

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util.executor import InterruptibleThreadPoolExecutor
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..pictures.changes import Changes, find_changes, is_new
from ..pictures.disk import outcome
from ..pictures.files import check_free
from ..pictures.library import Library, stem
from ..pictures.store import picture_library
from .errors import (
    SnapcamFilmFailedError,
    SnapcamFilmNotWrittenError,
    SnapcamFilmStoppedError,
    SnapcamNoSpaceError,
    SnapcamTooFewPicturesError,
)
from .film import Shot, encode, find_encoder
from .selection import Still, Wish, pace, read_stills, select, thin
from .shelf import FOLDER, Shelf, film_name

STUDIO: HassKey[Studio] = HassKey(f"{DOMAIN}_studio")

STOP_SECONDS: Final = 10.0

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, kw_only=True)
class Film:
    """A video that is there."""

    name: str
    """Below the folder of all pictures."""
    frames: int
    skipped: int
    """How many of the pictures that were wanted are not in it: too many, or damaged."""
    seconds: float


class Studio:
    """Make videos, one after the other."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nothing to do."""
        self._hass = hass
        self._turn = asyncio.Lock()
        self.night = asyncio.Lock()
        """Held while a video is made that nobody waits for."""
        self._closing = Flag()
        # None of Home Assistant's own, in case the disk hangs.
        self._executor = InterruptibleThreadPoolExecutor(
            max_workers=1, thread_name_prefix="snapcam_film"
        )
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, self._async_close)

    async def async_make(
        self,
        sn: str,
        wish: Wish,
        *,
        name: str | None = None,
        on_progress: Callable[[int], None] = lambda _percent: None,
    ) -> Film:
        """Make a video of a camera's pictures; who does not wait any more stops it.

        Args:
            sn: The serial number of the camera.
            wish: What is to be in it.
            name: What to call it, if not by the times of its pictures.
            on_progress: Is told how many percent are done, from 0 as it begins.

        Raises:
            SnapcamError: There is none, and nothing is left of it.
        """
        given_up = Flag()
        told = -1

        def tell(percent: int) -> None:
            nonlocal told
            if percent != told:
                told = percent
                self._hass.loop.call_soon_threadsafe(on_progress, percent)

        def is_stopped() -> bool:
            return given_up.is_set() or self._closing.is_set()

        library = picture_library(self._hass)
        job = await self._async_begin(
            make_film, library, sn, wish, name, tell, is_stopped
        )
        try:
            await asyncio.wait([job])
        except asyncio.CancelledError:
            given_up.set()
            # Nothing of it is left then, unless the disk hangs.
            await asyncio.wait([job], timeout=STOP_SECONDS)
            raise
        return job.result()

    async def async_copy(self, film: Film, filename: str) -> None:
        """Write a video to another file too.

        Raises:
            SnapcamFilmNotWrittenError: It cannot be written.
        """
        library = picture_library(self._hass)
        await outcome(await self._async_begin(copy_film, library, film, filename))

    async def _async_begin[*ArgsT, ResultT](
        self, work: Callable[[*ArgsT], ResultT], *args: *ArgsT
    ) -> asyncio.Future[ResultT]:
        """Begin what has to do with a video when its turn has come."""
        await self._turn.acquire()
        job = self._hass.loop.run_in_executor(self._executor, work, *args)
        job.add_done_callback(self._async_end)
        return job

    @callback
    def _async_end(self, job: asyncio.Future[Any]) -> None:
        """Let the next one begin."""
        self._turn.release()
        # Nobody may wait any more for what has failed.
        job.exception()

    @callback
    def _async_stop(self, _event: Event) -> None:
        """Stop what is being made, and make no more."""
        self._closing.set()

    async def _async_close(self, _event: Event) -> None:
        """Let go of the thread, also if it hangs."""
        await self._hass.async_add_executor_job(self._executor.shutdown)


@singleton(STUDIO)
@callback
def async_get_studio(hass: HomeAssistant) -> Studio:
    """Return where videos are made."""
    return Studio(hass)


def make_film(
    library: Library,
    sn: str,
    wish: Wish,
    name: str | None,
    tell: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> Film:
    """Make a video of a camera's pictures; it blocks.

    Raises:
        SnapcamError: There is none, and nothing is left of it.
    """
    tell(0)
    encoder = find_encoder()
    wanted = select(_stills(library, sn, wish, is_stopped), wish)
    stills = thin(wanted, wish)
    if len(stills) < 2:
        raise SnapcamTooFewPicturesError("too few pictures")
    file = (name or film_name(stills)) + encoder.suffix
    fps = pace(len(stills), wish)
    shots = _shots(library, stills, stamp=wish.stamp)

    def make(path: Path) -> int:
        return encode(
            shots,
            path,
            encoder,
            fps=fps,
            height=wish.height,
            look=lambda: check_free(path.parent),
            tell=tell,
            is_stopped=is_stopped,
        )

    try:
        frames = Shelf(library, sn).put(file, make)
    except OSError as err:
        if err.errno in _NO_SPACE:
            raise SnapcamNoSpaceError("no space") from err
        raise SnapcamFilmFailedError(err.strerror or type(err).__name__) from err
    return Film(
        name=f"{sn}/{FOLDER}/{file}",
        frames=frames,
        skipped=len(wanted) - frames,
        seconds=float(frames / fps),
    )


def copy_film(library: Library, film: Film, filename: str) -> None:
    """Write a video to another file too; it blocks.

    Args:
        library: Where it is.
        film: The video.
        filename: The file; missing folders are made.

    Raises:
        SnapcamFilmNotWrittenError: It cannot be written.
    """
    path = Path(filename)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(library.root / film.name, path)
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise SnapcamFilmNotWrittenError(reason) from err


def _stills(
    library: Library, sn: str, wish: Wish, is_stopped: Callable[[], bool]
) -> Iterator[Still]:
    """Return the pictures of the days that are wanted, the oldest first.

    Raises:
        SnapcamFilmStoppedError: It was stopped.
    """
    first, last = wish.span.start.date(), wish.span.end.date()
    for day in reversed(library.days(sn)):
        if first.isoformat() <= day <= last.isoformat():
            files = library.files(sn, day)[::-1]
            if wish.only_changed:
                changes = _changes(library, sn, day, is_stopped)
                files = [x for x in files if is_new(changes.get(stem(x)))]
            yield from read_stills(sn, day, files)


def _changes(
    library: Library, sn: str, day: str, is_stopped: Callable[[], bool]
) -> Changes:
    """Return what is new in the pictures of a day.

    Raises:
        SnapcamFilmStoppedError: It was stopped.
    """
    changes: Changes = {}
    is_complete = False
    while not is_complete:
        if is_stopped():
            raise SnapcamFilmStoppedError("stopped")
        changes, is_complete = find_changes(library, sn, day, changes)
    return changes


def _shots(library: Library, stills: Iterable[Still], *, stamp: bool) -> list[Shot]:
    """Return what is shown of pictures."""
    return [
        Shot(
            path=library.root / still.name,
            caption=f"{still.taken_at:%Y-%m-%d %H:%M:%S}" if stamp else None,
        )
        for still in stills
    ]
