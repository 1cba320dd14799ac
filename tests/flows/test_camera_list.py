"""Lists of cameras as people paste them."""

import pytest

from custom_components.snapcam.flows.camera_list import (
    MAX_LINES,
    LineError,
    ListedCamera,
    parse_camera_list,
)

GATE = ListedCamera(sn="200000000001", name="Gate", area="Garden")
YARD = ListedCamera(sn="200000000002", name="Yard", area="")


@pytest.mark.parametrize(
    "text",
    [
        "200000000001,Gate,Garden\n200000000002,Yard",
        "200000000001, Gate , Garden\r\n200000000002, Yard,\r\n",
        "200000000001;Gate;Garden\n\n200000000002;Yard;;\n",
        "200000000001\tGate\tGarden\r200000000002\tYard\t",
        "200000000001，Gate，Garden\n200000000002，Yard",
        "SN,Name,Area\n200000000001,Gate,Garden\n200000000002,Yard,",
        "Serial number;Name\n200000000001;Gate;Garden\n200000000002;Yard",
        "序列号\t名称\t区域\n200000000001\tGate\tGarden\n200000000002\tYard\t",
        "\ufeffSN,Name\n200000000001,Gate,Garden\n200000000002,Yard",
        '\ufeff"200000000001";"Gate";"Garden"\n"200000000002";"Yard"',
        '="200000000001",Gate,Garden\n"=""200000000002""",Yard',
        "  200000000001,Gate,Garden\n ,,\n;\n200000000002,Yard",
    ],
)
def test_ways_to_write_it(text: str) -> None:
    """Each spreadsheet and each person writes the same list in another way."""
    assert parse_camera_list(text).cameras == (GATE, YARD)
    assert parse_camera_list(text).wrong == ()


@pytest.mark.parametrize(
    ("line", "camera"),
    [
        ("0012", ListedCamera(sn="0012")),
        ("cam_A", ListedCamera(sn="cam_A")),
        ('1,"Gate; left, ""north"""', ListedCamera(sn="1", name='Gate; left, "north"')),
        ('1,Gate 5",North', ListedCamera(sn="1", name='Gate 5"', area="North")),
        ("1;Gate, left;North", ListedCamera(sn="1", name="Gate, left", area="North")),
        ("1,Gate  \xa0 left", ListedCamera(sn="1", name="Gate left")),
        ("1,,North", ListedCamera(sn="1", area="North")),
        ("1,大门,花园", ListedCamera(sn="1", name="大门", area="花园")),
    ],
)
def test_a_line(line: str, camera: ListedCamera) -> None:
    """What belongs to a name stays in it."""
    assert parse_camera_list(line).cameras == (camera,)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Front gate", LineError.INVALID_SN),
        ("2.00E+11,Gate", LineError.INVALID_SN),
        ("../../etc,Gate", LineError.INVALID_SN),
        (",Gate", LineError.INVALID_SN),
        ("1" * 65, LineError.INVALID_SN),
        ("200000000001,Again", LineError.TWICE),
        ("7,\ufffd\ufffd", LineError.NOT_READABLE),
        ("7,Ga\x00te", LineError.NOT_READABLE),
        ('7,"Gate,Garden', LineError.QUOTES),
        ('7,"Gate" left,Garden', LineError.QUOTES),
        ("7,Gate,left,Garden", LineError.TOO_MANY_FIELDS),
        ("7," + "x" * 256, LineError.TOO_LONG),
        ("7," + "x" * 200_000, LineError.TOO_LONG),
    ],
)
def test_a_wrong_line(line: str, error: LineError) -> None:
    """A line that is no camera is named, by its number, and costs no other one."""
    listed = parse_camera_list(
        f"SN\n\n200000000001,Gate,Garden\n{line}\n200000000002,Yard"
    )
    assert listed.cameras == (GATE, YARD)
    assert [(wrong.number, wrong.error) for wrong in listed.wrong] == [(4, error)]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n \n", ",,,\n;;"])
def test_nothing(text: str) -> None:
    """What has no line has no camera, and nothing wrong."""
    listed = parse_camera_list(text)
    assert (listed.cameras, listed.wrong, listed.is_too_long) == ((), (), False)


@pytest.mark.parametrize(
    ("heading", "lines", "is_too_long"),
    [
        ("SN\n", MAX_LINES, False),
        ("", MAX_LINES, False),
        ("", MAX_LINES + 1, True),
        ("SN\n", MAX_LINES + 1, True),
        ("", 100_000, True),
    ],
)
def test_length(heading: str, lines: int, *, is_too_long: bool) -> None:
    """The heading does not count."""
    listed = parse_camera_list(heading + "\n".join(f"{n},Gate" for n in range(lines)))
    assert listed.is_too_long is is_too_long
    assert len(listed.cameras) == (0 if is_too_long else lines)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('="a"' * 300, id="formulas"),
        pytest.param('"' * 3001, id="quotes"),
        pytest.param('"a",' * 900, id="fields"),
        pytest.param("=" * 9999, id="long"),
    ],
)
def test_odd_lines(line: str) -> None:
    """No line makes it think for longer than another: the event loop waits."""
    assert parse_camera_list("\n".join([line] * 100)).cameras == ()
