"""Snapshot cameras that speak JSON over MQTT."""

from homeassistant.components import mqtt
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady

from .const import DOMAIN
from .coordinator import SnapcamConfigEntry, SnapcamCoordinator, async_remove_stored
from .hub import async_get_hub
from .protocol import SnapcamNotConnectedError

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> bool:
    """Set up a camera."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_not_configured"
        )
    hub = async_get_hub(hass)
    coordinator = SnapcamCoordinator(hass, entry, hub)
    entry.runtime_data = coordinator
    probed = hub.probed.pop(coordinator.sn, None)
    try:
        await coordinator.async_load(probed.config if probed else None)
        # Undone in the reverse order: no message may reach a camera that is closed.
        entry.async_on_unload(coordinator.async_close)
        entry.async_on_unload(await hub.async_add_camera(coordinator))
    except SnapcamNotConnectedError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_not_configured"
        ) from err
    finally:
        if probed is not None:
            probed.release()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> bool:
    """Unload a camera."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> None:
    """Remove what was stored of a camera."""
    await async_remove_stored(hass, entry)
