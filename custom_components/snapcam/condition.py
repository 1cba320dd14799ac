"""The condition of the automation editor: a camera is online."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR_DOMAIN,
    BinarySensorDeviceClass,
)
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .helpers import own_entities


class IsOnlineCondition(EntityStateConditionBase):
    """Test whether cameras are heard."""

    _domain_specs = {
        BINARY_SENSOR_DOMAIN: DomainSpec(
            device_class=BinarySensorDeviceClass.CONNECTIVITY
        )
    }
    _states = {STATE_ON}
    # The entity is a diagnostic one.
    _primary_entities_only = False

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out what other integrations have in the same area."""
        return own_entities(self._hass, super().entity_filter(entities))

    @override
    def _should_include(self, _state: State) -> bool:
        """Count a camera of which nothing is known, too: it is not online."""
        return True


CONDITIONS: Final[dict[str, type[Condition]]] = {"is_online": IsOnlineCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions."""
    return CONDITIONS
