"""The search itself: that it runs, and finds nothing in a little time."""

from pathlib import Path

import pytest

from .search import search

pytest.importorskip("atheris", reason="atheris has wheels for Linux on x86-64 alone")


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("target", "executions"), [("message", 20_000), ("picture", 20_000), ("body", 500)]
)
def test_search(target: str, executions: int, tmp_path: Path) -> None:
    """From the same seed the same search finds nothing, and watches our branches.

    It would be as quiet if it saw no branches.
    """
    result = search(target, tmp_path, "-seed=1", f"-atheris_runs={executions}")

    assert not result.found, result.report
    assert result.executions >= executions
    assert result.branches > 20
