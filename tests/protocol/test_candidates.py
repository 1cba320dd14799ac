"""Where a camera is asked that was heard, when nobody knows where it listens."""

import pytest

from custom_components.snapcam.protocol import (
    MAX_CANDIDATES,
    TopicTemplate,
    listening_candidates,
)
from tests.const import SN


def candidates(up: str) -> list[str]:
    """Return the candidates beside a topic."""
    return [x.template for x in listening_candidates(TopicTemplate(up))]


@pytest.mark.parametrize(
    ("topic", "template"),
    [
        (f"snapcam/{SN}/up", "snapcam/{sn}/up"),
        (f"{SN}", "{sn}"),
        (f"a/{SN}/{SN}", "a/{sn}/{sn}"),
        (f"cam-{SN}/up", f"cam-{SN}/up"),
        ("cams/up", "cams/up"),
        (f"/{SN}/", "/{sn}/"),
    ],
)
def test_template(topic: str, template: str) -> None:
    """A serial number that is a whole level stands for all cameras; else it is one topic."""
    told = TopicTemplate.told_from(topic, SN)
    assert told.template == template
    assert told.accepts(topic, SN)
    assert told.filter


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("snapcam/{sn}/up", "snapcam/{sn}/down"),
        ("cams/{sn}/pub", "cams/{sn}/sub"),
        ("cams/{sn}/sub", "cams/{sn}/pub"),
        ("tx/{sn}", "rx/{sn}"),
        ("a/{sn}/post", "a/{sn}/get"),
        ("a/publish/{sn}", "a/subscribe/{sn}"),
        ("a/{sn}/report", "a/{sn}/command"),
        ("from/{sn}", "to/{sn}"),
        ("device/{sn}", "server/{sn}"),
        ("CAMS/{sn}/UP", "CAMS/{sn}/DOWN"),
        ("cams/{sn}/Publish", "cams/{sn}/Subscribe"),
        ("cams/{sn}/msg_up", "cams/{sn}/msg_down"),
        ("cams/{sn}/up1", "cams/{sn}/down1"),
        ("{sn}", "{sn}/down"),
        ("cams/up", "cams/down"),
        ("", "/down"),
    ],
)
def test_the_likeliest_first(up: str, down: str) -> None:
    """The word for one direction is turned round, in its own case, the rest is kept."""
    assert candidates(up)[0] == down


def test_all_of_them() -> None:
    """Every word is turned round, words are appended, and the number may be missing."""
    assert candidates("device/{sn}/up") == [
        "device/{sn}/down",
        "server/{sn}/up",
        "server/{sn}/down",
        "device/{sn}/up/down",
        "device/{sn}/up/set",
        "device/{sn}/up/cmd",
        "device/{sn}/set",
        "device/{sn}/cmd",
        "device/down",
        "server/up",
        "server/down",
    ]


def test_of_a_shared_topic() -> None:
    """Cameras that speak on one topic may each listen on one of their own."""
    assert candidates("cams/up")[:2] == ["cams/down", "cams/down/{sn}"]


@pytest.mark.parametrize("up", ["{sn}/down", "{sn}/{sn}", "{sn}", "up", "/", "supper"])
def test_never_its_own(up: str) -> None:
    """What it could hear itself on is no candidate: commands would come back as heard."""
    template = TopicTemplate(up)
    found = listening_candidates(template)
    assert found
    assert not [x for x in found if x.overlaps(template) or not x.template]


def test_bounded() -> None:
    """A topic full of such words does not make the person wait for ever."""
    assert len(candidates("/".join(["up"] * 100))) == MAX_CANDIDATES
