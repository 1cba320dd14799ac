"""The repair issue for pictures that cannot be stored: one, however many cameras."""

import errno
import logging
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

STORAGE_LOW: Final = "storage_low"
STORAGE_FAILED: Final = "storage_failed"

FAILING: HassKey[set[str]] = HassKey(f"{DOMAIN}_storage")


@callback
def async_note_storage_error(
    hass: HomeAssistant, sn: str, folder: Path, err: OSError
) -> None:
    """Say what is wrong with the folder of all pictures, once while it lasts."""
    low = err.errno in (errno.ENOSPC, errno.EDQUOT)
    issue = STORAGE_LOW if low else STORAGE_FAILED
    hass.data.setdefault(FAILING, set()).add(sn)
    if ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None:
        return
    _LOGGER.warning("Snapshots cannot be stored in %s: %s", folder, err.strerror)
    ir.async_delete_issue(hass, DOMAIN, STORAGE_FAILED if low else STORAGE_LOW)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=issue,
        translation_placeholders={
            "folder": str(folder),
            "error": err.strerror or type(err).__name__,
        },
    )


@callback
def async_forget_storage_error(hass: HomeAssistant, sn: str) -> None:
    """Take that back once no camera's pictures are lost any more."""
    if not (failing := hass.data.get(FAILING)):
        return
    failing.discard(sn)
    if not failing:
        for issue in (STORAGE_LOW, STORAGE_FAILED):
            ir.async_delete_issue(hass, DOMAIN, issue)
