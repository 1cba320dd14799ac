"""Topic templates: what to subscribe to, where to publish, who may speak."""

import pytest

from custom_components.snapcam.protocol import SnapcamTopicError, TopicTemplate
from tests.const import OTHER_SN, SN


@pytest.mark.parametrize(
    ("template", "topic_filter", "topic"),
    [
        ("snapcam/{sn}/up", "snapcam/+/up", f"snapcam/{SN}/up"),
        ("{sn}", "+", SN),
        ("/{sn}/", "/+/", f"/{SN}/"),
        ("{sn}/{sn}", "+/+", f"{SN}/{SN}"),
        ("snapcam/up", "snapcam/up", "snapcam/up"),
        ("snapcam/{id}", "snapcam/{id}", "snapcam/{id}"),
    ],
)
def test_filter_and_topic(template: str, topic_filter: str, topic: str) -> None:
    """All cameras of a template share one subscription; each has a topic of its own."""
    assert TopicTemplate(template).filter == topic_filter
    assert TopicTemplate(template).topic(SN) == topic


@pytest.mark.parametrize("template", ["cam-{sn}/up", "up/{sn}-1", "{sn}/up/{sn}x"])
def test_partial_level(template: str) -> None:
    """MQTT has no filter for a part of a level, so we cannot listen there.

    We can publish there, though: only the filter is refused.
    """
    with pytest.raises(SnapcamTopicError):
        _ = TopicTemplate(template).filter
    assert TopicTemplate(template).topic(SN) == template.replace("{sn}", SN)


@pytest.mark.parametrize(
    ("template", "topic", "accepted"),
    [
        pytest.param("snapcam/{sn}/up", f"snapcam/{SN}/up", True, id="own"),
        pytest.param("snapcam/{sn}/up", f"snapcam/{OTHER_SN}/up", False, id="foreign"),
        pytest.param("snapcam/{sn}/up", f"snapcam/{SN}/down", False, id="other"),
        pytest.param("snapcam/{sn}/up", f"snapcam/{SN}/up/", False, id="longer"),
        pytest.param("snapcam/{sn}/up", "snapcam/+/up", False, id="filter"),
        pytest.param("snapcam/up", "snapcam/up", True, id="shared"),
        pytest.param("snapcam/up", "snapcam/UP", False, id="other case"),
    ],
)
def test_accepts(template: str, topic: str, accepted: bool) -> None:
    """A camera may not speak for another one where each has a topic of its own."""
    assert TopicTemplate(template).accepts(topic, SN) is accepted


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("snapcam/{sn}/up", "snapcam/{sn}/down", False),
        ("snapcam/{sn}/up", "snapcam/{sn}/up", True),
        ("snapcam/up", "snapcam/up", True),
        ("snapcam/up", "snapcam/down", False),
        ("snapcam/up", "snapcam/up/{sn}", False),
        ("snapcam/{sn}", "snapcam/{sn}/down", False),
        ("snapcam/up", "snapcam/up/", False),
        ("snapcam/{sn}", "snapcam/down", True),
        ("snapcam/{sn}/up", "snapcam/down/up", True),
        ("snapcam/{sn}/up", "snapcam/down/down", False),
        ("{sn}/up", "down/{sn}", True),
        ("{sn}/up", "{sn}/{sn}", True),
        ("snapcam/{sn}", "snapcam/cam-{sn}", True),
        ("snapcam/down", "snapcam/d{sn}", True),
        ("snapcam/cam-{sn}/up", "snapcam/cam-{sn}/down", False),
    ],
)
def test_overlaps(one: str, other: str, overlap: bool) -> None:
    """Two templates overlap if some cameras' SNs could make one topic of both.

    Else we would hear what we say ourselves. In doubt, as with a part of a level,
    they do.
    """
    assert TopicTemplate(one).overlaps(TopicTemplate(other)) is overlap
    assert TopicTemplate(other).overlaps(TopicTemplate(one)) is overlap
