"""Snapshots that are waited for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from ..protocol import RequestId

EARLY_SECONDS: Final = 2.0
"""So long a camera that has uploaded a picture, and then answered without one, may
take to upload the one that was asked for; else it was that."""


class Wanted(Enum):
    """Who has asked for a picture."""

    BY_NOBODY = auto()
    BY_US = auto()
    """To find out where pictures arrive, or to have a first one: not announced."""
    BY_SOMEBODY = auto()


type Decided = Callable[[Wanted], None]
"""Is told who has asked for a picture, once that is known."""


@dataclass(eq=False)
class Capture[SnapshotT]:
    """A snapshot that is waited for."""

    request_id: str
    wanted: Wanted
    answered: asyncio.Future[SnapshotT]
    """The picture in the answer."""
    uploaded: asyncio.Future[SnapshotT]
    """The first one that is uploaded after an answer without one."""
    is_delivered: bool = False
    """Whether that answer has come."""
    early: list[tuple[SnapshotT, Decided]] = field(default_factory=list)
    """What is uploaded before it, and who is to hear whether that was asked for."""

    async def async_uploaded(self) -> SnapshotT:
        """Return the picture that was uploaded for an answer without one.

        Some cameras upload it before they answer.
        """
        if self.early:
            await asyncio.wait([self.uploaded], timeout=EARLY_SECONDS)
            if self.early and not self.uploaded.done():
                snapshot, decided = self.early.pop(0)
                decided(self.wanted)
                return snapshot
        return await self.uploaded

    def result(self, request_id: RequestId | None) -> asyncio.Future[SnapshotT]:
        """Return what a picture of an answer, or of an upload, is the result of."""
        return self.uploaded if request_id is None else self.answered

    def takes(self, request_id: RequestId | None) -> bool:
        """Return whether a picture is this one: that of the answer, or an upload after it."""
        expected = (
            self.is_delivered if request_id is None else request_id == self.request_id
        )
        return expected and not self.result(request_id).done()

    def may_take(self, request_id: RequestId | None) -> bool:
        """Return whether an upload may turn out to be this one when the answer comes."""
        return request_id is None and not self.is_delivered

    def release(self) -> None:
        """Decide that nobody has asked for what was uploaded before the answer."""
        early, self.early = self.early, []
        for _, decided in early:
            decided(Wanted.BY_NOBODY)
