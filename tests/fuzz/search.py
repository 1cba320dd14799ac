"""Run a target in a process of its own, and tell what it has found."""

from dataclasses import dataclass
import hashlib
from pathlib import Path
import re
import subprocess
import sys

from .seeds import SEEDS

ROOT = Path(__file__).parents[2]
WORDS = Path(__file__).with_name("words.dict")

STUCK_SECONDS = 10
"""An input that takes longer is a finding, too."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What came of a search."""

    executions: int
    branches: int
    """How many of those that are watched were taken."""
    found: bool
    report: str


def search(target: str, folder: Path, *arguments: str) -> Search:
    """Search with one target for what breaks what it tests.

    Args:
        target: One of the seeds' names.
        folder: Keeps the inputs that led to something new, and those that broke something.
        arguments: For libFuzzer, which say when it is enough.
    """
    corpus = folder / target
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS[target]():
        name = hashlib.sha1(seed, usedforsecurity=False).hexdigest()
        (corpus / name).write_bytes(seed)
    process = subprocess.run(
        [
            *(sys.executable, "-m", f"tests.fuzz.target_{target}"),
            *(f"-dict={WORDS}", f"-timeout={STUCK_SECONDS}", "-print_final_stats=1"),
            *(f"-artifact_prefix={folder / target}-", *arguments, str(corpus)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    report = process.stderr + process.stdout
    return Search(
        executions=_last(r"(?:Done|executed_units:) (\d+)", report),
        branches=_last(r" cov: (\d+)", report),
        found=process.returncode != 0,
        report=report,
    )


def _last(pattern: str, report: str) -> int:
    """Return the last number of a kind in a report; 0 if it has none."""
    return int(next(reversed(re.findall(pattern, report)), 0))
