"""Which bytes of a package were asked for, in parts of any order."""

from itertools import permutations
from time import process_time

import pytest

from custom_components.snapcam.firmware.coverage import MAX_PARTS, Coverage


@pytest.mark.parametrize(
    ("parts", "length"),
    [
        ([], 0),
        ([(0, 5)], 5),
        ([(5, 9)], 0),
        ([(0, 5), (6, 9)], 5),
        ([(0, 5), (5, 9)], 9),
        ([(0, 5), (3, 9)], 9),
        ([(0, 9), (3, 5)], 9),
        ([(0, 9), (0, 9)], 9),
        ([(0, 1), (2, 3), (4, 5), (1, 4)], 5),
        ([(0, 1), (2, 3), (4, 5), (6, 7), (1, 3)], 3),
        ([(0, 5), (9, 9), (7, 6)], 5),
        ([(0, 2), (4, 6), (2, 2), (4, 4)], 2),
    ],
)
def test_length(parts: list[tuple[int, int]], length: int) -> None:
    """What counts are the bytes without a gap, whatever the order of the parts."""
    for order in permutations(parts):
        coverage = Coverage()
        for start, stop in order:
            coverage.add(start, stop)
        assert coverage.length == length


def test_begin_with_some() -> None:
    """What is known already goes on from there."""
    coverage = Coverage(10)
    coverage.add(10, 12)

    assert coverage.length == 12


def test_many_gaps_cost_little() -> None:
    """Whoever asks for every second byte costs no time, and no more than some memory.

    What is too much is forgotten from the end, so it has to be asked for again.
    """
    coverage = Coverage()
    began = process_time()
    for start in range(1, 40_000, 2):
        coverage.add(start, start + 1)
    assert process_time() - began < 1

    for start in range(0, 40_000, 2):
        coverage.add(start, start + 1)
    assert MAX_PARTS <= coverage.length < 40_000
    coverage.add(coverage.length, 40_000)
    assert coverage.length == 40_000
