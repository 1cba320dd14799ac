"""The place of the panel in the side bar, and the files a browser loads for it."""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from .film_commands import async_register_film_commands
from .rollout import async_register_roll_out_command
from .websocket import async_register_commands

FRONTEND: Final = Path(__file__).with_name("frontend")
ELEMENT: Final = "snapcam-panel"
ICON: Final = "mdi:camera-burst"


async def async_setup_panel(hass: HomeAssistant) -> None:
    """Offer the panel, unless this Home Assistant has no pages at all."""
    async_register_commands(hass)
    async_register_film_commands(hass)
    async_register_roll_out_command(hass)
    if frontend.DOMAIN not in hass.config.components:
        return
    version = await hass.async_add_executor_job(_version)
    # Kept by browsers for a month, so other files need to be at another address.
    url = f"/{DOMAIN}_panel/{version}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(url, str(FRONTEND), cache_headers=True)]
    )
    await panel_custom.async_register_panel(
        hass,
        frontend_url_path=DOMAIN,
        webcomponent_name=ELEMENT,
        sidebar_title="SnapCam",
        sidebar_icon=ICON,
        module_url=f"{url}/{ELEMENT}.js",
    )


def _version() -> str:
    """Return what changes when any of the files does."""
    digest = hashlib.sha256()
    for path in sorted(FRONTEND.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
