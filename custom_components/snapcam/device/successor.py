"""Have a camera take the place of another one, with all that people have made of it."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import CONF_SN, DOMAIN


@callback
def async_take_place(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give device and entities of an entry the serial number that it has now.

    This is asked at each start: one may have been replaced just before the power went.
    """
    sn = entry.data[CONF_SN]
    devices, entities = dr.async_get(hass), er.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        former = next((x for domain, x in device.identifiers if domain == DOMAIN), sn)
        if former == sn:
            continue
        for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
            key = entity.unique_id.removeprefix(f"{former}_")
            if key != entity.unique_id:
                entities.async_update_entity(
                    entity.entity_id, new_unique_id=f"{sn}_{key}"
                )
        devices.async_update_device(
            device.id,
            new_identifiers={(DOMAIN, sn)},
            new_connections=set(),
            serial_number=sn,
            sw_version=None,
        )
