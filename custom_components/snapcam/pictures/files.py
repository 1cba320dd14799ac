"""What is done with files and folders of pictures. Everything here blocks."""

from contextlib import suppress
from datetime import datetime, timedelta
import errno
import os
from pathlib import Path
import re
import shutil
import stat
from typing import Final, TypeGuard

MINIMUM_FREE_BYTES: Final = 1024**3
MINIMUM_FREE_SHARE: Final = 0.05

THINNED: Final = ".thinned"
"""Marks a folder out of which was removed what looks alike."""

_LEFT_BEHIND: Final = re.compile(
    r"\.DS_Store|\._.*|@eaDir|\.@__thumb|Thumbs\.db|desktop\.ini|\.thinned"
)
"""What file managers, network storages and we leave in a folder that is else empty."""

_NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)
"""What file systems say that cannot sync a folder: some network shares."""


def check_free(folder: Path) -> None:
    """Check that enough space is left for others too.

    Raises:
        OSError: There is too little (ENOSPC), or no such folder.
    """
    disk = shutil.disk_usage(folder)
    if disk.free < max(MINIMUM_FREE_BYTES, MINIMUM_FREE_SHARE * disk.total):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def free_path(folder: Path, local: datetime, suffix: str) -> Path:
    """Return a path that is not taken: an hour comes twice when summer time ends."""
    while any(
        folder.joinpath(f"{local:%H%M%S-%f}{kept}{suffix}").exists()
        for kept in ("", ".kept")
    ):
        local += timedelta(microseconds=1)
    return folder / f"{local:%H%M%S-%f}{suffix}"


def remove(path: Path) -> int | None:
    """Remove a file, and return its size; None if it could not be removed."""
    with suppress(OSError):
        size = path.stat().st_size
        path.unlink()
        return size
    return None


def remove_empty(folder: Path) -> None:
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


def status(path: Path) -> os.stat_result | None:
    """Return what is known of a file; None if it is gone."""
    with suppress(OSError):
        return path.stat()
    return None


def is_file(status: os.stat_result | None) -> TypeGuard[os.stat_result]:
    """Return whether something is there, and a file."""
    return status is not None and stat.S_ISREG(status.st_mode)
