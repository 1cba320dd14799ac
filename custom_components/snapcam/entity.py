"""Base entity of the SnapCam integration."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import SnapcamCoordinator
from .device.device import Occurrence
from .device.settings import network_connections
from .helpers import panel_url, translated_error
from .protocol import SnapcamError


class SnapcamEntity(CoordinatorEntity[SnapcamCoordinator]):
    """Something of a camera that is there whether or not the camera is."""

    _attr_has_entity_name = True
    follows: Occurrence | None = None
    """What it follows besides the camera's state."""

    def __init__(
        self, coordinator: SnapcamCoordinator, description: EntityDescription
    ) -> None:
        """Initialize the entity."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.sn}_{description.key}"
        config = coordinator.data.config
        self._attr_device_info = DeviceInfo(
            # Home Assistant's pages show it as a link to one of their own.
            configuration_url=f"homeassistant:/{panel_url(coordinator.sn)}",
            identifiers={(DOMAIN, coordinator.sn)},
            connections=network_connections(config),
            manufacturer="SnapCam",
            model="Snapshot camera",
            name=coordinator.name,
            serial_number=coordinator.sn,
            sw_version=coordinator.firmware.installed_version,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what the entity tells."""
        await super().async_added_to_hass()
        if self.follows is not None:
            self.async_on_remove(
                self.coordinator.async_listen(
                    self.follows, self._handle_coordinator_update
                )
            )

    @callback
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Stay as it is: nothing here depends on the entity id."""

    @property
    @override
    def available(self) -> bool:
        """Return that what is known stays known, whatever the camera does."""
        return True

    @override
    async def async_update(self) -> None:
        """Request the camera's configuration when an update of the entity is requested."""
        await self.coordinator.settings.async_refresh()


class SnapcamControlEntity(SnapcamEntity):
    """Something of a camera that is used by asking the camera."""

    @property
    @override
    def available(self) -> bool:
        """Return whether the camera can be asked at all.

        That a camera is silent, *Connectivity* says. If all the others became unavailable
        with it, each would write two lines into the activity log, where a network that
        fails for a minute would hide what happened. Besides, Home Assistant skips what is
        unavailable without a word; asked in vain, a camera's silence is an error.
        """
        return self.coordinator.data.connected


def camera_command[EntityT: SnapcamEntity, **P](
    func: Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[EntityT, P], Coroutine[Any, Any, None]]:
    """Decorate anything that asks something of a camera."""

    @wraps(func)
    async def handler(self: EntityT, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await func(self, *args, **kwargs)
        except SnapcamError as err:
            raise translated_error(err, self.coordinator.name) from err

    return handler
