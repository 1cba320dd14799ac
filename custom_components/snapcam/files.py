"""Files that people name in actions."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN


async def async_check_path(hass: HomeAssistant, filename: str) -> None:
    """Check that Home Assistant may use a file.

    Raises:
        ServiceValidationError: It may not.
    """

    def is_allowed() -> bool:
        # Home Assistant does not follow a link to what does not exist yet.
        path = Path(filename).resolve()
        is_special = path.exists() and not (path.is_file() or path.is_dir())
        return not is_special and hass.config.is_allowed_path(str(path))

    if "\0" in filename or not await hass.async_add_executor_job(is_allowed):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="filename_not_allowed",
            translation_placeholders={"filename": filename},
        )


async def async_write(
    hass: HomeAssistant, filename: str, content: bytes | None
) -> None:
    """Write a picture to a file.

    Args:
        hass: Home Assistant.
        filename: The file; missing folders are made.
        content: The picture; None if it is gone.

    Raises:
        HomeAssistantError: It cannot be written.
    """

    def write(content: bytes) -> None:
        path = Path(filename)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    try:
        if content is None:
            raise FileNotFoundError("the picture is gone")
        await hass.async_add_executor_job(write, content)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="filename_not_written",
            translation_placeholders={
                "filename": filename,
                "error": err.strerror or str(err),
            },
        ) from err
