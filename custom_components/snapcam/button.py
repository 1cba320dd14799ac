"""Buttons of a camera."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .entity import SnapcamControlEntity, camera_command

# The client has one command at a time under way, and says when it is too many.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SnapcamButtonEntityDescription(ButtonEntityDescription):
    """Describe a button of a camera."""

    press_fn: Callable[[SnapcamCoordinator], Awaitable[Any]]


BUTTONS: tuple[SnapcamButtonEntityDescription, ...] = (
    SnapcamButtonEntityDescription(
        key="take_snapshot",
        translation_key="take_snapshot",
        press_fn=lambda coordinator: coordinator.pictures.async_capture(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a camera."""
    async_add_entities(
        SnapcamButton(entry.runtime_data, description) for description in BUTTONS
    )


class SnapcamButton(SnapcamControlEntity, ButtonEntity):
    """Something a camera does when it is told to."""

    entity_description: SnapcamButtonEntityDescription

    @override
    @camera_command
    async def async_press(self) -> None:
        """Have the camera do it, and return when it is done."""
        await self.entity_description.press_fn(self.coordinator)
