"""The topics of a camera, as people fill them in."""

from typing import Any, Final

from homeassistant.components import mqtt
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from ..const import CONF_DOWN, CONF_TOPICS, CONF_UP, DEFAULT_DOWN, DEFAULT_UP
from ..protocol import SN_PLACEHOLDER, SnapcamTopicError, TopicTemplate
from .steps import check_topic

# A translation cannot write a brace of its own.
TOPIC_PLACEHOLDERS: Final = {
    "placeholder": SN_PLACEHOLDER,
    "default_up": DEFAULT_UP,
    "default_down": DEFAULT_DOWN,
}


def topics_section(
    up: str, down: str, shown: dict[str, str], *, collapsed: bool
) -> dict[vol.Marker, Any]:
    """Return the section for the topics with their defaults, filled in as shown."""
    schema = vol.Schema(
        {
            vol.Required(CONF_UP, default=up): TextSelector(),
            vol.Required(CONF_DOWN, default=down): TextSelector(),
        }
    )
    # The frontend takes a section's own default for what is filled in.
    return {
        vol.Required(CONF_TOPICS, default=shown): section(
            schema, {"collapsed": collapsed}
        )
    }


def topics_errors(up: TopicTemplate, down: TopicTemplate, sn: str) -> dict[str, str]:
    """Return what is wrong with the topics of a camera."""
    try:
        check_topic(up.topic(sn))
        mqtt.valid_subscribe_topic(up.filter)
    except vol.Invalid, SnapcamTopicError:
        return {"base": "invalid_up"}
    try:
        check_topic(down.topic(sn))
    except vol.Invalid:
        return {"base": "invalid_down"}
    return {"base": "topics_overlap"} if up.overlaps(down) else {}
