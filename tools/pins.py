"""Print requirements at the versions that the Home Assistant beside this Python pins.

The Home Assistant itself is left out: it is there.
"""

import json
from pathlib import Path
import re
import sys

import homeassistant

COMPONENTS = Path(homeassistant.__file__).parent / "components"


def main(path: Path) -> None:
    """Print a file of requirements; what is not Home Assistant's stays as it is."""
    pins = pinned()
    for line in path.read_text(encoding="utf-8").splitlines():
        if (name := name_of(line)) != "homeassistant":
            sys.stdout.write(f"{pins.get(name, line)}\n")


def pinned() -> dict[str, str]:
    """Return what the components require by its names."""
    manifests = (
        json.loads(path.read_text()) for path in COMPONENTS.glob("*/manifest.json")
    )
    return {
        name_of(requirement): requirement
        for manifest in manifests
        for requirement in manifest.get("requirements", [])
    }


def name_of(requirement: str) -> str:
    """Return the name of what is required, as all spell it."""
    return re.split(r"[=<>;\[ ]", requirement, maxsplit=1)[0].lower()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
