"""What holds for any topics and serial numbers."""

from hypothesis import assume, given, strategies as st
from paho.mqtt.client import topic_matches_sub

from custom_components.snapcam.protocol import SnapcamTopicError, TopicTemplate

from .strategies import SN

SHORT_SN = st.text("ab1", min_size=1, max_size=2)
"""So short that topics are alike by chance."""

LEVELS = st.sampled_from(["{sn}", "{sn}", "a", "b", "ab", "a{sn}", "{sn}b", ""])
TEMPLATES = st.lists(LEVELS, min_size=1, max_size=3).map("/".join).filter(bool)
templates = TEMPLATES.map(TopicTemplate)


def whole(template: TopicTemplate) -> bool:
    """Return whether a template can be subscribed to."""
    try:
        return bool(template.filter)
    except SnapcamTopicError:
        return False


@given(templates, SN)
def test_filter_matches_the_topic(template: TopicTemplate, sn: str) -> None:
    """A camera's topic is one we have subscribed to, and one it may speak on."""
    assert template.accepts(template.topic(sn), sn)
    assert not whole(template) or topic_matches_sub(template.filter, template.topic(sn))


@given(templates.filter(whole), SHORT_SN, SHORT_SN)
def test_nobody_speaks_for_another(
    template: TopicTemplate, sn: str, other: str
) -> None:
    """Where each camera has a topic of its own, no other one may speak on it."""
    assume(sn != other and "{sn}" in template.template)
    assert not template.accepts(template.topic(other), sn)


@given(templates, templates, SHORT_SN, SHORT_SN)
def test_overlap(one: TopicTemplate, two: TopicTemplate, sn: str, other: str) -> None:
    """Templates that make one topic of any two cameras are known to overlap."""
    assert one.overlaps(two) == two.overlaps(one)
    assert one.topic(sn) != two.topic(other) or one.overlaps(two)
