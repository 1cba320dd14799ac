"""Topic templates: the vendor's page names no topics, so each camera's are set."""

from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Final

from .exceptions import SnapcamTopicError

SN_PLACEHOLDER: Final = "{sn}"


@dataclass(frozen=True)
class TopicTemplate:
    """A topic with `{sn}` in place of the serial number, or shared by many cameras."""

    template: str

    @classmethod
    def told_from(cls, topic: str, sn: str) -> TopicTemplate:
        """Return the template of a topic that a camera was heard on.

        Args:
            topic: The topic.
            sn: Its valid serial number: a whole level of the topic, or it is taken for
                a topic that cameras share.
        """
        levels = (SN_PLACEHOLDER if x == sn else x for x in topic.split("/"))
        return cls("/".join(levels))

    @cached_property
    def filter(self) -> str:
        """Return the topic filter that matches every camera's topic.

        Raises:
            SnapcamTopicError: `{sn}` is only a part of its level, for which MQTT
                has no filter.
        """
        levels = self.template.split("/")
        if any(SN_PLACEHOLDER in x and x != SN_PLACEHOLDER for x in levels):
            raise SnapcamTopicError("{sn} is only a part of its level")
        return self.template.replace(SN_PLACEHOLDER, "+")

    @property
    def owns_topics(self) -> bool:
        """Return whether each camera has a topic of its own."""
        return SN_PLACEHOLDER in self.template

    def topic(self, sn: str) -> str:
        """Return the topic of one camera.

        Args:
            sn: A valid serial number.
        """
        return self.template.replace(SN_PLACEHOLDER, sn)

    def accepts(self, topic: str, sn: str) -> bool:
        """Return whether a camera may speak on a topic: on its own, or a shared one."""
        return topic == self.topic(sn)

    def spelling(self, topic: str, sn: str) -> str | None:
        """Return how a topic spells a serial number, in small or large letters.

        Args:
            topic: The topic a camera was heard on.
            sn: What it says of itself there.

        Returns:
            None if it is another one's topic.
        """
        levels = zip_longest(self.template.split("/"), topic.split("/"))
        spelled = sn
        for mine, theirs in levels:
            if mine == SN_PLACEHOLDER and theirs and theirs.lower() == sn.lower():
                spelled = theirs
            elif mine != theirs:
                return None
        return spelled

    def overlaps(self, other: TopicTemplate) -> bool:
        """Return whether one topic could belong to both templates."""
        pairs = zip_longest(self.template.split("/"), other.template.split("/"))
        return all(
            mine is not None
            and theirs is not None
            and (mine == theirs or SN_PLACEHOLDER in mine or SN_PLACEHOLDER in theirs)
            for mine, theirs in pairs
        )
