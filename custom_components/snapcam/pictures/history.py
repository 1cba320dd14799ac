"""The pictures of one camera on disk. Everything here blocks: call it in the executor."""

from collections.abc import Collection, Iterable, Iterator
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
from typing import Final, TypeGuard

from homeassistant.util import dt as dt_util

from ..models import Snapshot
from ..protocol import sniff_content_type
from .choice import Choice
from .library import CONTENT_TYPES, Library, changed_at, is_kept, renamed

MINIMUM_FREE_BYTES: Final = 1024**3
MINIMUM_FREE_SHARE: Final = 0.05

_SUFFIXES: Final = {
    content_type: suffix for suffix, content_type in CONTENT_TYPES.items()
}

_TEMPORARY: Final = ".*.tmp"

_LEFT_BEHIND: Final = re.compile(
    r"\.DS_Store|\._.*|@eaDir|\.@__thumb|Thumbs\.db|desktop\.ini"
)
"""What file managers and network storages leave in a folder that is else empty."""

_NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)
"""What file systems say that cannot sync a folder: some network shares."""


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
            _remove(path)
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

    def save(self, content: bytes, content_type: str, captured_at: datetime) -> str:
        """Store a picture and return its name.

        Raises:
            OSError: It could not be stored; ENOSPC if there is too little space left.
        """
        self._make_folder(self._folder)
        self.check_space()
        local = dt_util.as_local(captured_at)
        day = local.date().isoformat()
        folder = self._folder / day
        self._make_folder(folder)
        is_new_day = day not in self._days
        self._count_day(day)
        path = self._write(folder, content, _SUFFIXES[content_type], captured_at)
        self._note(day, 1, len(content))
        # Looking at all days takes longer than storing a picture.
        if self._counted and (is_new_day or self._too_many()):
            self._survey()
            self._prune(local.date(), stored=path)
        return f"{self._sn}/{day}/{path.name}"

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

    def _write(
        self, folder: Path, content: bytes, suffix: str, captured_at: datetime
    ) -> Path:
        """Write a picture; it is on the disk when this returns.

        Raises:
            OSError: It is not; nothing is left of it.
        """
        path = temporary = self._folder / _TEMPORARY.replace("*", secrets.token_hex(8))
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                # Some shares refuse it; the name tells the time as well.
                with suppress(OSError):
                    nanoseconds = round(captured_at.timestamp() * 1_000_000) * 1_000
                    os.utime(file.fileno(), ns=(nanoseconds, nanoseconds))
                os.fsync(file.fileno())
            path = _free_path(folder, dt_util.as_local(captured_at), suffix)
            temporary.replace(path)
            sync_folder(folder)
        except OSError:
            _remove(temporary)
            _remove(path)
            raise
        return path

    def _survey(self) -> None:
        """Count again what somebody else has changed since it was counted."""
        found = set(self.library.days(self._sn))
        for day in self._days.keys() - found:
            del self._days[day]
        for day in found:
            self._count_day(day)
        for day in set(self.library.folders(self._sn)) - found:
            _remove_empty(self._folder / day)

    def _count_day(self, day: str) -> None:
        """Count a day's pictures again if somebody else has changed them."""
        changed = changed_at(self._folder / day)
        if day not in self._days or self._days[day].changed != changed:
            sizes = self._sizes(day)
            self._days[day] = _Day(changed, len(sizes), sum(sizes))

    def _sizes(self, day: str) -> list[int]:
        """Return the sizes of a day's pictures; kept ones do not count."""
        files = self._limited(day)
        found = (_status(self._folder / day / file) for file in files)
        return [status.st_size for status in found if _is_file(status)]

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
                    size = _remove(folder / file)
                    if size is not None:
                        self._note(day, -1, -size)
            if not self.library.files(self._sn, day):
                _remove_empty(folder)
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


def check_free(folder: Path) -> None:
    """Check that enough space is left for others too.

    Raises:
        OSError: There is too little (ENOSPC), or no such folder.
    """
    disk = shutil.disk_usage(folder)
    if disk.free < max(MINIMUM_FREE_BYTES, MINIMUM_FREE_SHARE * disk.total):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _free_path(folder: Path, local: datetime, suffix: str) -> Path:
    """Return a path that is not taken: an hour comes twice when summer time ends."""
    while any(
        folder.joinpath(f"{local:%H%M%S-%f}{kept}{suffix}").exists()
        for kept in ("", ".kept")
    ):
        local += timedelta(microseconds=1)
    return folder / f"{local:%H%M%S-%f}{suffix}"


def _remove(path: Path) -> int | None:
    """Remove a file, and return its size; None if it could not be removed."""
    with suppress(OSError):
        size = path.stat().st_size
        path.unlink()
        return size
    return None


def _remove_empty(folder: Path) -> None:
    """Remove a folder in which is nothing that somebody would miss."""
    with suppress(OSError):
        if all(_LEFT_BEHIND.fullmatch(name) for name in os.listdir(folder)):  # noqa: PTH208
            shutil.rmtree(folder, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk.

    Raises:
        OSError: They are not.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as err:
        if err.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _status(path: Path) -> os.stat_result | None:
    """Return what is known of a file; None if it is gone."""
    with suppress(OSError):
        return path.stat()
    return None


def _is_file(status: os.stat_result | None) -> TypeGuard[os.stat_result]:
    """Tell whether something is there, and a file."""
    return status is not None and stat.S_ISREG(status.st_mode)
