"""Small versions of pictures, kept in the cache folder. Everything here blocks.

They survive a restart, are in no backup, and may be deleted by anyone at any time.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
import os
from pathlib import Path
import secrets
import shutil
from typing import Final
import zlib

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

SQUARE: Final = "square"
SIZES: Final = {SQUARE: (320, 320), "320": (320, 320), "640": (640, 640)}
"""How large they are at most, by kind: a width that was asked for, or else a square."""

LIMIT_BYTES: Final = 100 * 1024**2
"""Some ten thousand small versions."""

_CHECKSUM_BYTES: Final = 4

THUMBNAILS: HassKey[ThumbnailCache] = HassKey(f"{DOMAIN}_thumbnails")


@dataclass(eq=False)
class ThumbnailCache:
    """The small versions that were made of all cameras' pictures."""

    root: Path
    _size: int | None = field(default=None, init=False)
    """Of all of them together, at least; None if they were not counted yet."""

    def read(self, name: str, kind: str) -> bytes | None:
        """Return a small version; None if it is not there, or damaged."""
        try:
            stored = self._path(name, kind).read_bytes()
        except OSError:
            return None
        content, checksum = stored[:-_CHECKSUM_BYTES], stored[-_CHECKSUM_BYTES:]
        return content if content and checksum == _checksum(content) else None

    def write(self, name: str, kind: str, content: bytes) -> None:
        """Keep a small version, and drop the oldest ones if they are too many.

        Raises:
            OSError: It could not be written; nothing is left of it.
        """
        path = self._path(name, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            temporary.write_bytes(content + _checksum(content))
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
        if self._size is not None:
            self._size += len(content) + _CHECKSUM_BYTES
        if self._size is None or self._size > LIMIT_BYTES:
            self._size = self._shrink()

    def forget(self, name: str) -> None:
        """Drop all small versions of a picture."""
        for kind in SIZES:
            with suppress(OSError):
                self._path(name, kind).unlink(missing_ok=True)

    def forget_all(self, sn: str, *, but: list[str]) -> None:
        """Drop all small versions of a camera's pictures, but those of some days."""
        with suppress(OSError):
            for day in os.listdir(self.root / sn):  # noqa: PTH208
                if day not in but:
                    shutil.rmtree(self.root / sn / day, ignore_errors=True)
            (self.root / sn).rmdir()

    def _path(self, name: str, kind: str) -> Path:
        """Return where a small version is, whether its picture is kept or not."""
        folder, _, file = name.rpartition("/")
        return self.root / folder / f"{file.replace('.kept.', '.')}.{kind}"

    def _shrink(self) -> int:
        """Drop the oldest if they are too many, and return the size of what is left."""
        files = sorted(self._files(), reverse=True)
        size = sum(length for _, length, _ in files)
        # More than is needed, or the next one would have them counted again.
        wanted = LIMIT_BYTES * 9 // 10 if size > LIMIT_BYTES else size
        while files and size > wanted:
            _, length, path = files.pop()
            with suppress(OSError):
                path.unlink()
            size -= length
        return size

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Yield when each file was made, its size, and where it is."""
        for folder, _, files in self.root.walk():
            for file in files:
                with suppress(OSError):
                    status = (folder / file).stat()
                    yield status.st_mtime_ns, status.st_size, folder / file


@singleton(THUMBNAILS)
def thumbnail_cache(hass: HomeAssistant) -> ThumbnailCache:
    """Return the small versions that were made."""
    return ThumbnailCache(Path(hass.config.cache_path(DOMAIN, "thumbnails")))


def _checksum(content: bytes) -> bytes:
    """Return what tells whether a file is what was written."""
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES)
