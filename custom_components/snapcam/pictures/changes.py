"""What is new in stored pictures, found out when somebody asks. Everything here blocks.

It is told from the pictures themselves, so that it is also known of those that came
while nobody wanted to know. It is remembered beside their small versions: to look at a
day takes seconds, and what was removed since cannot be looked at again.
"""

from collections import deque
from contextlib import suppress
from typing import Final

import orjson

from .files import check_free
from .library import Library, stem
from .sense import BACKGROUND, Look, change_between, look_at

NEWS: Final = 5
"""With no more than this a picture shows nothing new: noise and compression do as much."""

AT_ONCE: Final = 50
"""So many pictures are looked at in less time than anybody waits for the folder."""

_KIND: Final = "changes"

type Changes = dict[str, int | None]
"""How much is new, from 0 to 100, by what the names of a day's pictures tell of their
times; None for what cannot be read, or compared with any before it."""


def is_new(change: int | None) -> bool:
    """Return whether a picture shows something new; one that cannot be compared may."""
    return change is None or change > NEWS


def find_changes(
    library: Library, sn: str, day: str, known: Changes
) -> tuple[Changes, bool]:
    """Look at some more of a day's pictures; return what is known, and whether of all.

    Args:
        library: Has the pictures.
        sn: The serial number they are stored under.
        day: The date.
        known: What was returned the last time; the cache may be full, or emptied.
    """
    changes = known | _recall(library, sn, day)
    files = library.files(sn, day)[::-1]
    unknown = [at for at, file in enumerate(files) if stem(file) not in changes]
    if not unknown:
        return changes, True
    past: deque[tuple[float, ...]] = deque(maxlen=BACKGROUND)
    names = [f"{sn}/{day}/{file}" for file in files[: unknown[0]]]
    if len(names) < BACKGROUND:
        names = [*_of_the_day_before(library, sn, day), *names]
    for name in names[-BACKGROUND:]:
        if (look := _look(library, name)) is not None:
            past.append(look.blocks)
    for at in range(unknown[0], min(len(files), unknown[0] + AT_ONCE)):
        look = _look(library, f"{sn}/{day}/{files[at]}")
        change = change_between(look, past) if look and past else None
        changes.setdefault(stem(files[at]), change)
        if look is not None:
            past.append(look.blocks)
    _remember(library, sn, day, changes)
    return changes, all(stem(file) in changes for file in files)


def _of_the_day_before(library: Library, sn: str, day: str) -> list[str]:
    """Return the last pictures that were taken before a day."""
    earlier = next((other for other in library.folders(sn) if other < day), None)
    if earlier is None:
        return []
    files = library.files(sn, earlier)[:BACKGROUND]
    return [f"{sn}/{earlier}/{file}" for file in reversed(files)]


def _look(library: Library, name: str) -> Look | None:
    """Look at a picture; None if it is gone, or cannot be read."""
    try:
        return look_at((library.root / name).read_bytes())
    except OSError:
        return None


def _recall(library: Library, sn: str, day: str) -> Changes:
    """Return what was found before."""
    stored = library.thumbnails.read(f"{sn}/{day}/all", _KIND)
    changes: Changes = orjson.loads(stored) if stored else {}
    return changes


def _remember(library: Library, sn: str, day: str, changes: Changes) -> None:
    """Remember what was found; if that cannot be, it is found again."""
    with suppress(OSError):
        library.thumbnails.root.mkdir(parents=True, exist_ok=True)
        check_free(library.thumbnails.root)
        library.thumbnails.write(f"{sn}/{day}/all", _KIND, orjson.dumps(changes))
