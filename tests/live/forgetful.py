"""A file system that forgets what was not synced, as a disk does in a power cut.

It is mounted over a folder, whose content it takes over, and keeps all in memory. A
file's content lasts once the file is synced; the names in a folder last once the folder
is synced. Nothing else lasts: no new folder without a sync of the one it is in, and a
name without its content is an empty file. That is all POSIX promises; real file systems
often do better, and nobody may count on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
import errno
from itertools import count
import os
from pathlib import Path
import stat
import sys
import time
from typing import Any, override

import mfusepy

from .disk import COMMAND, CUT_POWER, SYNC

SYNC_SECONDS = 0.005
"""What a sync takes, so that who does not wait for it is certainly too early."""


@dataclass
class File:
    """A file as it is, and as it is found after a power cut."""

    content: bytearray = field(default_factory=bytearray)
    mode: int = stat.S_IFREG | 0o644
    modified: int = field(default_factory=time.time_ns)
    durable: tuple[bytes, int] = (b"", 0)

    @property
    def size(self) -> int:
        """Return its size."""
        return len(self.content)

    def changed(self) -> None:
        """Take note of the time of a change."""
        self.modified = time.time_ns()

    def sync(self) -> None:
        """Have its content last."""
        self.durable = bytes(self.content), self.modified

    def walk(self) -> Iterator[Node]:
        """Return it."""
        yield self

    def forget(self) -> None:
        """Go back to what lasts."""
        content, self.modified = self.durable
        self.content = bytearray(content)


@dataclass
class Folder:
    """A folder as it is, and as it is found after a power cut."""

    entries: dict[str, Node] = field(default_factory=dict)
    mode: int = stat.S_IFDIR | 0o755
    modified: int = field(default_factory=time.time_ns)
    durable: dict[str, Node] = field(default_factory=dict)
    size: int = 0

    def changed(self) -> None:
        """Take note of the time of a change."""
        self.modified = time.time_ns()

    def sync(self) -> None:
        """Have the names in it last."""
        self.durable = dict(self.entries)

    def walk(self) -> Iterator[Node]:
        """Return it and all that is in it."""
        yield self
        for node in self.entries.values():
            yield from node.walk()

    def forget(self) -> None:
        """Go back to what lasts, with all that is in it."""
        self.entries = dict(self.durable)
        for node in self.entries.values():
            node.forget()


type Node = File | Folder


def taken_over(path: Path) -> Node:
    """Return what there is before the file system is mounted over it."""
    if path.is_dir():
        node: Node = Folder({child.name: taken_over(child) for child in path.iterdir()})
    else:
        node = File(bytearray(path.read_bytes()))
    node.sync()
    return node


class ForgetfulFileSystem(mfusepy.Operations):
    """The calls of the kernel."""

    use_ns = True

    def __init__(self, root: Folder) -> None:
        """Initialize with what lasts."""
        self._root = root
        self._numbers = count(1)
        self._open: dict[int, Node] = {}

    @override
    def setxattr(
        self, path: str, name: str, value: bytes, options: int, position: int = 0
    ) -> int:
        """Sync all, or cut the power."""
        if (name, value) == (COMMAND, SYNC):
            for node in self._root.walk():
                node.sync()
        elif (name, value) == (COMMAND, CUT_POWER):
            self._root.forget()
        else:
            raise OSError(errno.ENOTSUP, path)
        return 0

    @override
    def fsync(self, path: str, datasync: int, fh: int) -> int:
        """Have the content of a file last."""
        time.sleep(SYNC_SECONDS)
        self._open[fh].sync()
        return 0

    @override
    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        """Have the names in a folder last."""
        return self.fsync(path, datasync, fh)

    @override
    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        """Describe a file or a folder."""
        node = self._node(path)
        times = dict.fromkeys(("st_atime", "st_mtime", "st_ctime"), node.modified)
        owner = {"st_uid": os.getuid(), "st_gid": os.getgid()}
        return (
            {"st_mode": node.mode, "st_size": node.size, "st_nlink": 1} | times | owner
        )

    @override
    def readdir(self, path: str, fh: int) -> Iterator[str]:
        """List a folder."""
        yield from (".", "..", *self._folder(path).entries)

    @override
    def opendir(self, path: str) -> int:
        """Open a folder."""
        return self._opened(self._folder(path))

    @override
    def releasedir(self, path: str, fh: int) -> int:
        """Close a folder."""
        return self.release(path, fh)

    @override
    def create(self, path: str, mode: int, fi: Any = None) -> int:
        """Create a file, and open it."""
        file = File(mode=stat.S_IFREG | mode)
        self._enter(path, file)
        return self._opened(file)

    @override
    def open(self, path: str, flags: int) -> int:
        """Open a file."""
        if flags & os.O_TRUNC:
            self.truncate(path, 0)
        return self._opened(self._file(path))

    @override
    def release(self, path: str, fh: int) -> int:
        """Close a file."""
        del self._open[fh]
        return 0

    @override
    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        """Read from a file."""
        return bytes(self._file(path, fh).content[offset : offset + size])

    @override
    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        """Write to a file."""
        file = self._file(path, fh)
        file.content.extend(bytes(max(0, offset - file.size)))
        file.content[offset : offset + len(data)] = data
        file.changed()
        return len(data)

    @override
    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        """Shorten a file, or lengthen it."""
        file = self._file(path, fh)
        file.content = file.content[:length].ljust(length, b"\0")
        file.changed()
        return 0

    @override
    def mkdir(self, path: str, mode: int) -> int:
        """Create a folder."""
        self._enter(path, Folder(mode=stat.S_IFDIR | mode))
        return 0

    @override
    def link(self, target: str, source: str) -> int:
        """Give a file one more name."""
        self._enter(target, self._node(source))
        return 0

    @override
    def rename(self, old: str, new: str) -> int:
        """Give a file or a folder another name, in the place of what has that name."""
        node = self._node(old)
        self._leave(old)
        self._enter(new, node)
        return 0

    @override
    def unlink(self, path: str) -> int:
        """Remove a file."""
        self._leave(path)
        return 0

    @override
    def rmdir(self, path: str) -> int:
        """Remove an empty folder."""
        if self._folder(path).entries:
            raise OSError(errno.ENOTEMPTY, path)
        self._leave(path)
        return 0

    @override
    def chmod(self, path: str, mode: int) -> int:
        """Set who may do what."""
        self._node(path).mode = mode
        return 0

    @override
    def chown(self, path: str, uid: int, gid: int) -> int:
        """Leave it to whom it belongs."""
        return 0

    @override
    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        """Set when it was changed."""
        self._node(path).modified = times[1] if times else time.time_ns()
        return 0

    @override
    def statfs(self, path: str) -> dict[str, int]:
        """Tell that there is space enough."""
        blocks = dict.fromkeys(("f_blocks", "f_bfree", "f_bavail"), 2**24)
        return {"f_bsize": 4096, "f_frsize": 4096, "f_namemax": 255} | blocks

    def _opened(self, node: Node) -> int:
        """Return a number for what is opened."""
        number = next(self._numbers)
        self._open[number] = node
        return number

    def _node(self, path: str) -> Node:
        """Return what has a name."""
        node: Node = self._root
        for name in Path(path).parts[1:]:
            if not isinstance(node, Folder) or name not in node.entries:
                raise OSError(errno.ENOENT, path)
            node = node.entries[name]
        return node

    def _folder(self, path: str) -> Folder:
        """Return a folder."""
        node = self._node(path)
        if not isinstance(node, Folder):
            raise OSError(errno.ENOTDIR, path)
        return node

    def _file(self, path: str, fh: int | None = None) -> File:
        """Return a file, the one that was opened if it was."""
        node = self._node(path) if fh is None else self._open[fh]
        if not isinstance(node, File):
            raise OSError(errno.EISDIR, path)
        return node

    def _enter(self, path: str, node: Node) -> None:
        """Put a name into its folder."""
        folder = self._folder(os.path.dirname(path))
        folder.entries[os.path.basename(path)] = node
        folder.changed()

    def _leave(self, path: str) -> None:
        """Take a name out of its folder."""
        folder = self._folder(os.path.dirname(path))
        del folder.entries[os.path.basename(path)]
        folder.changed()


def main(mountpoint: Path) -> None:
    """Serve until it is unmounted."""
    root = taken_over(mountpoint)
    assert isinstance(root, Folder)
    mfusepy.FUSE(
        ForgetfulFileSystem(root),
        str(mountpoint),
        foreground=True,
        nothreads=True,
        fsname="forgetful",
        # What is forgotten here is not to be remembered by the kernel.
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
