"""Ask, add and list many cameras at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, NamedTuple

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_IMPORT, ConfigEntry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import area_registry as ar, device_registry as dr

from ..const import CONF_DOWN, CONF_SN, CONF_UP, DOMAIN
from ..protocol import SnapcamError, SnapcamRefusedError, TopicTemplate
from .camera_list import ListedCamera
from .probe import async_probe

ASKED_AT_ONCE: Final = 50
"""One that is silent takes ten seconds."""

ADDED_AT_ONCE: Final = 10


class NewCamera(NamedTuple):
    """A camera to be added, and where it speaks and listens."""

    camera: ListedCamera
    up: TopicTemplate
    down: TopicTemplate


async def _async_each[ItemT](
    items: Iterable[ItemT], work: Callable[[ItemT], Awaitable[None]], at_once: int
) -> None:
    """Work on all items, a few at a time."""
    waiting = iter(items)

    async def work_on() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work_on())


async def async_ask_all(
    hass: HomeAssistant,
    sns: Iterable[str],
    up: TopicTemplate,
    down: TopicTemplate,
    on_told: Callable[[str, bool], None],
) -> None:
    """Ask many cameras whether they are there.

    Args:
        hass: Home Assistant.
        sns: Their serial numbers.
        up: The topic they answer on.
        down: The topic they listen on.
        on_told: Called for each with its serial number and whether it is there.
    """

    async def ask(sn: str) -> None:
        is_there = True
        try:
            await async_probe(hass, sn, up, down)
        except SnapcamError as err:
            # One that refuses may have a reason, such as a clock of its own.
            is_there = isinstance(err, SnapcamRefusedError)
        on_told(sn, is_there)

    await _async_each(sns, ask, ASKED_AT_ONCE)


async def async_add_all(
    hass: HomeAssistant,
    cameras: Iterable[NewCamera],
    on_added: Callable[[ConfigEntry | None], None],
) -> None:
    """Add many cameras, each with an entry of its own, and put them into their areas.

    Args:
        hass: Home Assistant.
        cameras: What is to be added.
        on_added: Called for each with its entry; None if it was there already.
    """

    async def add(new: NewCamera) -> None:
        camera = new.camera
        # Spelled as it is first in the list, whichever camera is set up first.
        if camera.area:
            ar.async_get(hass).async_get_or_create(camera.area)
        result = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": SOURCE_IMPORT},
            data={
                CONF_SN: camera.sn,
                CONF_NAME: camera.name,
                CONF_UP: new.up.template,
                CONF_DOWN: new.down.template,
            },
        )
        if result["type"] is not FlowResultType.CREATE_ENTRY:
            on_added(None)
            return
        if camera.area:
            _async_put(hass, result["result"], camera)
        on_added(result["result"])

    await _async_each(cameras, add, ADDED_AT_ONCE)


@callback
def _async_put(hass: HomeAssistant, entry: ConfigEntry, camera: ListedCamera) -> None:
    """Put a camera into its area, which is made if it is missing."""
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    # The camera may not be set up yet, such as while the broker is away.
    device = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, camera.sn)}
    )
    devices.async_update_device(
        device.id, area_id=areas.async_get_or_create(camera.area).id
    )


@callback
def is_set_up(hass: HomeAssistant, sn: str) -> bool:
    """Return whether a camera is set up; one that is only ignored is not."""
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, sn)
    return entry is not None and entry.source != SOURCE_IGNORE


@callback
def async_list_all(hass: HomeAssistant) -> list[dict[str, str]]:
    """Return all cameras as another Home Assistant needs them to add them."""
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    listed: list[dict[str, str]] = []
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    for entry in sorted(entries, key=lambda entry: str(entry.data[CONF_SN])):
        sn = entry.data[CONF_SN]
        device = devices.async_get_device_by_identifier((DOMAIN, sn), entry.entry_id)
        area = areas.async_get_area(device.area_id or "") if device else None
        listed.append(
            {
                "sn": sn,
                "name": (device and device.name_by_user) or entry.title,
                "area": area.name if area else "",
                "up": entry.data[CONF_UP],
                "down": entry.data[CONF_DOWN],
            }
        )
    return listed
