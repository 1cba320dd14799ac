"""Pictures that arrive, and what those that came before were answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..protocol import Request, RequestId, Ret

DUPLICATE_WINDOW: Final = 600.0
"""Seconds in which the same upload again is not a new picture."""

DUPLICATES_KEPT: Final = 30_000
"""As many as a camera may upload in that time."""

RETRIED: Final = (None, Ret.NOT_STORED, Ret.INTERNAL)
"""Answers after which the same upload is worth another try."""


@dataclass(eq=False)
class Arrival:
    """A picture on its way in."""

    data: object
    request_id: RequestId | None
    key: int | None = None
    """The same for an upload that is sent again; None for the picture of an answer."""
    is_news: bool = True
    ret: Ret | None = None
    """What to answer, once it may be answered."""

    @classmethod
    def uploaded(cls, upload: Request) -> Arrival:
        """Return what an upload brings."""
        data = upload.fields.get("data")
        # Some firmware numbers every message alike, so the content counts.
        content = data if isinstance(data, str | bytes) else None
        key = hash((upload.request_id, upload.timestamp, content))
        return cls(data, upload.request_id, key)

    @property
    def size(self) -> int:
        """Return how much memory it takes, nearly."""
        return len(self.data) if isinstance(self.data, str | bytes) else 0


class Receipts:
    """What uploads were answered in the last ten minutes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Initialize with the loop's clock."""
        self._clock = clock
        self._answered: dict[int, tuple[float, Ret]] = {}

    def find(self, key: int | None) -> Ret | None:
        """Return what an upload was answered before; None if it is a new one."""
        now = self._clock()
        while self._answered:
            oldest, (expires, _) = next(iter(self._answered.items()))
            if expires > now and len(self._answered) < DUPLICATES_KEPT:
                break
            del self._answered[oldest]
        if key is None:
            return None
        _, ret = self._answered.get(key, (0.0, None))
        return ret

    def note(self, key: int | None, ret: Ret) -> None:
        """Take note of an answer."""
        if key is not None:
            self._answered.pop(key, None)
            self._answered[key] = (self._clock() + DUPLICATE_WINDOW, ret)
