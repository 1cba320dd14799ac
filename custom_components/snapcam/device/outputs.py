"""The IO lines of a camera, and pulses that end whatever happens meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
import logging
from typing import Final

from homeassistant.core import callback

from ..protocol import (
    SnapcamBusyError,
    SnapcamError,
    SnapcamLostError,
    SnapcamNotConnectedError,
    SnapcamRefusedError,
)
from .device import SnapcamDevice

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS: Final = 5.0
"""A line that is stuck may be an open door, so it is tried again and again."""

_NOT_DONE: Final = (
    SnapcamBusyError,
    SnapcamNotConnectedError,
    SnapcamRefusedError,
)
"""After these errors the camera has surely not set anything."""

type Lines = dict[str, bool]
"""IO lines by name, `io0` and `io1`, with their values."""


class Outputs:
    """Set the IO lines of one camera.

    Lines that are to go back are kept in the camera's state, which survives a restart.
    One that is set by somebody else during its pulse is left to them.
    """

    def __init__(self, camera: SnapcamDevice) -> None:
        """Initialize with the camera."""
        self._camera = camera
        self._pulses: dict[str, object] = {}

    async def async_set(self, **lines: bool) -> None:
        """Set one or both lines; the other keeps its acknowledged value, or 0.

        Raises:
            SnapcamError: The camera did not acknowledge it.
        """

        async def begin() -> Lines:
            return lines

        await self._async_send(begin)
        self._forget(lines)

    async def async_pulse(self, lines: Lines, seconds: float) -> None:
        """Set lines, and have them go back after some seconds.

        Raises:
            SnapcamError: The camera did not acknowledge it. If it may have set the lines
                nevertheless, they go back at once.
        """
        pulse = object()
        former = self._pulses, self._pending

        async def begin() -> Lines:
            nonlocal former
            former = self._pulses, self._pending
            self._pulses = self._pulses | dict.fromkeys(lines, pulse)
            self._remember(self._pending | {name: not on for name, on in lines.items()})
            # Stored first: a line that is never set back may be an open door.
            await self._camera.async_save()
            return lines

        try:
            await self._async_send(begin)
        except BaseException as err:
            if isinstance(err, _NOT_DONE) and not isinstance(err, SnapcamLostError):
                # What was to end before still has to.
                if self._lines(pulse):
                    self._pulses, pending = former
                    self._remember(pending)
            else:
                self._release(pulse, 0)
            raise
        self._release(pulse, seconds)

    @callback
    def async_resume(self) -> None:
        """End the pulses that a restart has interrupted."""
        self._release(None, 0)

    def _release(self, pulse: object, seconds: float) -> None:
        """End a pulse in the background."""
        self._camera.async_run(self._async_release(pulse, seconds))

    async def _async_release(self, pulse: object, seconds: float) -> None:
        """Set back after some seconds what a pulse has set, until it is acknowledged.

        Args:
            pulse: The pulse; None for the lines that were in one before a restart.
            seconds: Its length.
        """

        async def begin() -> Lines:
            return self._lines(pulse)

        await asyncio.sleep(seconds)
        while not self._camera.client.closed:
            try:
                await self._async_send(begin)
            except SnapcamError as err:
                _LOGGER.debug("A pulse could not be ended: %s", err)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._forget(self._lines(pulse))
                return

    async def _async_send(self, begin: Callable[[], Awaitable[Lines]]) -> None:
        """Set lines, and show them once they are acknowledged.

        Args:
            begin: Returns the lines, if any. It is awaited when it is their turn, so
                that what is noted of pulses follows the order in which lines are set.
        """
        camera = self._camera

        async def both() -> tuple[bool, bool] | None:
            if not (lines := await begin()):
                return None
            return (
                bool(lines.get("io0", camera.data.io0)),
                bool(lines.get("io1", camera.data.io1)),
            )

        if (values := await camera.client.set_outputs(both)) is not None:
            io0, io1 = values
            camera.async_set(replace(camera.data, io0=io0, io1=io1))

    @property
    def _pending(self) -> Lines:
        """Return the lines that are to go back, with those values."""
        return dict(self._camera.data.release)

    def _lines(self, pulse: object) -> Lines:
        """Return those of them that are still a pulse's."""
        pending = self._pending.items()
        return {name: on for name, on in pending if self._pulses.get(name) is pulse}

    def _forget(self, lines: Lines) -> None:
        """Leave lines as they are."""
        for name in lines:
            self._pulses.pop(name, None)
        self._remember({n: on for n, on in self._pending.items() if n not in lines})

    def _remember(self, pending: Lines) -> None:
        """Set which lines are to go back."""
        release = tuple(pending.items())
        self._camera.async_set(replace(self._camera.data, release=release))
