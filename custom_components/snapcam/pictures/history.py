"""The pictures of one camera on disk. Everything here blocks: call it in the executor."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
import errno
import os
from pathlib import Path
import secrets
from typing import Final

from homeassistant.util import dt as dt_util

from ..models import Snapshot
from ..protocol import sniff_content_type
from .choice import Choice
from .files import (
    check_free,
    free_path,
    is_file,
    remove,
    remove_empty,
    status,
    sync_folder,
)
from .library import CONTENT_TYPES, Library, changed_at, is_kept, renamed

_SUFFIXES: Final = {
    content_type: suffix for suffix, content_type in CONTENT_TYPES.items()
}

_TEMPORARY: Final = ".*.tmp"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long pictures are kept; whatever it says, the newest one is."""

    days: int
    count: int
    size: int
    """Of all pictures together, in bytes."""


@dataclass
class _Day:
    """What is known of a day's folder."""

    changed: int
    """When the folder itself was changed, in nanoseconds."""
    count: int
    size: int


class History:
    """The pictures of one camera: each is written as a whole or not at all."""

    def __init__(self, library: Library, sn: str, keep: Retention) -> None:
        """Initialize with nothing read."""
        self.library = library
        self._sn = sn
        self._keep = keep
        self._folder = library.root / sn
        self._days: dict[str, _Day] = {}
        self._counted = False
        self._overdue: set[str] = set()

    def load(self) -> Snapshot | None:
        """Describe the newest picture; None if there is none."""
        for path in self._folder.glob(_TEMPORARY):
            remove(path)
        for name in self._latest_first():
            if (snapshot := self._inspect(f"{self._sn}/{name}")) is not None:
                return snapshot
        return None

    def read(self, name: str) -> bytes | None:
        """Return a picture by its name; None if it is gone."""
        try:
            path = self.library.path(name)
            return path.read_bytes() if path else None
        except OSError:
            return None

    def save(self, pictures: Sequence[tuple[Snapshot, bytes]]) -> list[str]:
        """Store pictures and return their names.

        Raises:
            OSError: They could not be stored, and nothing is left of them; ENOSPC if
                there is too little space left.
        """
        self._make_folder(self._folder)
        self.check_space()
        known = set(self._days)
        days = [_day(snapshot) for snapshot, _ in pictures]
        for day in set(days):
            self._make_folder(self._folder / day)
            self._count_day(day)
        paths = self._write_all(pictures, days)
        for day, (snapshot, _) in zip(days, pictures, strict=True):
            self._note(day, 1, snapshot.size)
        # Looking at all days takes longer than storing a picture.
        if self._counted and (not known.issuperset(days) or self._too_many()):
            self._survey()
            self._prune(date.fromisoformat(days[-1]), stored=paths[-1])
        return [f"{self._sn}/{path.parent.name}/{path.name}" for path in paths]

    def check_space(self) -> None:
        """Check that enough space is left for others too.

        Raises:
            OSError: There is too little (ENOSPC), or no folder for media.
        """
        folder = self._folder
        check_free(folder if folder.is_dir() else self.library.root.parent)

    def tidy(self) -> None:
        """Remove what is not to be kept any longer.

        A picture is too old only if it was so the last time as well: a clock that is
        wrong for a while, as after a start without a network, costs none.

        Raises:
            OSError: There is too little space for new ones (ENOSPC), or no folder.
        """
        self._survey()
        today = dt_util.now().date()
        first = (today - timedelta(days=self._keep.days)).isoformat()
        overdue = {day for day in self._days if day < first}
        self._prune(today, too_old=overdue & self._overdue)
        self._overdue = overdue
        self._counted = True
        days = self.library.folders(self._sn)
        self.library.thumbnails.forget_all(self._sn, but=days)
        self.check_space()

    def keep(self, choice: Choice, *, kept: bool) -> dict[str, str]:
        """Have pictures survive all limits, or no longer; return the new names by the old.

        Raises:
            OSError: One could not be renamed; those before it are.
        """
        names: dict[str, str] = {}
        for name in dict.fromkeys(choice.find(self.library, self._sn)):
            path = self.library.root / name
            file = renamed(path.name, kept=kept)
            if file != path.name:
                path.replace(path.with_name(file))
                names[name] = f"{self._sn}/{path.parent.name}/{file}"
        self._settle(names)
        return names

    def delete(self, choice: Choice) -> list[str]:
        """Remove pictures, also kept ones; return the names of those that were there.

        Raises:
            OSError: One could not be removed; those before it are.
        """
        names = list(dict.fromkeys(choice.find(self.library, self._sn)))
        for name in names:
            (self.library.root / name).unlink(missing_ok=True)
            self.library.thumbnails.forget(name)
        self._settle(names)
        return names

    def _settle(self, names: Iterable[str]) -> None:
        """Have the disk know what has changed, and count the days again."""
        for day in {name.split("/")[1] for name in names}:
            sync_folder(self._folder / day)
            self._days.pop(day, None)
            self._count_day(day)

    def _latest_first(self) -> Iterator[str]:
        """Return the names of all pictures; a time to come is of a clock that was wrong."""
        now = dt_util.now()
        past = f"{now:%Y-%m-%d/%H%M%S-%f}~"
        for day in reversed(self._ordered(now.date(), self.library.days(self._sn))):
            names = [f"{day}/{file}" for file in self.library.files(self._sn, day)]
            yield from sorted(names, key=lambda name: name > past)

    def _inspect(self, name: str) -> Snapshot | None:
        """Describe a picture without reading it; None if it is none."""
        try:
            with (self.library.root / name).open("rb") as file:
                content_type = sniff_content_type(file.read(12))
                known = os.fstat(file.fileno())
        except OSError:
            return None
        if content_type is None:
            return None
        return Snapshot(
            captured_at=datetime.fromtimestamp(known.st_mtime_ns / 1e9, UTC),
            content_type=content_type,
            size=known.st_size,
            name=name,
        )

    def _make_folder(self, folder: Path) -> None:
        """Make a folder, and those above it, but not the one for media.

        Where that is missing, a share is not mounted: what was written there would be
        hidden as soon as it is.

        Raises:
            OSError: It cannot be made.
        """
        if folder.is_dir():
            return
        if folder == self.library.root.parent:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)

    def _write_all(
        self, pictures: Iterable[tuple[Snapshot, bytes]], days: Iterable[str]
    ) -> list[Path]:
        """Write pictures; they are on the disk when this returns.

        Raises:
            OSError: They are not; nothing is left of them.
        """
        paths: list[Path] = []
        try:
            for (snapshot, content), day in zip(pictures, days, strict=True):
                paths.append(self._write(self._folder / day, snapshot, content))
            for folder in {path.parent for path in paths}:
                sync_folder(folder)
        except OSError:
            for path in paths:
                remove(path)
            raise
        return paths

    def _write(self, folder: Path, snapshot: Snapshot, content: bytes) -> Path:
        """Write a picture; its name lasts once the folder is synced.

        Raises:
            OSError: It could not be written; nothing is left of it.
        """
        temporary = self._folder / _TEMPORARY.replace("*", secrets.token_hex(8))
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                # Some shares refuse it; the name tells the time as well.
                with suppress(OSError):
                    seconds = snapshot.captured_at.timestamp()
                    nanoseconds = round(seconds * 1_000_000) * 1_000
                    os.utime(file.fileno(), ns=(nanoseconds, nanoseconds))
                os.fsync(file.fileno())
            local = dt_util.as_local(snapshot.captured_at)
            path = free_path(folder, local, _SUFFIXES[snapshot.content_type])
            return temporary.replace(path)
        except OSError:
            remove(temporary)
            raise

    def _survey(self) -> None:
        """Count again what somebody else has changed since it was counted."""
        found = set(self.library.days(self._sn))
        for day in self._days.keys() - found:
            del self._days[day]
        for day in found:
            self._count_day(day)
        for day in set(self.library.folders(self._sn)) - found:
            remove_empty(self._folder / day)

    def _count_day(self, day: str) -> None:
        """Count a day's pictures again if somebody else has changed them."""
        changed = changed_at(self._folder / day)
        if day not in self._days or self._days[day].changed != changed:
            sizes = self._sizes(day)
            self._days[day] = _Day(changed, len(sizes), sum(sizes))

    def _sizes(self, day: str) -> list[int]:
        """Return the sizes of a day's pictures; kept ones do not count."""
        files = self._limited(day)
        found = (status(self._folder / day / file) for file in files)
        return [known.st_size for known in found if is_file(known)]

    def _limited(self, day: str) -> list[str]:
        """Return a day's pictures that the limits are for, the latest first."""
        files = self.library.files(self._sn, day)
        return [file for file in files if not is_kept(file)]

    def _note(self, day: str, count: int, size: int) -> None:
        """Take note of a picture we have added, or removed."""
        known = self._days.setdefault(day, _Day(0, 0, 0))
        known.count += count
        known.size += size
        known.changed = changed_at(self._folder / day)

    def _prune(
        self,
        today: date,
        *,
        too_old: Collection[str] = (),
        stored: Path | None = None,
    ) -> None:
        """Remove the oldest pictures, and the days they leave empty.

        Args:
            today: The date up to which days are of the past.
            too_old: Days of which nothing is to be kept.
            stored: A picture that stays: by its name it may be an old one, if the
                clock was put back.
        """
        for day in self._ordered(today, self._days):
            if day not in too_old and not self._too_many():
                continue
            folder = self._folder / day
            for file in reversed(self._limited(day)):
                if day not in too_old and not self._too_many():
                    break
                if self._count <= 1:
                    return
                if folder / file != stored:
                    size = remove(folder / file)
                    if size is not None:
                        self._note(day, -1, -size)
                        self.library.thumbnails.forget(f"{self._sn}/{day}/{file}")
            if not self.library.files(self._sn, day):
                remove_empty(folder)
                del self._days[day]

    @staticmethod
    def _ordered(today: date, days: Iterable[str]) -> list[str]:
        """Return days, the oldest first; those to come are of a clock that was wrong."""
        return sorted(days, key=lambda day: (day <= today.isoformat(), day))

    def _too_many(self) -> bool:
        """Return whether the pictures are too many, or too large together."""
        size = sum(day.size for day in self._days.values())
        return self._count > self._keep.count or size > self._keep.size

    @property
    def _count(self) -> int:
        """Return how many pictures there are."""
        return sum(day.count for day in self._days.values())


def _day(snapshot: Snapshot) -> str:
    """Return the day a picture is stored under."""
    return dt_util.as_local(snapshot.captured_at).date().isoformat()
