"""The triggers of the automation editor: pictures that come or fail, and who is silent."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR_DOMAIN,
    BinarySensorDeviceClass,
)
from homeassistant.components.event import ATTR_EVENT_TYPE, DOMAIN as EVENT_DOMAIN
from homeassistant.const import CONF_OPTIONS, STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTargetStateTriggerBase,
    EntityTransitionTriggerBase,
    EntityTriggerBase,
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
import voluptuous as vol

from .helpers import own_entities
from .pictures.inbox import SnapshotEventType
from .pictures.watch import WATCHED

CONF_ORIGIN: Final = "origin"
CONF_CHANGE_ABOVE: Final = "change_above"

ORIGIN_ANY: Final = "any"
ORIGINS: Final = {
    ORIGIN_ANY: (SnapshotEventType.UPLOADED, SnapshotEventType.CAPTURED),
    SnapshotEventType.UPLOADED.value: (SnapshotEventType.UPLOADED,),
    SnapshotEventType.CAPTURED.value: (SnapshotEventType.CAPTURED,),
}


CONNECTIVITY: Final = {
    BINARY_SENSOR_DOMAIN: DomainSpec(device_class=BinarySensorDeviceClass.CONNECTIVITY)
}


class SnapcamTrigger(EntityTriggerBase):
    """Trigger for this integration's entities alone."""

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out what other integrations have in the same area."""
        return own_entities(self._hass, super().entity_filter(entities))


class SnapshotReceivedTrigger(SnapcamTrigger, StatelessEntityTriggerBase):
    """Trigger when a picture has come in, whoever wanted it."""

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS, default={}): {
                vol.Required(CONF_ORIGIN, default=ORIGIN_ANY): vol.In(ORIGINS),
                vol.Optional(CONF_CHANGE_ABOVE): vol.All(
                    vol.Coerce(float), vol.Range(min=0, max=100)
                ),
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Initialize the trigger."""
        super().__init__(hass, config)
        self._event_types = ORIGINS[self._options[CONF_ORIGIN]]
        self._change_above: float | None = self._options.get(CONF_CHANGE_ABOVE)

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Have the pictures of the cameras looked at, if that is needed."""
        own = super().entity_filter(entities)
        if self._change_above is not None:
            registry = er.async_get(self._hass)
            self._hass.data.setdefault(WATCHED, {})[self] = {
                entry.config_entry_id
                for entity_id in own
                if (entry := registry.async_get(entity_id)) and entry.config_entry_id
            }
        return own

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run an action for each picture, until it is detached."""
        detach = await super().async_attach_runner(run_action, did_not_trigger)

        @callback
        def remove() -> None:
            detach()
            self._hass.data.get(WATCHED, {}).pop(self, None)

        return remove

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the event is a picture as it is wanted, not a failure."""
        if state.attributes.get(ATTR_EVENT_TYPE) not in self._event_types:
            return False
        if self._change_above is None:
            return True
        change = state.attributes.get("change")
        return change is not None and change > self._change_above


class SnapshotFailedTrigger(SnapcamTrigger, StatelessEntityTriggerBase):
    """Trigger when a picture that was asked for has not come, or is none."""

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether the event is a failure."""
        return state.attributes.get(ATTR_EVENT_TYPE) == SnapshotEventType.FAILED


class WentOfflineTrigger(SnapcamTrigger, EntityTargetStateTriggerBase):
    """Trigger when a camera is no longer heard."""

    _domain_specs = CONNECTIVITY
    _to_states = {STATE_OFF}
    # It may have fallen silent while nobody could know, as in a restart.
    _excluded_from_states = frozenset({STATE_UNAVAILABLE})
    # The entity is a diagnostic one.
    _primary_entities_only = False


class CameOnlineTrigger(SnapcamTrigger, EntityTransitionTriggerBase):
    """Trigger when a camera that was offline is heard again."""

    _domain_specs = CONNECTIVITY
    _from_states = {STATE_OFF}
    _to_states = {STATE_ON}
    _primary_entities_only = False


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "came_online": CameOnlineTrigger,
    "snapshot_failed": SnapshotFailedTrigger,
    "snapshot_received": SnapshotReceivedTrigger,
    "went_offline": WentOfflineTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
