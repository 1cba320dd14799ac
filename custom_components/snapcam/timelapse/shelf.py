"""Where the videos of a camera are: `<sn>/timelapse/<name>`. Everything here blocks.

One of a whole day that was made by itself has the date for a name; any other one has
the times of its first and its last picture.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
import os
from pathlib import Path
import re
import secrets
from typing import Final

from ..pictures.files import sync_folder
from ..pictures.library import Library, is_sn
from .selection import Still

FILM_TYPES: Final = {".mp4": "video/mp4", ".webm": "video/webm"}

FOLDER: Final = "timelapse"

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FILE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:-(\d\d)(\d\d)_(\d{4}-\d\d-\d\d)-(\d\d)(\d\d))?\.(?:mp4|webm)"
)
_TEMPORARY: Final = re.compile(r"\.[0-9a-f]{16}\.tmp")


@dataclass(frozen=True)
class Shelf:
    """The videos of one camera."""

    library: Library
    sn: str

    def files(self) -> list[str]:
        """Return the names of all videos, the latest first."""
        return sorted(filter(_FILE.fullmatch, self._listed()), reverse=True)

    def of_days(self) -> list[str]:
        """Return the names of those that were made by themselves, the latest first."""
        return [file for file in self.files() if _DAY.fullmatch(Path(file).stem)]

    def of_day(self, day: str) -> list[str]:
        """Return the names of those that show one day alone, the latest first."""
        return [file for file in self.files() if _shown_days(file) == {day}]

    def remove(self, file: str) -> None:
        """Remove a video, if it can be removed."""
        with suppress(OSError):
            (self._folder / file).unlink()

    def put[ResultT](self, file: str, make: Callable[[Path], ResultT]) -> ResultT:
        """Have a video made, put it where it belongs when it is whole, and pass on the result.

        Args:
            file: Its name; what has it already is replaced.
            make: Writes a new file.

        Raises:
            OSError: It could not be written; nothing is left of it.
        """
        folder = self._folder
        folder.mkdir(exist_ok=True)
        for name in filter(_TEMPORARY.fullmatch, self._listed()):
            self.remove(name)
        temporary = folder / f".{secrets.token_hex(8)}.tmp"
        try:
            result = make(temporary)
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(folder / file)
        finally:
            self.remove(temporary.name)
        sync_folder(folder)
        return result

    @property
    def _folder(self) -> Path:
        """Return where all of them are."""
        return self.library.root / self.sn / FOLDER

    def _listed(self) -> list[str]:
        """Return all names in the folder; none if there is no folder, or no camera."""
        if not is_sn(self.sn):
            return []
        try:
            return os.listdir(self._folder)  # noqa: PTH208
        except OSError:
            return []


def film_path(library: Library, name: str) -> Path | None:
    """Return where a video is by its name; None if it is not one or not there."""
    sn, _, rest = name.partition("/")
    folder, _, file = rest.partition("/")
    if not (is_sn(sn) and folder == FOLDER and _FILE.fullmatch(file)):
        return None
    path = library.root / sn / folder / file
    return path if path.is_file() else None


def film_name(stills: Sequence[Still]) -> str:
    """Return the name of a video of pictures, without what tells its type."""
    first, last = stills[0].taken_at, stills[-1].taken_at
    return f"{first:%Y-%m-%d-%H%M}_{last:%Y-%m-%d-%H%M}"


def _shown_days(file: str) -> set[str]:
    """Return the first and the last day in a video."""
    return set(_DAY.findall(file))


def film_title(file: str) -> str:
    """Return what people read for the name of a video."""
    if (found := _FILE.fullmatch(file)) is None:
        return file
    day, hour, minute, last_day, last_hour, last_minute = found.groups()
    if hour is None:
        return day
    end = "" if last_day == day else f"{last_day} "
    return f"{day} {hour}:{minute} – {end}{last_hour}:{last_minute}"
