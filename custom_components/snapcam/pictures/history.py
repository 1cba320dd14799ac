"""The pictures of one camera on disk. Everything here blocks: call it in the executor."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
import errno
import os
from pathlib import Path
import secrets
import shutil
import stat
from typing import Final, TypeGuard

from homeassistant.util import dt as dt_util

from ..models import Snapshot
from ..protocol import sniff_content_type
from .library import CONTENT_TYPES, Library

MINIMUM_FREE_BYTES: Final = 1024**3
MINIMUM_FREE_SHARE: Final = 0.05

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

    def load(self) -> Snapshot | None:
        """Tidy up, and describe the newest picture; None if there is none."""
        for path in self._folder.glob(_TEMPORARY):
            _remove(path)
        self.prune()
        for name in self._latest_first():
            if (snapshot := self._inspect(f"{self._sn}/{name}")) is not None:
                return snapshot
        return None

    def read(self, name: str) -> bytes | None:
        """Return a picture by its name; None if it is gone."""
        try:
            return (self.library.root / name).read_bytes()
        except OSError:
            return None

    def save(self, content: bytes, content_type: str, captured_at: datetime) -> str:
        """Store a picture and return its name.

        Raises:
            OSError: It could not be stored; ENOSPC if there is too little space left.
        """
        self.check_space()
        local = dt_util.as_local(captured_at)
        day = local.date().isoformat()
        folder = self._folder / day
        folder.mkdir(parents=True, exist_ok=True)
        is_new_day = day not in self._days
        self._count_day(day)
        temporary = self._folder / _TEMPORARY.replace("*", secrets.token_hex(8))
        try:
            temporary.write_bytes(content)
            nanoseconds = round(captured_at.timestamp() * 1_000_000) * 1_000
            os.utime(temporary, ns=(nanoseconds, nanoseconds))
            path = _free_path(folder, local, _SUFFIXES[content_type])
            temporary.replace(path)
        except OSError:
            _remove(temporary)
            raise
        self._note(day, 1, len(content))
        # Looking at all days takes longer than storing a picture.
        if is_new_day or self._too_many():
            self._survey()
            self._prune(local.date(), stored=path)
        return f"{self._sn}/{day}/{path.name}"

    def check_space(self) -> None:
        """Check that enough space is left for others too.

        Raises:
            OSError: There is too little (ENOSPC), or the folder cannot be written to.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        disk = shutil.disk_usage(self._folder)
        if disk.free < max(MINIMUM_FREE_BYTES, MINIMUM_FREE_SHARE * disk.total):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def prune(self) -> None:
        """Remove what is not to be kept any longer."""
        self._survey()
        self._prune(dt_util.now().date())

    def remove(self) -> None:
        """Remove all pictures."""
        shutil.rmtree(self._folder, ignore_errors=True)

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
                status = os.fstat(file.fileno())
        except OSError:
            return None
        if content_type is None:
            return None
        return Snapshot(
            captured_at=datetime.fromtimestamp(status.st_mtime_ns / 1e9, UTC),
            content_type=content_type,
            size=status.st_size,
            name=name,
        )

    def _survey(self) -> None:
        """Count again what somebody else has changed since it was counted."""
        found = set(self.library.days(self._sn))
        for day in self._days.keys() - found:
            del self._days[day]
        for day in found:
            self._count_day(day)

    def _count_day(self, day: str) -> None:
        """Count a day's pictures again if somebody else has changed them."""
        changed = _changed(self._folder / day)
        if day not in self._days or self._days[day].changed != changed:
            sizes = self._sizes(day)
            self._days[day] = _Day(changed, len(sizes), sum(sizes))

    def _sizes(self, day: str) -> list[int]:
        """Return the sizes of a day's pictures."""
        files = self.library.files(self._sn, day)
        found = (_status(self._folder / day / file) for file in files)
        return [status.st_size for status in found if _is_file(status)]

    def _note(self, day: str, count: int, size: int) -> None:
        """Take note of a picture we have added, or removed."""
        known = self._days.setdefault(day, _Day(0, 0, 0))
        known.count += count
        known.size += size
        known.changed = _changed(self._folder / day)

    def _prune(self, today: date, stored: Path | None = None) -> None:
        """Remove the oldest pictures, and the days they leave empty.

        Args:
            today: The date from which the days count.
            stored: A picture that stays: by its name it may be an old one, if the
                clock was put back.
        """
        first = (today - timedelta(days=self._keep.days)).isoformat()
        for day in self._ordered(today, self._days):
            if day >= first and not self._too_many():
                return
            folder = self._folder / day
            for file in reversed(self.library.files(self._sn, day)):
                if (day >= first and not self._too_many()) or self._count <= 1:
                    return
                if folder / file != stored and (size := _remove(folder / file)):
                    self._note(day, -1, -size)
            with suppress(OSError):
                folder.rmdir()
                del self._days[day]

    @staticmethod
    def _ordered(today: date, days: Iterable[str]) -> list[str]:
        """Return days, the oldest first; those to come are of a clock that was wrong."""
        return sorted(days, key=lambda day: (day <= today.isoformat(), day))

    def _too_many(self) -> bool:
        """Tell whether the pictures are too many, or too large together."""
        size = sum(day.size for day in self._days.values())
        return self._count > self._keep.count or size > self._keep.size

    @property
    def _count(self) -> int:
        """Return how many pictures there are."""
        return sum(day.count for day in self._days.values())


def _free_path(folder: Path, local: datetime, suffix: str) -> Path:
    """Return a path that is not taken: an hour comes twice when summer time ends."""
    while (path := folder / f"{local:%H%M%S-%f}{suffix}").exists():
        local += timedelta(microseconds=1)
    return path


def _remove(path: Path) -> int:
    """Remove a file, and return its size; 0 if it could not be removed."""
    with suppress(OSError):
        size = path.stat().st_size
        path.unlink()
        return size
    return 0


def _changed(folder: Path) -> int:
    """Return when a folder was changed; 0 if it is gone."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _status(path: Path) -> os.stat_result | None:
    """Return what is known of a file; None if it is gone."""
    with suppress(OSError):
        return path.stat()
    return None


def _is_file(status: os.stat_result | None) -> TypeGuard[os.stat_result]:
    """Tell whether something is there, and a file."""
    return status is not None and stat.S_ISREG(status.st_mode)
