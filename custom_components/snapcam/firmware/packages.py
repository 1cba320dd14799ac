"""The files of firmware packages.

Each is named by its SHA-256, so that cameras share it, and is removed with the last
offer or install that refers to it.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
import hashlib
import os
from pathlib import Path
import re
import secrets
import shutil
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..delivery.addresses import parse_http_url
from ..models import Package
from ..pictures.files import sync_folder
from ..protocol import SnapcamError
from .errors import SnapcamPackageChangedError, SnapcamPackageGoneError

MAX_PACKAGE_BYTES: Final = 100 * 1024 * 1024
MAX_VERSION_CHARACTERS: Final = 64

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


class SnapcamPackageError(SnapcamError):
    """A file is empty, or too large for a firmware package."""

    translation_key = "invalid_package"
    is_mistake = True


class SnapcamPackageUrlError(SnapcamError):
    """The address of a package is not an http or https URL."""

    translation_key = "invalid_package_url"
    is_mistake = True


class SnapcamVersionError(SnapcamError):
    """A version is empty, or too long to be one."""

    translation_key = "invalid_version"
    is_mistake = True


def check_version(version: str) -> str:
    """Return a version without surrounding spaces.

    Raises:
        SnapcamVersionError: It is empty or too long.
    """
    version = version.strip()
    if not 0 < len(version) <= MAX_VERSION_CHARACTERS or not version.isprintable():
        raise SnapcamVersionError("not a version")
    return version


def check_url(address: str) -> str:
    """Return the address of a package without surrounding spaces.

    Raises:
        SnapcamPackageUrlError: It is not an http or https address.
    """
    try:
        return str(parse_http_url(address))
    except ValueError as err:
        raise SnapcamPackageUrlError("not a URL") from err


@dataclass(frozen=True)
class Copy:
    """A copy of a package that is not offered yet; all methods block."""

    package: Package
    path: Path

    def keep(self) -> None:
        """Store it among the packages; it survives a power cut from then on.

        Raises:
            OSError: It cannot be stored.
        """
        folder = self.path.parent
        self.path.replace(folder / self.package.sha256)
        # The folder may be new, and so may the one above.
        for names in (folder, *folder.parents[:2]):
            sync_folder(names)

    def discard(self) -> None:
        """Delete it, unless it was kept."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class PackageStore:
    """The files of all packages; all methods block."""

    folder: Path

    def copy(self, source: Path, filename: str) -> Copy:
        """Copy a file, which is then kept or discarded.

        Raises:
            SnapcamPackageError: It is empty or too large.
            OSError: It cannot be read, or the copy not be written.
        """
        size = source.stat().st_size
        if not 0 < size <= MAX_PACKAGE_BYTES:
            raise SnapcamPackageError("empty or too large")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f".{secrets.token_hex(8)}.tmp"
        try:
            shutil.copyfile(source, path)
            _sync(path)
            sha256 = _digest(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return Copy(
            Package(filename=_safe_name(filename), size=size, sha256=sha256), path
        )

    def discard_copies(self) -> None:
        """Delete copies left by a power cut, as far as possible."""
        for path in self.folder.glob(".*.tmp"):
            with suppress(OSError):
                path.unlink()

    def check(self, package: Package) -> None:
        """Check that a package is byte for byte what was offered.

        Raises:
            SnapcamPackageGoneError: It no longer exists, or cannot be read.
            SnapcamPackageChangedError: It has other content.
        """
        try:
            sha256 = _digest(self.folder / package.sha256)
        except OSError as err:
            raise SnapcamPackageGoneError("the package cannot be read") from err
        if sha256 != package.sha256:
            raise SnapcamPackageChangedError("the package has changed")

    def path(self, package: Package) -> Path | None:
        """Return the path of a package; None if it is gone or has another size."""
        path = self.folder / package.sha256
        try:
            return path if path.stat().st_size == package.size else None
        except OSError:
            return None

    def keep_only(self, packages: Iterable[Package]) -> None:
        """Delete all other packages, but no copy that may still be kept."""
        wanted = {package.sha256 for package in packages}
        for path in self.folder.glob("[!.]*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def package_store(hass: HomeAssistant) -> PackageStore:
    """Return the store of all packages."""
    return PackageStore(Path(hass.config.path(DOMAIN, "firmware")))


def _sync(path: Path) -> None:
    """Write a file to the disk.

    Raises:
        OSError: That has failed.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _safe_name(filename: str) -> str:
    """Return a file name with what is unsafe in a URL replaced."""
    name = _UNSAFE.sub("_", Path(filename).name).strip("._")
    return name[-MAX_VERSION_CHARACTERS:] or "firmware.bin"
