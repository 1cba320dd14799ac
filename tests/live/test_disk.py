"""The disk whose power is cut keeps what POSIX promises, and nothing more."""

from collections.abc import AsyncGenerator
import os
from pathlib import Path

import pytest_asyncio

from tests.live.conftest import STEP
from tests.live.disk import NEEDS_FUSE, Disk, mount

pytestmark = [*STEP, NEEDS_FUSE]


@pytest_asyncio.fixture(loop_scope="package")
async def disk(tmp_path: Path) -> AsyncGenerator[Disk]:
    """Mount a disk that has a file on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "old").write_bytes(b"old")
    async with mount(folder, tmp_path / "disk.log") as disk:
        yield disk


async def test_synced_file_in_a_synced_folder_survives(disk: Disk) -> None:
    """The content is the file's, the name is the folder's."""
    (disk.folder / "new").write_bytes(b"new")
    sync(disk.folder / "new", disk.folder)
    disk.cut_power()
    assert found(disk) == {"old": b"old", "new": b"new"}


async def test_rename_is_the_folders(disk: Disk) -> None:
    """Without a sync of the folder the former file is there; with it, the latter."""
    (disk.folder / ".new").write_bytes(b"new")
    sync(disk.folder / ".new")
    (disk.folder / ".new").replace(disk.folder / "old")
    disk.cut_power()
    assert found(disk) == {"old": b"old"}

    (disk.folder / ".new").write_bytes(b"new")
    sync(disk.folder / ".new")
    (disk.folder / ".new").replace(disk.folder / "old")
    sync(disk.folder)
    disk.cut_power()
    assert found(disk) == {"old": b"new"}


async def test_name_without_content_is_an_empty_file(disk: Disk) -> None:
    """That is what a picture is whose folder alone was synced."""
    (disk.folder / "new").write_bytes(b"new")
    sync(disk.folder)
    disk.cut_power()
    assert found(disk) == {"old": b"old", "new": b""}


async def test_new_folder_needs_a_sync_of_the_one_it_is_in(disk: Disk) -> None:
    """All that is in it goes with it."""
    (disk.folder / "day").mkdir()
    (disk.folder / "day/new").write_bytes(b"new")
    sync(disk.folder / "day/new", disk.folder / "day")
    disk.cut_power()
    assert found(disk) == {"old": b"old"}


async def test_removed_file_comes_back(disk: Disk) -> None:
    """What is gone is gone once its folder is synced."""
    (disk.folder / "old").unlink()
    disk.cut_power()
    assert found(disk) == {"old": b"old"}


async def test_all_is_synced_in_time(disk: Disk) -> None:
    """The kernel writes all of it by itself, though nobody knows when."""
    (disk.folder / "day").mkdir()
    (disk.folder / "day/new").write_bytes(b"new")
    disk.sync()
    disk.cut_power()
    assert found(disk) == {"old": b"old", "day/new": b"new"}


async def test_folder_is_as_before_when_it_is_unmounted(tmp_path: Path) -> None:
    """Nothing is left mounted, even if somebody still uses it."""
    (tmp_path / "old").write_bytes(b"old")
    async with mount(tmp_path, tmp_path.with_suffix(".log")) as disk:
        (disk.folder / "new").write_bytes(b"new")
        in_use = (disk.folder / "new").open("rb")
    in_use.close()
    assert not tmp_path.is_mount()
    assert os.listdir(tmp_path) == ["old"]


def sync(*paths: Path) -> None:
    """Sync files and folders."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def found(disk: Disk) -> dict[str, bytes]:
    """Return all files that are there."""
    return {
        str(path.relative_to(disk.folder)): path.read_bytes()
        for path in disk.folder.rglob("*")
        if path.is_file()
    }
