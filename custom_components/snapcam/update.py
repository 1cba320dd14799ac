"""The update entity: the firmware that is offered to a camera."""

from typing import Any, Final, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry
from .entity import SnapcamControlEntity, camera_command

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0

NO_VERSION: Final = "?"
"""Home Assistant's dialog stays empty, without a button, while a version is unknown."""

FIRMWARE = UpdateEntityDescription(
    key="firmware",
    translation_key="firmware",
    device_class=UpdateDeviceClass.FIRMWARE,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the update entity."""
    async_add_entities([SnapcamUpdate(entry.runtime_data, FIRMWARE)])


class SnapcamUpdate(SnapcamControlEntity, UpdateEntity):
    """The firmware of a camera, and the one it is offered."""

    _attr_supported_features = (
        UpdateEntityFeature.INSTALL
        | UpdateEntityFeature.PROGRESS
        | UpdateEntityFeature.RELEASE_NOTES
    )

    @property
    @override
    def available(self) -> bool:
        """Return whether it can be used; an install goes on while the broker is down."""
        return super().available or self.coordinator.firmware.under_way is not None

    @property
    @override
    def installed_version(self) -> str:
        """Return what is installed, as far as anybody knows."""
        return self.coordinator.firmware.installed_version or NO_VERSION

    @property
    @override
    def latest_version(self) -> str:
        """Return what is offered; while nothing is, all is up to date."""
        offer = self.coordinator.firmware.offer
        return offer.version if offer else self.installed_version

    @property
    @override
    def in_progress(self) -> bool:
        """Return whether it is being installed, whoever started it."""
        return self.coordinator.firmware.under_way is not None

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Return that what somebody offers is what they want, be it an older one."""
        return True

    @override
    async def async_release_notes(self) -> str | None:
        """Return the notes of what is offered."""
        offer = self.coordinator.firmware.offer
        return offer.notes if offer else None

    @override
    async def async_install(
        self, version: str | None, backup: bool, **kwargs: Any
    ) -> None:
        """Install what is offered, and return when that is confirmed."""
        await self._async_install()

    @camera_command
    async def _async_install(self) -> None:
        """Install what is offered."""
        await self.coordinator.firmware.async_install()
