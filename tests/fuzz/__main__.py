"""Search with each target for a while."""

from pathlib import Path
import sys

from .search import ROOT, search
from .seeds import SEEDS

SECONDS = 60
SHOWN = 4000
"""Characters of a report, whose end tells what was found."""


def main(seconds: int) -> int:
    """Search with one target after another; return how many have found something."""
    folder, findings = ROOT / "build/fuzz", 0
    for target in SEEDS:
        result = search(target, folder, f"-max_total_time={seconds}")
        verdict = "found something" if result.found else "found nothing"
        print(
            f"{target}: {result.executions:,} executions,"
            f" {result.branches} branches, {verdict}",
            flush=True,
        )
        if result.found:
            findings += 1
            print(result.report[-SHOWN:])
    if findings:
        print(f"What broke it is in {folder.relative_to(Path.cwd(), walk_up=True)}/")
    return findings


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
