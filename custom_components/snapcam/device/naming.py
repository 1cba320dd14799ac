"""Call a camera what its device is called, wherever people read of it."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import EventDeviceRegistryUpdatedData

from ..const import DOMAIN


@callback
def async_follow_names(hass: HomeAssistant) -> None:
    """Follow the names of devices, which Home Assistant asks for after adding one."""
    devices = dr.async_get(hass)

    @callback
    def is_renamed(data: EventDeviceRegistryUpdatedData) -> bool:
        return data["action"] == "update" and "name_by_user" in data["changes"]

    @callback
    def rename(event: Event[EventDeviceRegistryUpdatedData]) -> None:
        device = devices.async_get(event.data["device_id"])
        if device is None or not (name := device.name_by_user or device.name):
            return
        for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
            if entry.entry_id == device.config_entry_id:
                hass.config_entries.async_update_entry(entry, title=name)
                if entry.state is ConfigEntryState.LOADED:
                    entry.runtime_data.name = name

    hass.bus.async_listen(
        dr.EVENT_DEVICE_REGISTRY_UPDATED, rename, event_filter=is_renamed
    )
