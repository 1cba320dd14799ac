"""What Home Assistant expects of an integration's files."""

import importlib
import json
from pathlib import Path

import pytest
import yaml

from custom_components.snapcam import PLATFORMS

REPOSITORY = Path(__file__).parents[1]
ROOT = REPOSITORY / "custom_components/snapcam"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_parallel_updates(platform: str) -> None:
    """Each platform says how many commands it may have under way at once."""
    module = importlib.import_module(f"custom_components.snapcam.{platform}")
    assert module.PARALLEL_UPDATES in {0, 1}


def test_manifest() -> None:
    """The manifest is in hassfest's order, and requires what the tests install."""
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest) == ["domain", "name", *sorted(list(manifest)[2:])]
    for name in ("requirements_test.txt", "requirements_hass.txt"):
        lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
        assert set(manifest["requirements"]) <= set(lines)


def test_hacs() -> None:
    """HACS finds the oldest Home Assistant that is supported, and releases alone."""
    hacs = json.loads((REPOSITORY / "hacs.json").read_text(encoding="utf-8"))
    assert hacs == {
        "name": "SnapCam",
        "homeassistant": "2026.10.0",
        "zip_release": True,
        "filename": "snapcam.zip",
        "hide_default_branch": True,
    }


def test_hooks() -> None:
    """The hooks run what script/lint runs."""
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text())
    local = hooks["repos"][-1]["hooks"]
    assert [hook["entry"] for hook in local] == ["script/lint"]
