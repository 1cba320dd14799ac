"""A disk below a folder whose power can be cut."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import shutil
import sys

import pytest

from .process import ROOT, Server

MOUNT_SECONDS = 20.0
FUSERMOUNT = "fusermount3"
DEVICE = Path("/dev/fuse")

COMMAND = "user.command"
"""The attribute of the folder that is set to one of these."""
SYNC, CUT_POWER = b"sync", b"cut power"


NEEDS_FUSE = pytest.mark.skipif(
    os.environ.get("CI") != "true"
    and (shutil.which(FUSERMOUNT) is None or not os.access(DEVICE, os.R_OK | os.W_OK)),
    reason="This user cannot mount a file system: apt-get install fuse3",
)
"""In CI, what it marks fails instead."""


class Disk:
    """A file system that has only what was synced once its power was cut."""

    def __init__(self, folder: Path) -> None:
        """Initialize with the folder that it is mounted over."""
        self.folder = folder

    def sync(self) -> None:
        """Have all of it last, as the kernel does after half a minute."""
        os.setxattr(self.folder, COMMAND, SYNC)

    def cut_power(self) -> None:
        """Lose what was not synced; whoever writes to it must be dead."""
        os.setxattr(self.folder, COMMAND, CUT_POWER)

    async def is_mounted(self) -> bool:
        """Return whether it is there."""
        return self.folder.is_mount()


@asynccontextmanager
async def mount(folder: Path, log: Path) -> AsyncGenerator[Disk]:
    """Mount a disk over a folder, and take it away again.

    Raises:
        ServerError: It cannot be mounted.
    """
    disk = Disk(folder)
    server = Server(
        "The file system",
        *("env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "tests.live.forgetful"),
        folder,
        log=log,
    )
    try:
        await server.start(disk.is_mounted, MOUNT_SECONDS)
        yield disk
    finally:
        # Even if somebody still uses it, or it does not answer any more.
        unmounting = await asyncio.create_subprocess_exec(
            FUSERMOUNT, "-u", "-z", folder, stderr=asyncio.subprocess.DEVNULL
        )
        await unmounting.wait()
        await server.stop()
