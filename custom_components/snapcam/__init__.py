"""Snapshot cameras that speak JSON over MQTT."""

from homeassistant.components import mqtt
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import CONF_FILM_DAYS, CONF_TOKEN, DOMAIN
from .coordinator import SnapcamConfigEntry, SnapcamCoordinator, async_remove_stored
from .delivery.addresses import new_token
from .delivery.delivery import async_watch_address
from .delivery.secrecy import keep_secrets
from .delivery.upload import SnapcamUploadView, async_accept_posts
from .device.lines import async_follow_answer, async_new_lines, what_hangs
from .device.naming import async_follow_names
from .device.successor import async_take_place
from .firmware.install import async_forget_failure
from .firmware.offers import async_drop_unused_packages
from .firmware.packages import package_store
from .firmware.rolling import async_set_up_roll_outs
from .firmware.serving import SnapcamFirmwareView, async_serve
from .link.hub import async_get_hub
from .panel.panel import async_setup_panel
from .pictures.store import async_prepare_folder
from .pictures.thumbnails import SnapcamThumbnailView
from .protocol import SnapcamNotConnectedError
from .services import async_setup_services
from .timelapse.daily import DailyFilms

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TEXT,
    Platform.UPDATE,
]


CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what all cameras share."""
    async_setup_services(hass)
    keep_secrets()
    hass.http.register_view(SnapcamUploadView)
    hass.http.register_view(SnapcamFirmwareView)
    hass.http.register_view(SnapcamThumbnailView)
    async_watch_address(hass)
    async_follow_names(hass)
    await async_setup_panel(hass)
    await async_prepare_folder(hass)
    await hass.async_add_executor_job(package_store(hass).discard_copies)
    await async_set_up_roll_outs(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> bool:
    """Set up a camera."""
    async_take_place(hass, entry)
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_not_configured"
        )
    if CONF_TOKEN not in entry.data:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_TOKEN: new_token()}
        )
    hub = async_get_hub(hass)
    coordinator = SnapcamCoordinator(hass, entry, hub)
    entry.runtime_data = coordinator
    probed = hub.probed.pop(coordinator.sn, None)
    try:
        await coordinator.async_load(probed)
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
    new_lines = async_new_lines(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Home Assistant may remember the switches of one that was removed.
    for line in new_lines:
        async_follow_answer(hass, entry, line, what_hangs(entry, line))
    coordinator.pictures.async_open()
    entry.async_on_unload(async_serve(hass, coordinator.firmware))
    entry.async_on_unload(async_accept_posts(hass, coordinator, coordinator.token))
    if keep_days := entry.options.get(CONF_FILM_DAYS):
        films = DailyFilms(hass, coordinator.sn, coordinator.name, keep_days)
        entry.async_on_unload(films.async_start(coordinator.async_run))
    coordinator.async_inherit()
    if coordinator.sn in hub.new:
        hub.new.remove(coordinator.sn)
        coordinator.async_want_first_picture()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> bool:
    """Unload a camera."""
    coordinator = entry.runtime_data
    await coordinator.outputs.async_end()
    coordinator.outputs.async_report_left()
    await coordinator.delivery.async_end()
    # What is inside is announced while the entities are there.
    await coordinator.pictures.async_close()
    await coordinator.watch.async_close()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SnapcamConfigEntry) -> None:
    """Remove what was stored of a camera."""
    await async_remove_stored(hass, entry)
    await async_drop_unused_packages(hass)
    async_forget_failure(hass, entry)
