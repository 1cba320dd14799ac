"""Pictures on disk. Everything here blocks: call it in the executor.

The folders are the index: `<sn>/<date>/<time>-<microseconds>.<type>`, by local time.
People may delete what they like in them.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
import errno
import os
from pathlib import Path
import re
import secrets
import shutil
import stat
from typing import Final

from homeassistant.util import dt as dt_util

from .protocol import SnapcamMessageError, parse_sn, sniff_content_type

MINIMUM_FREE_BYTES: Final = 1024**3
MINIMUM_FREE_SHARE: Final = 0.05

CONTENT_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_SUFFIXES: Final = {
    content_type: suffix for suffix, content_type in CONTENT_TYPES.items()
}

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FILE: Final = re.compile(r"\d{6}-\d{6}\.(?:jpg|png|webp)")
_TEMPORARY: Final = ".*.tmp"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known of a picture, without its bytes."""

    captured_at: datetime
    content_type: str
    size: int
    """Of the picture, in bytes."""
    name: str | None = None
    """Below the folder of all pictures: `<sn>/<date>/<file>`; None if not stored."""
    request_id: str | None = None
    """Of the message it came with; None if that is not known any more."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long pictures are kept; whatever it says, the newest one is."""

    days: int
    count: int
    size: int
    """Of all pictures together, in bytes."""


@dataclass(frozen=True)
class Library:
    """The pictures of all cameras, for whoever looks for one."""

    root: Path
    url: str
    """Where Home Assistant serves it, to those who have logged in."""

    def cameras(self) -> list[str]:
        """Return the serial numbers that have pictures."""
        return sorted(name for name in _listed(self.root) if self.days(name))

    def days(self, sn: str) -> list[str]:
        """Return the days that have pictures of a camera, the latest first."""
        return _matching(_DAY, _listed(self.root / sn)) if _is_sn(sn) else []

    def files(self, sn: str, day: str) -> list[str]:
        """Return the names of a day's pictures, the latest first."""
        if not (_is_sn(sn) and _DAY.fullmatch(day)):
            return []
        return _matching(_FILE, _listed(self.root / sn / day))

    def newest(self, sn: str, day: str | None = None) -> str | None:
        """Return the name of the newest picture of a camera, or of a day of it."""
        for found in self.days(sn) if day is None else [day]:
            for file in self.files(sn, found):
                return f"{sn}/{found}/{file}"
        return None

    def path(self, name: str) -> Path | None:
        """Return where a picture is by its name; None if it is not one or not there."""
        sn, _, rest = name.partition("/")
        day, _, file = rest.partition("/")
        if not (_is_sn(sn) and _DAY.fullmatch(day) and _FILE.fullmatch(file)):
            return None
        path = self.root / sn / day / file
        return path if path.is_file() else None


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
        # A day to come is one of a clock that was wrong.
        for day in self._ordered(dt_util.now().date(), self.library.days(self._sn))[
            ::-1
        ]:
            for file in self.library.files(self._sn, day):
                if (snapshot := self._inspect(f"{self._sn}/{day}/{file}")) is not None:
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
        self._survey()
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
            changed = _changed(self._folder / day)
            if day not in self._days or self._days[day].changed != changed:
                sizes = _sizes(self._folder / day)
                self._days[day] = _Day(changed, len(sizes), sum(sizes))

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


def _sizes(folder: Path) -> list[int]:
    """Return the sizes of a day's pictures."""
    return [
        status.st_size
        for name in _listed(folder)
        if _FILE.fullmatch(name)
        and (status := _status(folder / name)) is not None
        and stat.S_ISREG(status.st_mode)
    ]


def _status(path: Path) -> os.stat_result | None:
    """Return what is known of a file; None if it is gone."""
    with suppress(OSError):
        return path.stat()
    return None


def _listed(folder: Path) -> list[str]:
    """Return the names in a folder; none if there is no such folder."""
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _matching(pattern: re.Pattern[str], names: Iterable[str]) -> list[str]:
    """Return the names of a kind, the latest first."""
    return sorted(filter(pattern.fullmatch, names), reverse=True)


def _is_sn(name: str) -> bool:
    """Tell whether a folder can be a camera's."""
    try:
        return parse_sn(name) == name
    except SnapcamMessageError:
        return False
