"""What people write on the command line of simulated cameras."""

import pytest

from tests.simulator import Encoding, Faults, HttpBody, PictureFault, UpgradeFault
from tests.simulator.__main__ import make_camera, number_cameras, parse_arguments
from tests.simulator.faults import describe_faults
from tests.simulator.workbench import SN


def test_faults_are_read_from_text() -> None:
    """Every kind of value can be written on a command line."""
    settings = [
        "clock_offset=-600.5",
        "duplicate",
        "silent=false",
        "picture=truncated",
        "encoding=url_safe",
        "http_body=multipart",
        "ret=3",
        "msg=a = b",
        "flapping=20,10",
    ]
    assert Faults.parse(settings) == Faults(
        clock_offset=-600.5,
        duplicate=True,
        picture=PictureFault.TRUNCATED,
        encoding=Encoding.URL_SAFE,
        http_body=HttpBody.MULTIPART,
        ret=3,
        msg="a = b",
        flapping=(20, 10),
    )


@pytest.mark.parametrize(
    ("setting", "help_text"),
    [
        ("dance", "Choose from: clock_offset, duplicate"),
        ("duplicate=often", "Write it as: duplicate"),
        ("clock_offset", "Write it as: clock_offset=NUMBER"),
        ("picture=upside_down", "picture=truncated|not_an_image|empty"),
        ("http_body", "http_body=json|multipart|spare_files|fields|base64|raw"),
        ("flapping=5", "flapping=SECONDS,SECONDS"),
        ("foreign_sn=", "foreign_sn=TEXT"),
    ],
)
def test_a_fault_that_cannot_be_read_says_how_to_write_it(
    setting: str, help_text: str
) -> None:
    """A typing error on the command line gets help, not a traceback."""
    with pytest.raises(ValueError) as error:
        Faults.parse([setting])
    assert help_text in str(error.value)


def test_cameras_are_counted_up() -> None:
    """The SNs keep their length and what stands before their digits."""
    assert number_cameras(["gate-098"], 3) == ["gate-098", "gate-099", "gate-100"]
    assert number_cameras(["a", "b"], None) == ["a", "b"]


@pytest.mark.parametrize(
    ("sns", "count"), [(["1", "1"], None), (["1", "2"], 5), (["gate"], 2)]
)
def test_cameras_that_cannot_be_counted(sns: list[str], count: int | None) -> None:
    """Two cameras never share an SN."""
    with pytest.raises(ValueError):
        number_cameras(sns, count)


@pytest.mark.parametrize("fault", UpgradeFault)
def test_faults_of_upgrades_are_read_from_text(fault: UpgradeFault) -> None:
    """Every one can be written on a command line, whose help names it."""
    assert Faults.parse([f"upgrade={fault}"]) == Faults(upgrade=fault)
    assert fault.value in describe_faults()


def test_versions_are_read_from_the_command_line() -> None:
    """People see the new version of a simulated camera after its upgrade."""
    words = ["--firmware-version", "1.0", "--next-version", "2.0"]
    camera = make_camera(SN, parse_arguments(words))
    assert (camera.version, camera.next_version) == ("1.0", "2.0")
