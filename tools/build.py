"""Build what HACS installs: the integration in a zip, stamped with its version."""

import json
from pathlib import Path
import re
import subprocess
import sys
from zipfile import ZipFile, ZipInfo

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/snapcam"
MANIFEST = "manifest.json"
VERSION = re.compile(r"\d+\.\d+\.\d+(b\d+)?")


def main(version: str, folder: Path) -> None:
    """Write the zip and the notes of a release."""
    if not VERSION.fullmatch(version):
        sys.exit(f"'{version}' is not a version such as 1.2.3 or 1.2.3b4.")
    folder.mkdir(exist_ok=True)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (folder / "notes.md").write_text(notes(changelog, version), encoding="utf-8")
    build(version, folder / "snapcam.zip")


def build(version: str, path: Path) -> None:
    """Write the zip, byte for byte the same wherever and whenever it is built.

    Nothing is compressed, for not everybody compresses alike.
    """
    with ZipFile(path, "w") as archive:
        for name, content in contents(version).items():
            # It has the first moment that a zip can express.
            entry = ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def contents(version: str) -> dict[str, bytes]:
    """Return the files of the integration in order, the manifest with the version."""
    files = {name: (INTEGRATION / name).read_bytes() for name in sorted(names())}
    manifest = json.loads(files[MANIFEST]) | {"version": version}
    files[MANIFEST] = f"{json.dumps(manifest, indent=2)}\n".encode()
    return files


def names() -> list[str]:
    """Return the files that are or can be under version control, but for linters'."""
    command = "git ls-files --cached --others --exclude-standard -z . :(exclude)*.toml"
    listed = subprocess.run(
        command.split(), cwd=INTEGRATION, capture_output=True, check=True, text=True
    )
    return listed.stdout.rstrip("\0").split("\0")


def notes(changelog: str, version: str) -> str:
    """Return what the changelog says of a version, or of what is not released yet."""
    sections = {
        section.partition("]")[0]: section.partition("\n")[2].strip()
        for section in changelog.split("\n## [")[1:]
    }
    return f"{sections.get(version, sections['Unreleased'])}\n"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
