"""What a camera needs of a network, and what stands in for one that is missing."""

from collections.abc import Awaitable
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


async def lose(_payload: bytes, /, *, retain: bool) -> None:
    """Send nothing, like a camera without a connection."""


async def reach_nobody(_address: str, _body: bytes, /, *, content_type: str) -> bytes:
    """Reach no server, like a camera without a network."""
    raise PostError("no network")
