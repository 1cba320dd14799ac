"""The answers that are due, and what to do when they do not come."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
import json
import sys

ANSWER_SECONDS = 30.0
TRIES = 3
SHOWN = 10
"""So many of those that are missing are named."""


class SpoiledError(Exception):
    """Raised when a measurement is worth nothing; says why."""


class Answers:
    """The answers that cameras get, by the request they answer."""

    def __init__(self) -> None:
        """Initialize with none."""
        self._codes: dict[str, int] = {}
        self._come = asyncio.Event()

    def take(self, payload: bytes) -> None:
        """Take what a camera gets, and keep it if it is an answer."""
        message = json.loads(payload)
        if message["operate"].endswith("_rsp"):
            self._codes[message["request_id"]] = message["ret"]
            self._come.set()

    async def wait(
        self, due: Collection[str], *, seconds: float = ANSWER_SECONDS
    ) -> None:
        """Wait until all that are due have come, and forget them.

        Raises:
            SpoiledError: Some have not come in time, or do not tell of success.
        """
        try:
            async with asyncio.timeout(seconds):
                while not self._codes.keys() >= set(due):
                    self._come.clear()
                    await self._come.wait()
        except TimeoutError:
            missing = [
                request_id for request_id in due if request_id not in self._codes
            ]
            raise SpoiledError(
                f"{len(missing)} of {len(due)} not answered within {seconds:g} s: "
                + listed(missing)
            ) from None
        codes = {request_id: self._codes.pop(request_id) for request_id in due}
        if refused := [f"{key} with {code}" for key, code in codes.items() if code]:
            raise SpoiledError(
                f"{len(refused)} of {len(due)} answered without success: "
                + listed(refused)
            )


def listed(names: list[str]) -> str:
    """Return names to be read, the first ones if they are many."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


async def repeated[T](name: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what is measured, at the second or third try if the first was spoiled.

    Raises:
        SpoiledError: All were.
    """
    for _ in range(TRIES - 1):
        try:
            return await attempt()
        except SpoiledError as err:
            print(f"once more: {name}: {err}", file=sys.stderr)
    return await attempt()
