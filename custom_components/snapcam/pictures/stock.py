"""How much is stored of a camera. Everything here blocks."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from .library import Library, is_kept


@dataclass(frozen=True, kw_only=True)
class Stock:
    """How much is stored of a camera."""

    count: int
    kept: int
    """How many of them survive all limits."""
    size: int
    """Of all of them together, in bytes."""
    since: str | None
    """The first day that has any; None if there are none."""


def take_stock(library: Library, sn: str) -> Stock:
    """Count the pictures of a camera."""
    days = library.days(sn)
    sizes = dict(_sizes(library, sn, days))
    return Stock(
        count=len(sizes),
        kept=sum(map(is_kept, sizes)),
        size=sum(sizes.values()),
        since=min(days, default=None),
    )


def _sizes(library: Library, sn: str, days: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the names and sizes of the pictures of some days."""
    for day in days:
        for file in library.files(sn, day):
            name = f"{sn}/{day}/{file}"
            # It may have been removed meanwhile.
            with suppress(OSError):
                yield name, (library.root / name).stat().st_size
