"""The conditions of the automation editor: who is online, and how old pictures are."""

from datetime import timedelta
from typing import Final, override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR_DOMAIN,
    BinarySensorDeviceClass,
)
from homeassistant.components.image import DOMAIN as IMAGE_DOMAIN
from homeassistant.const import CONF_OPTIONS, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityConditionBase,
    EntityStateConditionBase,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .helpers import own_entities

CONF_AGE: Final = "age"


class SnapcamCondition(EntityConditionBase):
    """Test this integration's entities alone."""

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out what other integrations have in the same area."""
        return own_entities(self._hass, super().entity_filter(entities))

    @override
    def _should_include(self, _state: State) -> bool:
        """Count a camera of which nothing is known, too: it is one of them."""
        return True


class IsOnlineCondition(SnapcamCondition, EntityStateConditionBase):
    """Test whether cameras are heard."""

    _domain_specs = {
        BINARY_SENSOR_DOMAIN: DomainSpec(
            device_class=BinarySensorDeviceClass.CONNECTIVITY
        )
    }
    _states = {STATE_ON}
    # The entity is a diagnostic one.
    _primary_entities_only = False


class LastSnapshotOlderThanCondition(SnapcamCondition):
    """Test whether the last pictures are older than they should be."""

    _domain_specs = {IMAGE_DOMAIN: DomainSpec()}
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            vol.Required(CONF_OPTIONS): {
                vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
                    [BEHAVIOR_ANY, BEHAVIOR_ALL]
                ),
                vol.Required(CONF_AGE): cv.positive_time_period,
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Initialize the condition."""
        super().__init__(hass, config)
        self._age: timedelta = (config.options or {})[CONF_AGE]

    @property
    @override
    def needs_polling(self) -> bool:
        """Pictures grow old while nothing happens."""
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Return whether a picture is too old; one that never came is."""
        if entity_state.state == STATE_UNKNOWN:
            return True
        taken_at = dt_util.parse_datetime(entity_state.state)
        return taken_at is not None and taken_at < dt_util.utcnow() - self._age


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_online": IsOnlineCondition,
    "last_snapshot_older_than": LastSnapshotOlderThanCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions."""
    return CONDITIONS
