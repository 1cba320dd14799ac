"""The firmware that is offered to each camera, and the lifetime of its package.

Offers and packages are changed one at a time: a package that was just stored must not
be removed as unused before its offer is stored, too.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_FIRMWARE, DOMAIN
from ..models import Offer
from .packages import Copy, package_store

TURN: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_packages")


@callback
def package_turn(hass: HomeAssistant) -> asyncio.Lock:
    """Return the lock to hold while offers, packages or installs change."""
    return hass.data.setdefault(TURN, asyncio.Lock())


async def async_change_offer(
    hass: HomeAssistant,
    entry: ConfigEntry,
    offer: Offer | None,
    copy: Copy | None = None,
) -> None:
    """Change what is offered to a camera, and remove packages no longer used.

    Args:
        hass: Home Assistant.
        entry: The camera.
        offer: What it is offered now; None if nothing is any more.
        copy: Its package, if Home Assistant serves that itself.

    Raises:
        OSError: The package cannot be stored; nothing has changed then.
    """
    await async_change_offers(hass, [entry], offer, copy)


async def async_change_offers(
    hass: HomeAssistant,
    entries: Iterable[ConfigEntry],
    offer: Offer | None,
    copy: Copy | None = None,
) -> None:
    """Change what is offered to cameras, and remove packages no longer used.

    Args:
        hass: Home Assistant.
        entries: The cameras.
        offer: What they are offered now; None if nothing is any more.
        copy: Its package, if Home Assistant serves that itself.

    Raises:
        OSError: The package cannot be stored; nothing has changed then.
    """
    async with package_turn(hass):
        if copy is not None:
            await hass.async_add_executor_job(copy.keep)
        for entry in entries:
            hass.config_entries.async_update_entry(
                entry, options=_options_with(entry.options, offer)
            )
            if entry.state is ConfigEntryState.LOADED:
                entry.runtime_data.async_update_listeners()
        await _async_drop_unused(hass)


async def async_drop_unused_packages(hass: HomeAssistant) -> None:
    """Remove the packages that no camera is offered or installs."""
    async with package_turn(hass):
        await _async_drop_unused(hass)


async def _async_drop_unused(hass: HomeAssistant) -> None:
    """Remove unused packages, while the lock is held."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    if any(entry.state is not ConfigEntryState.LOADED for entry in entries):
        # What a camera installs is not known until it is loaded.
        return
    offers = [
        Offer.from_options(entry.options)
        for entry in hass.config_entries.async_entries(DOMAIN)
    ]
    installed = [entry.runtime_data.firmware.served for entry in entries]
    packages = [*(offer.package for offer in offers if offer), *installed]
    await hass.async_add_executor_job(
        package_store(hass).keep_only, filter(None, packages)
    )


def _options_with(options: Mapping[str, Any], offer: Offer | None) -> dict[str, Any]:
    """Return the options of an entry with its offer replaced or removed."""
    others = {key: value for key, value in options.items() if key != CONF_FIRMWARE}
    return others if offer is None else {**others, CONF_FIRMWARE: asdict(offer)}
