"""The pictures that simulated cameras draw."""

from datetime import datetime
from typing import Any

import pytest

from tests.simulator import draw_picture, pad_picture
from tests.simulator.server import decodes
from tests.simulator.workbench import SN


def drawn(**changes: Any) -> bytes:
    """Return a picture of the gate at noon, but for the changes."""
    arguments: dict[str, Any] = {
        "sn": SN,
        "taken_at": datetime(2026, 6, 1, 12, 0, 0),  # noqa: DTZ001 - it shows local time
        "io0": 0,
        "io1": 0,
        "size": (320, 180),
        "counter": 1,
    }
    return draw_picture(**arguments | changes)


@pytest.mark.parametrize("size", [(320, 180), (640, 480), (1920, 1080), (10, 10)])
def test_a_picture_has_the_size_asked_for(size: tuple[int, int]) -> None:
    """Any size gives a whole JPEG."""
    assert decodes(drawn(size=size)) == size


@pytest.mark.parametrize("hour", range(24))
def test_a_picture_can_be_taken_at_any_hour(hour: int) -> None:
    """The sky of every hour can be drawn."""
    taken_at = datetime(2026, 6, 1, hour, 59, 59)  # noqa: DTZ001
    assert decodes(drawn(taken_at=taken_at)) == (320, 180)


def test_a_picture_is_made_of_its_arguments() -> None:
    """The same arguments give the same bytes, others give others."""
    assert drawn() == drawn()
    changed = [drawn(io0=1), drawn(io1=1), drawn(counter=2), drawn(sn="200000000002")]
    assert len({drawn(), *changed}) == 5


@pytest.mark.parametrize("more", [0, 4, 5, 65537, 65538, 65540, 65541, 2_000_000])
def test_a_padded_picture_is_a_jpeg_of_the_exact_size(more: int) -> None:
    """Padding lets load tests choose the size of a message to the byte."""
    picture = drawn()
    padded = pad_picture(picture, len(picture) + more)
    assert len(padded) == len(picture) + more
    assert decodes(padded) == (320, 180)
    assert padded.endswith(b"\xff\xd9")


@pytest.mark.parametrize("more", [-1, 1, 3])
def test_a_picture_cannot_be_padded_to_every_size(more: int) -> None:
    """A picture does not shrink, and a comment needs four bytes."""
    picture = drawn()
    with pytest.raises(ValueError):
        pad_picture(picture, len(picture) + more)
