"""The trigger of the automation editor: a snapshot was received."""

from typing import Final, override

from homeassistant.components.event import ATTR_EVENT_TYPE, DOMAIN as EVENT_DOMAIN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)

from .helpers import own_entities
from .pictures.inbox import SnapshotEventType

RECEIVED: Final = (SnapshotEventType.UPLOADED, SnapshotEventType.CAPTURED)


class SnapshotReceivedTrigger(StatelessEntityTriggerBase):
    """Trigger when a picture has come in, whoever wanted it."""

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out the events of other integrations in the same area."""
        return own_entities(self._hass, super().entity_filter(entities))

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Tell whether the event is a picture, not a failure."""
        return state.attributes.get(ATTR_EVENT_TYPE) in RECEIVED


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "snapshot_received": SnapshotReceivedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
