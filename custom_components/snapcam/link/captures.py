"""Snapshots that are waited for."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ..protocol import SnapcamError

EARLY_SECONDS: Final = 2.0
"""So long a camera that has uploaded a picture, and then answered without one, may
take to upload the one that was asked for; else it was that."""


class Wanted(Enum):
    """Who has asked for a picture."""

    BY_NOBODY = auto()
    BY_US = auto()
    """To see where pictures arrive, or to have one to show at all: no news to people."""
    BY_SOMEBODY = auto()


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
    early: SnapshotT | SnapcamError | None = None
    """The first one that was uploaded before it, or why that was none."""

    async def async_uploaded(self) -> SnapshotT:
        """Return the picture that was uploaded for an answer without one.

        Some cameras upload it before they answer.
        """
        if self.early is None:
            return await self.uploaded
        with suppress(TimeoutError):
            async with asyncio.timeout(EARLY_SECONDS):
                return await self.uploaded
        if isinstance(self.early, SnapcamError):
            raise self.early
        return self.early
