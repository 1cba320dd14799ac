"""The actions of the integration."""

from homeassistant.core import HomeAssistant, callback

from .actions import (
    accounts,
    cameras,
    firmware,
    outputs,
    pictures,
    rollout,
    settings,
    snapshots,
    timelapse,
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for kind in (
        snapshots,
        outputs,
        pictures,
        timelapse,
        settings,
        firmware,
        rollout,
        cameras,
        accounts,
    ):
        kind.async_register(hass)
