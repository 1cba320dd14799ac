"""The cameras that a call is for."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_ENTITY_ID, ENTITY_MATCH_ALL
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_extract_config_entry_ids

from ..const import DOMAIN


async def async_target_entries(call: ServiceCall) -> list[ConfigEntry]:
    """Return the entries of the cameras, in the order in which they were added.

    Raises:
        ServiceValidationError: There is none.
    """
    entries = call.hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    if call.data.get(ATTR_ENTITY_ID) != ENTITY_MATCH_ALL:
        meant = await async_extract_config_entry_ids(call)
        entries = [entry for entry in entries if entry.entry_id in meant]
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_cameras"
        )
    return entries
