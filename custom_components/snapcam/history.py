"""Pictures on disk. Everything here blocks: call it in the executor."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path

from .protocol import sniff_content_type


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known of a picture, without its bytes."""

    captured_at: datetime
    content_type: str
    size: int
    """Of the picture, in bytes."""


class LastPicture:
    """The newest picture of a camera, in one file that is replaced as a whole.

    The file's own time is the picture's, so there is no second file to disagree.
    """

    def __init__(self, path: Path) -> None:
        """Initialize with the place of the file."""
        self._path = path

    def save(self, content: bytes, captured_at: datetime) -> None:
        """Replace the picture.

        Raises:
            OSError: It could not be written; the old picture is still there.
        """
        temporary = self._path.with_name(f"{self._path.name}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            nanoseconds = round(captured_at.timestamp() * 1_000_000) * 1_000
            os.utime(temporary, ns=(nanoseconds, nanoseconds))
            temporary.replace(self._path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise

    def load(self) -> bytes | None:
        """Return the picture; None if there is none, or it is damaged."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        return content if sniff_content_type(content) else None

    def inspect(self) -> Snapshot | None:
        """Describe the picture without reading it; None if there is none."""
        try:
            with self._path.open("rb") as file:
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
        )

    def remove(self) -> None:
        """Remove the picture."""
        self._path.unlink(missing_ok=True)
