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
    days = library.days_of(sn)
    files = [*_files(library, sn, days)]
    return Stock(
        count=len(files),
        kept=sum(is_kept(file) for file, _ in files),
        size=sum(size for _, size in files),
        since=min(days, default=None),
    )


def _files(library: Library, sn: str, days: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the names of the pictures of some days, and their sizes."""
    for day in days:
        for name in library.names(sn, day):
            # It may have been removed meanwhile.
            with suppress(OSError):
                yield name, (library.root / name).stat().st_size
