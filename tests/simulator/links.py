"""What a camera needs of a network, and what stands in for one that is missing."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


class Publish(Protocol):
    """Sends a message to the topic on which a camera speaks."""

    def __call__(self, payload: bytes, /, *, retain: bool) -> Awaitable[None]:
        """Send one message."""


class PostError(Exception):
    """Raised when a snapshot is not delivered; its text keeps the address out."""


class Post(Protocol):
    """Posts a snapshot to an address."""

    def __call__(
        self, address: str, body: bytes, /, *, content_type: str
    ) -> Awaitable[bytes]:
        """Post one snapshot, and return the body of the reply.

        Raises:
            PostError: No reply came, or one with another status than 200.
        """


class DownloadError(Exception):
    """Raised when a package does not arrive; its text keeps the address out."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """A package, or a range of it, that arrives while it is read."""

    total: int
    """The length in bytes that the server tells, of the whole package."""
    chunks: AsyncIterator[bytes]


class Download(Protocol):
    """Gets a package from an address."""

    def __call__(
        self, address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AbstractAsyncContextManager[Body]:
        """Get the bytes from start up to, without it, stop: all of them by default.

        Raises:
            DownloadError: Here, on entry, or while the chunks are read: no reply came,
                one with another status or range than asked for, or not all of it.
        """


async def lose(_payload: bytes, /, *, retain: bool) -> None:
    """Send nothing, like a camera without a connection."""


async def reach_nobody(_address: str, _body: bytes, /, *, content_type: str) -> bytes:
    """Reach no server, like a camera without a network."""
    raise PostError("no network")


def find_nothing(
    _address: str, /, *, start: int = 0, stop: int | None = None
) -> AbstractAsyncContextManager[Body]:
    """Get nothing, like a camera without a network."""
    raise DownloadError("no network")
