"""The pictures of all cameras, found by name. Everything here blocks.

The folders are the index: `<sn>/<date>/<time>-<microseconds>.<type>`, by local time,
with `.kept` before the type if the picture is to survive all limits.
People may delete what they like in them.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
import os
from pathlib import Path
import re
from typing import Final

from homeassistant.util import dt as dt_util

from ..protocol import SnapcamMessageError, parse_sn
from .thumbnail_cache import ThumbnailCache

CONTENT_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FILE: Final = re.compile(r"(\d{6}-\d{6})(\.kept)?(\.(?:jpg|png|webp))")


@dataclass(frozen=True)
class Library:
    """The stored pictures of all cameras, to be listed and read."""

    root: Path
    url: str
    """Where Home Assistant serves it, to those who have logged in."""
    thumbnails: ThumbnailCache
    """The small versions of them that were made."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """The cameras that have taken another one's place, by its serial number."""

    def owner(self, sn: str) -> str:
        """Return the camera that has what was stored under a serial number."""
        return self.owners.get(sn, sn)

    def with_former(self, sns: Iterable[str]) -> list[str]:
        """Return cameras with those whose places they have taken."""
        former: dict[str, list[str]] = {}
        for sn, owner in self.owners.items():
            former.setdefault(owner, []).append(sn)
        return [each for sn in sns for each in (sn, *former.get(sn, ()))]

    def cameras(self) -> list[str]:
        """Return the serial numbers of the cameras that have pictures."""
        return sorted({self.owner(x) for x in _listed(self.root) if self.days(x)})

    def days_of(self, camera: str) -> list[str]:
        """Return the days that have pictures of a camera, the latest first."""
        sns = self.with_former([camera])
        return sorted({day for sn in sns for day in self.days(sn)}, reverse=True)

    def names(self, camera: str, day: str) -> list[str]:
        """Return the names of a day's pictures of a camera, the latest first."""
        sns = self.with_former([camera])
        if len(sns) == 1:
            return [f"{camera}/{day}/{file}" for file in self.files(camera, day)]
        return [*self._stream_day(day, sns)]

    def days(self, sn: str) -> list[str]:
        """Return the days that have pictures under a serial number, the latest first."""
        return [day for day in self.folders(sn) if _has_pictures(self.root / sn / day)]

    def folders(self, sn: str) -> list[str]:
        """Return the days that have a folder, with pictures or without."""
        return _matching(_DAY, _listed(self.root / sn)) if is_sn(sn) else []

    def files(self, sn: str, day: str) -> list[str]:
        """Return the names of a day's pictures, the latest first."""
        if not (is_sn(sn) and _DAY.fullmatch(day)):
            return []
        folder = self.root / sn / day
        files = _matching(_FILE, _listed(folder))
        if _has_an_hour_twice(day):
            files.sort(key=lambda file: changed_at(folder / file), reverse=True)
        return files

    def stream(self, sns: Iterable[str]) -> Iterator[str]:
        """Yield the names of the pictures of cameras, the latest first, day by day."""
        all_sns = self.with_former(sns)
        days = sorted(
            ((day, sn) for sn in all_sns for day in self.folders(sn)), reverse=True
        )
        for day, found in groupby(days, itemgetter(0)):
            yield from self._stream_day(day, [sn for _, sn in found])

    def _stream_day(self, day: str, sns: Iterable[str]) -> Iterator[str]:
        """Yield the names of a day's pictures, the latest first."""
        twice = _has_an_hour_twice(day)
        # By time, and only then by camera.
        timed = [
            (changed_at(self.root / sn / day / file) if twice else 0, file, sn)
            for sn in sns
            for file in self.files(sn, day)
        ]
        for _, file, sn in sorted(timed, reverse=True):
            yield f"{sn}/{day}/{file}"

    def newest(self, camera: str) -> str | None:
        """Return the name of the newest picture of a camera."""
        return next(self.stream([camera]), None)

    def count(self) -> int:
        """Return how many pictures there are of all cameras together."""
        return sum(
            len(self.files(sn, day))
            for sn in _listed(self.root)
            for day in self.days(sn)
        )

    def path(self, name: str) -> Path | None:
        """Return where a picture is by its name; None if it is not one or not there.

        Names are remembered by others, and a picture is found by the one it had before
        it was kept or let go.
        """
        sn, _, rest = name.partition("/")
        day, _, file = rest.partition("/")
        if not (is_sn(sn) and _DAY.fullmatch(day) and _FILE.fullmatch(file)):
            return None
        folder = self.root / sn / day
        for known in (file, renamed(file, kept=not is_kept(file))):
            if (path := folder / known).is_file():
                return path
        return None


def is_kept(file: str) -> bool:
    """Return whether a picture survives all limits."""
    return ".kept." in file


def renamed(file: str, *, kept: bool) -> str:
    """Return the name of a picture's file once it is kept, or is not any more."""
    return _FILE.sub(r"\1.kept\3" if kept else r"\1\3", file)


def stem(file: str) -> str:
    """Return what the name of a picture's file says of its time."""
    return file.partition(".")[0]


def _listed(folder: Path) -> list[str]:
    """Return the names in a folder; none if there is no such folder."""
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _matching(pattern: re.Pattern[str], names: Iterable[str]) -> list[str]:
    """Return the names of a kind, the latest first."""
    return sorted(filter(pattern.fullmatch, names), reverse=True)


def _has_pictures(folder: Path) -> bool:
    """Return whether there is a picture in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        return any(_FILE.fullmatch(entry.name) for entry in entries)
    return False


def _has_an_hour_twice(day: str) -> bool:
    """Return whether the names of a day's pictures do not tell which one was first."""
    with suppress(ValueError):
        midnight = dt_util.start_of_local_day(date.fromisoformat(day))
        return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()
    return False


def changed_at(path: Path) -> int:
    """Return when a file or a folder was changed, in nanoseconds; 0 if it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def is_sn(name: str) -> bool:
    """Return whether a folder can be a camera's."""
    try:
        return parse_sn(name) == name
    except SnapcamMessageError:
        return False
