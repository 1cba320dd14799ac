"""What hangs on the IO lines of a camera, and what follows from it."""

from enum import StrEnum
from typing import Final

from homeassistant.components.homeassistant.exposed_entities import (
    KNOWN_ASSISTANTS,
    async_expose_entity,
)
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import CONF_SN, DOMAIN

LINES: Final = ("io0", "io1")


class Hanging(StrEnum):
    """What hangs on an IO line."""

    NOTHING = "nothing"
    LIGHT = "light"
    GATE = "gate"
    BELL = "bell"
    OTHER = "other"


HARMLESS: Final = (Hanging.LIGHT, Hanging.BELL)
"""What voice assistants may have without anybody having said so."""


def what_hangs(entry: ConfigEntry, line: str) -> Hanging | None:
    """Return what hangs on a line; None if nobody has said so."""
    said = entry.options.get(line)
    return Hanging(said) if isinstance(said, str) and said in Hanging else None


@callback
def async_new_lines(hass: HomeAssistant, entry: ConfigEntry) -> list[str]:
    """Return the lines whose switches have not been set up yet."""
    registry = er.async_get(hass)
    return [line for line in LINES if _switch(registry, entry, line) is None]


@callback
def async_follow_answer(
    hass: HomeAssistant, entry: ConfigEntry, line: str, hanging: Hanging | None
) -> None:
    """Have the switch of a line follow a new answer, and be exposed at most as before."""
    registry = er.async_get(hass)
    if (entity_id := _switch(registry, entry, line)) is None:
        return
    disabled_by = registry.entities[entity_id].disabled_by
    if hanging is Hanging.NOTHING and disabled_by is None:
        registry.async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.INTEGRATION
        )
    elif (
        hanging is not Hanging.NOTHING
        and disabled_by is er.RegistryEntryDisabler.INTEGRATION
    ):
        registry.async_update_entity(entity_id, disabled_by=None)
    if hanging not in HARMLESS:
        for assistant in KNOWN_ASSISTANTS:
            async_expose_entity(hass, assistant, entity_id, should_expose=False)


def _switch(registry: er.EntityRegistry, entry: ConfigEntry, line: str) -> str | None:
    """Return the switch of a line; None if there is none yet."""
    unique_id = f"{entry.data[CONF_SN]}_{line}"
    return registry.async_get_entity_id(SWITCH_DOMAIN, DOMAIN, unique_id)
