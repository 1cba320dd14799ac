"""Repair issues that several cameras may have at once: each is shown only once."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

NO_LAN_ADDRESS: Final = "no_lan_address"
STORAGE_FAILED: Final = "storage_failed"
STORAGE_LOW: Final = "storage_low"

CONCERNED: HassKey[dict[str, set[str]]] = HassKey(f"{DOMAIN}_issues")
"""The serial numbers of the cameras that have an issue."""


@callback
def async_report(hass: HomeAssistant, issue: str, sn: str, **placeholders: str) -> bool:
    """Report an issue of a camera; the first one that has it makes it appear.

    Returns:
        Whether it is the first one.
    """
    concerned = hass.data.setdefault(CONCERNED, {}).setdefault(issue, set())
    first = not concerned
    concerned.add(sn)
    if first:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue,
            translation_placeholders=placeholders,
        )
    return first


@callback
def async_withdraw(hass: HomeAssistant, issue: str, sn: str | None = None) -> None:
    """Withdraw an issue of a camera, or of all; without any it disappears."""
    if not (concerned := hass.data.get(CONCERNED, {}).get(issue)):
        return
    concerned.difference_update(concerned.copy() if sn is None else {sn})
    if not concerned:
        ir.async_delete_issue(hass, DOMAIN, issue)


@callback
def async_withdraw_all(hass: HomeAssistant, sn: str) -> None:
    """Withdraw all issues of a camera that is not set up any more."""
    for issue in (NO_LAN_ADDRESS, STORAGE_FAILED, STORAGE_LOW):
        async_withdraw(hass, issue, sn)
