"""The IO lines of a camera, and pulses that end whatever happens meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
import logging
from typing import Final

from homeassistant.core import callback

from ..issues import OUTPUT_LEFT
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

END_SECONDS: Final = 5.0
"""So long the end of pulses is waited for, when nobody could end them later."""

END_AGAIN_SECONDS: Final = 0.5

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
        self._ending = False

    async def async_set(self, **lines: bool) -> None:
        """Set one or both lines; the other keeps its acknowledged value, or 0.

        Raises:
            SnapcamError: The camera did not acknowledge it.
        """
        self._check_not_ending()

        async def begin() -> Lines:
            self._check_not_ending()
            return lines

        await self._async_send(begin)
        self._forget(lines)

    async def async_pulse(self, lines: Lines, seconds: float) -> None:
        """Set lines, and have them go back after some seconds.

        Raises:
            SnapcamError: The camera did not acknowledge it. If it may have set the lines
                nevertheless, they go back at once.
        """
        self._check_not_ending()
        pulse = object()
        former = self._pulses, self._pending

        async def begin() -> Lines:
            nonlocal former
            self._check_not_ending()
            former = self._pulses, self._pending
            self._pulses = self._pulses | dict.fromkeys(lines, pulse)
            # Written down first: a line that is never set back may be an open door.
            back = {name: not on for name, on in lines.items()}
            await self._camera.async_note(release=tuple((self._pending | back).items()))
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

    async def async_end(self) -> None:
        """End all pulses now, as nobody would do it later; begin no other one."""
        self._ending = True

        async def begin() -> Lines:
            return self._pending

        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                while self._pending:
                    try:
                        await self._async_send(begin, urgent=True)
                    except SnapcamError as err:
                        _LOGGER.debug("Pulses could not be ended: %s", err)
                        await asyncio.sleep(END_AGAIN_SECONDS)
                    else:
                        self._forget(self._pending)

    @callback
    def async_report_left(self) -> None:
        """Report the lines whose pulses could not be ended."""
        if lines := ", ".join(f"IO {name[-1]}" for name in sorted(self._pending)):
            self._camera.issues.async_raise(OUTPUT_LEFT, lines=lines)

    def _check_not_ending(self) -> None:
        """Check that lines may be set.

        Raises:
            SnapcamNotConnectedError: All pulses are just being ended.
        """
        if self._ending:
            raise SnapcamNotConnectedError("the camera is not listened to any more")

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
                await self._async_send(begin, urgent=True)
            except SnapcamError as err:
                _LOGGER.debug("A pulse could not be ended: %s", err)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._forget(self._lines(pulse))
                return

    async def _async_send(
        self, begin: Callable[[], Awaitable[Lines]], *, urgent: bool = False
    ) -> None:
        """Set lines, and show them once they are acknowledged.

        Args:
            begin: Returns the lines, if any. It is awaited when it is their turn, so
                that what is noted of pulses follows the order in which lines are set.
            urgent: Whether it is their turn before all others.
        """
        camera = self._camera

        async def both() -> tuple[bool, bool] | None:
            if not (lines := await begin()):
                return None
            return (
                bool(lines.get("io0", camera.data.io0)),
                bool(lines.get("io1", camera.data.io1)),
            )

        if (values := await camera.client.set_outputs(both, urgent=urgent)) is not None:
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
        if not self._pending:
            self._camera.issues.async_clear(OUTPUT_LEFT)

    def _remember(self, pending: Lines) -> None:
        """Set which lines are to go back."""
        release = tuple(pending.items())
        self._camera.async_set(replace(self._camera.data, release=release))
