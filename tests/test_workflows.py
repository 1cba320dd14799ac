"""What runs and is asked at GitHub, as far as that can be told from here."""

from pathlib import Path
import re
import subprocess
import sys

import pytest
import yaml

from tools.build import ROOT, VERSION
from tools.pins import name_of

GITHUB = ROOT / ".github"
BIN = Path(sys.prefix) / "bin"
WORKFLOWS = sorted(path.name for path in (GITHUB / "workflows").iterdir())
# Of these the Home Assistant under test decides.
UNPINNED = {"homeassistant", "pybase64"}


def run(*command: str | Path) -> None:
    """Run a check, and show what it has found."""
    result = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def jobs(name: str) -> dict[str, dict]:
    """Return the jobs of a workflow."""
    workflow = yaml.safe_load((GITHUB / "workflows" / name).read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    return workflow["jobs"]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", "workflows/*.yml"),
        ("custom.github-workflows-require-timeout", "workflows/*.yml"),
        ("vendor.dependabot", "dependabot.yml"),
        ("vendor.github-issue-config", "ISSUE_TEMPLATE/config.yml"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/[bf]*.yml"),
    ],
)
def test_files_are_what_github_reads(schema: str, files: str) -> None:
    """GitHub says nothing of a file it cannot read: the form or the run is missing."""
    paths = sorted(GITHUB.glob(files))
    assert paths
    run(BIN / "check-jsonschema", "--builtin-schema", schema, *paths)


def test_workflows_are_safe() -> None:
    """No workflow lends a secret, or runs what others wrote, without our knowing."""
    run(BIN / "zizmor", "--offline", "--persona", "pedantic", "--quiet", GITHUB)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_jobs_may_do_only_what_they_say(name: str) -> None:
    """Each job names its permissions, and only the one that releases may write."""
    writing = {
        job
        for job, settings in jobs(name).items()
        if "write" in settings["permissions"].values()
    }
    assert writing <= {"release"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned(name: str) -> None:
    """A tag can be moved, a commit cannot; the comment tells people which it is."""
    text = (GITHUB / "workflows" / name).read_text(encoding="utf-8")
    used = re.findall(r"uses: (?!\$/)(.+)", text)
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # \S+", use) for use in used)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_scripts_exist(name: str) -> None:
    """What a workflow runs is in the tree, and can be run here."""
    text = (GITHUB / "workflows" / name).read_text(encoding="utf-8")
    scripts = re.findall(r"\bscript/\w+", text)
    assert all((ROOT / script).stat().st_mode & 0o100 for script in scripts)


@pytest.mark.parametrize(
    ("tag", "released"),
    [("1.2.3", True), ("10.20.30b4", True), ("v1.2.3", False), ("1.2", False)],
)
def test_release_starts_for_what_can_be_built(tag: str, released: bool) -> None:
    """A tag starts a release exactly if script/build takes it for a version."""
    text = (GITHUB / "workflows/release.yml").read_text(encoding="utf-8")
    # YAML 1.1 takes the key "on" for true.
    patterns = yaml.safe_load(text)[True]["push"]["tags"]
    # Of GitHub's patterns these use what regular expressions have, too, and the dot.
    started = [
        re.fullmatch(re.sub(r"\.", r"\\.", pattern), tag) for pattern in patterns
    ]
    assert any(started) is released
    assert bool(VERSION.fullmatch(tag)) is released


def test_release_waits_for_the_tests() -> None:
    """What does not pass is not released."""
    needed = jobs("release.yml")
    assert needed["release"]["needs"] == "test"
    assert needed["test"]["uses"] == "$/.github/workflows/test.yml"


def test_what_home_assistant_pins_is_left_alone() -> None:
    """An update of these alone would have the tests run what nobody else runs."""
    dependabot = yaml.safe_load((GITHUB / "dependabot.yml").read_text(encoding="utf-8"))
    ignored = {
        ignore["dependency-name"] for ignore in dependabot["updates"][1]["ignore"]
    }
    lines = (ROOT / "requirements_hass.txt").read_text(encoding="utf-8").splitlines()
    required = {name_of(line) for line in lines if "==" in line}
    assert required - UNPINNED <= ignored
    assert not ignored & UNPINNED
