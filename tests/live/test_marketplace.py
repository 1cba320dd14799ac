"""Home Assistant's own Marketplace, which HACS has become, takes a release."""

import json
from pathlib import Path
import subprocess
from typing import Any
from zipfile import ZipFile

import pytest

from tests.live.home import PYTHON
from tests.live.process import ROOT

VERSION = "1.2.3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the release and Home Assistant's configuration are."""
    return tmp_path_factory.mktemp("marketplace")


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    """Return the package of a release."""
    subprocess.run([ROOT / "script/build", VERSION, folder], check=True)
    return folder / "snapcam.zip"


@pytest.fixture(scope="module")
def installed(folder: Path, package: Path) -> dict[str, Any]:
    """Return what people see of the release once it is installed."""
    result = subprocess.run(
        [PYTHON, "-P", "tests/marketplace.py", folder, package, VERSION],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    shown: dict[str, Any] = json.loads(result.stdout)
    return shown


def test_release_is_shown(installed: dict[str, Any]) -> None:
    """It has its name and its version, and Home Assistant's loader finds it."""
    assert installed["name"] == "SnapCam"
    assert installed["installed"] == installed["loaded"] == VERSION
    assert installed["config_flow"]


def test_no_setting_is_ignored(installed: dict[str, Any]) -> None:
    """The Marketplace leaves out what it does not understand: that would be a slip."""
    settings = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))
    assert installed["settings"] == settings


@pytest.mark.usefixtures("installed")
def test_package_is_installed_whole(folder: Path, package: Path) -> None:
    """Each file of the package is where Home Assistant looks for it."""
    below = folder / "custom_components/snapcam"
    files = {
        path.relative_to(below).as_posix(): path.read_bytes()
        for path in below.rglob("*")
        if path.is_file()
    }
    archive = ZipFile(package)
    assert files == {name: archive.read(name) for name in archive.namelist()}
