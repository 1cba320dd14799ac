"""What script/build makes of the tree."""

import json
from pathlib import Path
import subprocess
from zipfile import ZipFile

import pytest

from tools.build import INTEGRATION, ROOT, notes

CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Colors

## [1.2.3] - 2027-01-31

- Sound

## [1.2.2] - 2027-01-01

- Nothing
"""


def script_build(version: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it as a release does."""
    return subprocess.run(
        [ROOT / "script/build", version, folder],
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release."""
    folder = tmp_path_factory.mktemp("build")
    assert script_build("1.2.3", folder).returncode == 0
    return folder


@pytest.fixture
def package(built: Path) -> ZipFile:
    """Return the zip of a release."""
    return ZipFile(built / "snapcam.zip")


def test_package_has_what_belongs_to_it(package: ZipFile) -> None:
    """No caches, no tests, no settings of linters: only what Home Assistant reads."""
    assert {Path(name).suffix for name in package.namelist()} == {
        ".jpg",
        ".js",
        ".json",
        ".png",
        ".py",
        ".yaml",
    }
    assert {Path(name).parent.as_posix() for name in package.namelist()} == {
        ".",
        "actions",
        "brand",
        "browsing",
        "delivery",
        "device",
        "firmware",
        "flows",
        "link",
        "panel",
        "panel/frontend",
        "pictures",
        "protocol",
        "timelapse",
        "translations",
    }
    assert package.testzip() is None


@pytest.mark.parametrize(
    "name",
    [
        "__init__.py",
        "brand/icon.png",
        "manifest.json",
        "placeholder.jpg",
        "protocol/__init__.py",
        "services.yaml",
        "translations/en.json",
    ],
)
def test_package_can_be_unpacked_where_it_belongs(package: ZipFile, name: str) -> None:
    """HACS unpacks it into the folder of the integration: there is no folder around."""
    assert name in package.namelist()


def test_package_differs_from_the_tree_in_its_version_alone(package: ZipFile) -> None:
    """The tree has no version; a release has, and else what was tested."""
    tree = json.loads((INTEGRATION / "manifest.json").read_text(encoding="utf-8"))
    assert tree["version"] == "0.0.0"
    assert json.loads(package.read("manifest.json")) == tree | {"version": "1.2.3"}
    for name in set(package.namelist()) - {"manifest.json"}:
        assert package.read(name) == (INTEGRATION / name).read_bytes()


def test_package_can_be_built_again(built: Path, tmp_path: Path) -> None:
    """Anybody can build a release, and compare: no time of the day gets in."""
    assert script_build("1.2.3", tmp_path).returncode == 0
    one, other = (folder / "snapcam.zip" for folder in (built, tmp_path))
    assert one.read_bytes() == other.read_bytes()
    times = {entry.date_time for entry in ZipFile(one).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3-beta", "../1.2.3"])
def test_wrong_version_is_refused(version: str, tmp_path: Path) -> None:
    """A slip in a tag makes no release."""
    result = script_build(version, tmp_path / "build")
    assert result.returncode == 1
    assert "version" in result.stderr
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.2.3", "- Sound\n"), ("1.3.0b1", "### Added\n\n- Colors\n")],
)
def test_notes(version: str, expected: str) -> None:
    """People who update read what the changelog says; a beta has what comes next."""
    assert notes(CHANGELOG, version) == expected


def test_notes_are_written(built: Path) -> None:
    """The changelog can be read by what makes the notes."""
    assert "### Added" in (built / "notes.md").read_text(encoding="utf-8")
