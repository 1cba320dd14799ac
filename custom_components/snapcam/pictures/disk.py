"""The folder for media, which may hang: what blocks on it does so in a few threads of its own."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable
from contextlib import asynccontextmanager
import errno
import os
from typing import Any, Final
from weakref import WeakValueDictionary

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.singleton import singleton
from homeassistant.util.executor import InterruptibleThreadPoolExecutor
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

THREADS: Final = 4

PATIENCE_SECONDS: Final = 8.0
"""Who waits longer for the folder is told that it does not answer; Home Assistant itself
waits ten seconds for the picture of an entity."""

DISK: HassKey[Disk] = HassKey(f"{DOMAIN}_disk")


class Disk:
    """Work with the folder for media, and give up waiting for it.

    A job that hangs cannot be stopped. It keeps its thread, but none of Home
    Assistant's, and nobody waits for it.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nothing to do."""
        self._hass = hass
        self._executor = InterruptibleThreadPoolExecutor(
            max_workers=THREADS, thread_name_prefix="snapcam_disk"
        )
        self._places = asyncio.Semaphore(THREADS)
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._shared: dict[Hashable, asyncio.Future[Any]] = {}
        self.running: set[asyncio.Future[Any]] = set()
        """The jobs that have a thread."""
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, self._async_close)

    async def async_run[*ArgsT, ResultT](
        self, line: str, job: Callable[[*ArgsT], ResultT], *args: *ArgsT
    ) -> ResultT:
        """Do a job; those of one line are done one after the other.

        Raises:
            OSError: As the job does; ETIMEDOUT if the folder does not answer.
        """
        lock = self._lines.setdefault(line, asyncio.Lock())
        async with _patience():
            await lock.acquire()
            try:
                await self._places.acquire()
                future = self._begin(job, *args)
            except BaseException:
                lock.release()
                raise
            future.add_done_callback(lambda _: lock.release())
            return await outcome(future)

    async def async_share[*ArgsT, ResultT](
        self, key: Hashable, job: Callable[[*ArgsT], ResultT], *args: *ArgsT
    ) -> ResultT:
        """Do a job that only reads; who wants the same meanwhile gets the same.

        Raises:
            OSError: As the job does; ETIMEDOUT if the folder does not answer.
        """
        async with _patience():
            if key not in self._shared:
                await self._places.acquire()
                if key in self._shared:
                    self._places.release()
                else:
                    self._shared[key] = future = self._begin(job, *args)
                    future.add_done_callback(lambda _: self._shared.pop(key))
            result: ResultT = await outcome(self._shared[key])
            return result

    def _begin[*ArgsT, ResultT](
        self, job: Callable[[*ArgsT], ResultT], *args: *ArgsT
    ) -> asyncio.Future[ResultT]:
        """Begin a job that has a place."""
        try:
            future = self._hass.loop.run_in_executor(self._executor, job, *args)
        except BaseException:
            self._places.release()
            raise
        self.running.add(future)
        future.add_done_callback(self._async_end)
        return future

    @callback
    def _async_end(self, future: asyncio.Future[Any]) -> None:
        """Give a place to the next job."""
        self.running.discard(future)
        self._places.release()
        if not future.cancelled():
            # Nobody may wait any more for what has failed.
            future.exception()

    async def _async_close(self, _event: Event) -> None:
        """Let go of the threads, also of those that hang."""
        await self._hass.async_add_executor_job(self._executor.shutdown)


async def outcome[ResultT](job: asyncio.Future[ResultT]) -> ResultT:
    """Await a job that goes on, and fails unheard, if nobody waits any more."""
    # `asyncio.shield` would report that as an error that nobody has handled.
    await asyncio.wait([job])
    return job.result()


@asynccontextmanager
async def _patience() -> AsyncGenerator[None]:
    """Wait only so long for the folder.

    Raises:
        OSError: It does not answer (ETIMEDOUT).
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except TimeoutError as err:
        if err.errno is not None:
            raise
        raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from err


@singleton(DISK)
@callback
def async_get_disk(hass: HomeAssistant) -> Disk:
    """Return the way to the folder for media."""
    return Disk(hass)


async def async_look[*ArgsT, ResultT](
    hass: HomeAssistant,
    error: type[HomeAssistantError],
    look: Callable[[*ArgsT], ResultT],
    *args: *ArgsT,
) -> ResultT:
    """Look something up in the folder for media, for somebody who waits in front of it.

    Args:
        hass: Home Assistant.
        error: What to raise.
        look: Does it; it blocks.
        args: What it is given.

    Raises:
        HomeAssistantError: The folder does not answer.
    """
    try:
        return await async_get_disk(hass).async_share(object(), look, *args)
    except OSError as err:
        raise error(translation_domain=DOMAIN, translation_key="folder_silent") from err
