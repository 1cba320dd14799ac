"""Remove what looks alike once its day is long over. Everything here blocks."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from homeassistant.util import dt as dt_util

from .changes import Changes, find_changes, is_new
from .files import THINNED, remove, sync_folder
from .library import Library, is_kept, stem

SETTLED: Final = timedelta(days=1)


class Thinning:
    """Keep one an hour of those pictures of a camera that show nothing new.

    Each day has its turn once, and has a mark then: what is left of it would be
    compared with others the next time.
    """

    def __init__(self, library: Library, sn: str) -> None:
        """Initialize with nothing due."""
        self._library = library
        self._sn = sn
        self._due: set[str] = set()
        self._changes: Changes = {}

    def next_day(self) -> str | None:
        """Return a day whose turn it is; None if there is none.

        It is due only if it was so the last time as well: a clock that is wrong for a
        while, as after a start without a network, costs no picture. The last day that
        has pictures is spared, as the picture that people see is of it.
        """
        today = dt_util.now().date()
        first = (today - SETTLED).isoformat()
        days = [x for x in self._library.days(self._sn) if x <= today.isoformat()]
        due = {day for day in days[1:] if day < first}
        ready, self._due = due & self._due, due
        self._changes = {}
        return next((day for day in days if day in ready and self._is_left(day)), None)

    def thin(self, day: str) -> bool:
        """Look at some more pictures of a day, and tell whether all is done.

        Raises:
            OSError: The mark could not be made.
        """
        changes, is_complete = find_changes(self._library, self._sn, day, self._changes)
        self._changes = changes
        if not is_complete:
            return False
        for file in self._alike(day, {x for x in changes if not is_new(changes[x])}):
            if remove(self._folder(day) / file) is not None:
                self._library.thumbnails.forget(f"{self._sn}/{day}/{file}")
        (self._folder(day) / THINNED).touch()
        sync_folder(self._folder(day))
        return True

    def _alike(self, day: str, quiet: set[str]) -> list[str]:
        """Return a day's pictures that show nothing new, without the first of each hour."""
        alike: list[str] = []
        last, hours = "", 0
        shown: set[tuple[int, str]] = set()
        for file in reversed(self._library.files(self._sn, day)):
            # The hour that summer time ends with comes twice.
            hours += stem(file) < last
            last = stem(file)
            if last in quiet and not is_kept(file):
                if (hours, last[:2]) in shown:
                    alike.append(file)
                shown.add((hours, last[:2]))
        return alike

    def _is_left(self, day: str) -> bool:
        """Return whether a day has not had its turn yet."""
        return not (self._folder(day) / THINNED).exists()

    def _folder(self, day: str) -> Path:
        """Return where the pictures of a day are."""
        return self._library.root / self._sn / day
