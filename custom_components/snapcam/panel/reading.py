"""What is read from the disk for people who wait in front of the panel."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..pictures.disk import async_get_disk


class Reader:
    """Read from the folder for media, and wait for it no longer than people do."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with the disk that all share."""
        self._disk = async_get_disk(hass)

    async def async_read[*Ts, T](self, read: Callable[[*Ts], T], *args: *Ts) -> T:
        """Return what is read from the disk.

        Raises:
            HomeAssistantError: It takes too long.
        """
        try:
            return await self._disk.async_share(object(), read, *args)
        except OSError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="media_slow"
            ) from err


@callback
def async_get_reader(hass: HomeAssistant) -> Reader:
    """Return the way to read for all browsers."""
    return Reader(hass)
