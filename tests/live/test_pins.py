"""The environments have in them what their Home Assistant wants."""

from pathlib import Path
import subprocess

import pytest

from tests.live.process import ROOT

ENVIRONMENTS = {".venv": "requirements_test.txt", ".venv-hass": "requirements_hass.txt"}


@pytest.mark.parametrize(("environment", "requirements"), ENVIRONMENTS.items())
def test_pins_are_those_of_home_assistant(environment: str, requirements: str) -> None:
    """Who moves Home Assistant moves its pins, too: tools/pins.py prints them."""
    python = ROOT / environment / "bin/python"
    printed = subprocess.run(
        [python, "-P", "tools/pins.py", requirements],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    ).stdout.splitlines()
    lines = Path(ROOT / requirements).read_text(encoding="utf-8").splitlines()
    assert printed == [line for line in lines if not line.startswith("homeassistant==")]
