"""The cameras as the panel shows them, and what changes of them."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import CONF_FORMER, CONF_SN, DOMAIN
from ..coordinator import SnapcamConfigEntry, SnapcamCoordinator
from ..device.device import Occurrence

SHOWN: Final = {
    "camera": (Platform.CAMERA, "snapshot"),
    "image": (Platform.IMAGE, "snapshot"),
    "event": (Platform.EVENT, "snapshot"),
    "button": (Platform.BUTTON, "take_snapshot"),
}
"""The entities the panel knows, by platform and key."""

REGISTRIES: Final = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    lr.EVENT_LABEL_REGISTRY_UPDATED,
)

type Camera = dict[str, Any]


class CameraFeed:
    """Send a browser all cameras that its user may see, and then their changes."""

    def __init__(
        self, hass: HomeAssistant, user: User, send: Callable[[Camera], None]
    ) -> None:
        """Initialize with nothing told."""
        self._hass = hass
        self._user = user
        self._send = send
        self._told: dict[str, Camera] = {}
        self._followed: dict[SnapcamCoordinator, list[CALLBACK_TYPE]] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._due: asyncio.Handle | None = None

    @callback
    def async_start(self) -> None:
        """Send all cameras, and subscribe to their changes."""
        self._unsubscribe = [
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
            ),
            *(
                self._hass.bus.async_listen(registry, self._async_registry_changed)
                for registry in REGISTRIES
            ),
        ]
        self._async_follow()
        self._told = self._cameras()
        self._send({"cameras": list(self._told.values())})

    @callback
    def async_stop(self) -> None:
        """Let go of all that was followed."""
        if self._due is not None:
            self._due.cancel()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for coordinator in list(self._followed):
            self._async_unfollow(coordinator)

    @callback
    def _async_entry_changed(
        self, change: ConfigEntryChange, entry: SnapcamConfigEntry
    ) -> None:
        """Follow a camera that is new, reloaded or gone."""
        if entry.domain == DOMAIN:
            self._async_follow()
            self._async_tell()

    @callback
    def _async_registry_changed(self, event: Event[Any]) -> None:
        """Follow names, areas and labels; such changes come in flocks."""
        if self._due is None:
            self._due = self._hass.loop.call_soon(self._async_tell)

    @callback
    def _async_follow(self) -> None:
        """Follow what is set up now, and nothing else."""
        current = {
            entry.runtime_data
            for entry in _entries(self._hass)
            if entry.state is ConfigEntryState.LOADED
        }
        for coordinator in self._followed.keys() - current:
            self._async_unfollow(coordinator)
        for coordinator in current - self._followed.keys():
            tell = partial(self._async_tell_one, coordinator.config_entry)
            self._followed[coordinator] = [
                coordinator.async_add_listener(tell),
                coordinator.async_listen(Occurrence.SNAPSHOT, tell),
                coordinator.async_listen(Occurrence.EVENT, tell),
            ]

    @callback
    def _async_unfollow(self, coordinator: SnapcamCoordinator) -> None:
        """Let go of a camera."""
        for unsubscribe in self._followed.pop(coordinator):
            unsubscribe()

    @callback
    def _async_tell_one(self, entry: SnapcamConfigEntry) -> None:
        """Send what has changed of a camera."""
        camera = describe(self._hass, entry)
        sn = camera["sn"]
        if sn in self._told and self._told[sn] != camera:
            self._told[sn] = camera
            self._send({"changed": [camera], "removed": []})

    @callback
    def _async_tell(self) -> None:
        """Send what has changed of all cameras."""
        self._due = None
        current = self._cameras()
        changed = [
            camera for sn, camera in current.items() if self._told.get(sn) != camera
        ]
        removed = [sn for sn in self._told if sn not in current]
        self._told = current
        if changed or removed:
            self._send({"changed": changed, "removed": removed})

    def _cameras(self) -> dict[str, Camera]:
        """Return the cameras the user may see, by serial number."""
        return {
            entry.data[CONF_SN]: describe(self._hass, entry)
            for entry in _entries(self._hass)
            if may_see(self._hass, self._user, entry.data[CONF_SN])
        }


def describe(hass: HomeAssistant, entry: SnapcamConfigEntry) -> Camera:
    """Return what the panel shows of a camera."""
    sn: str = entry.data[CONF_SN]
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, sn), entry.entry_id
    )
    own = {
        key: er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{sn}_{name}")
        for key, (platform, name) in SHOWN.items()
    }
    entity = er.async_get(hass).async_get(own["camera"]) if own["camera"] else None
    area_id = (entity and entity.area_id) or (device and device.area_id)
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    labels = (device.labels if device else set()) | (entity.labels if entity else set())
    name = (device and (device.name_by_user or device.name)) or entry.title
    return {
        "sn": sn,
        "former": [*entry.data.get(CONF_FORMER, ())],
        "name": name,
        "area": area.name if area else None,
        "area_id": area_id,
        "labels": _named(hass, labels),
        "entities": own,
        **_state(entry),
    }


def may_see(hass: HomeAssistant, user: User, sn: str) -> bool:
    """Return whether a user may see a camera; one that is not set up, if all others."""
    return may(hass, user, sn, POLICY_READ)


def may(hass: HomeAssistant, user: User, sn: str, policy: str) -> bool:
    """Return whether a user may do something with a camera."""
    entity_id = er.async_get(hass).async_get_entity_id(
        CAMERA_DOMAIN, DOMAIN, f"{sn}_snapshot"
    )
    if entity_id is None:
        return user.permissions.access_all_entities(policy)
    return user.permissions.check_entity(entity_id, policy)


def set_up(hass: HomeAssistant) -> set[str]:
    """Return the serial numbers of all cameras that were not removed."""
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return {entry.data[CONF_SN] for entry in entries}


def _entries(hass: HomeAssistant) -> list[SnapcamConfigEntry]:
    """Return the entries of the cameras that are to be seen."""
    return hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )


def _named(hass: HomeAssistant, labels: Iterable[str]) -> list[dict[str, str]]:
    """Return labels with their names."""
    registry = lr.async_get(hass)
    found = filter(None, map(registry.async_get_label, sorted(labels)))
    return [{"label_id": label.label_id, "name": label.name} for label in found]


def _state(entry: SnapcamConfigEntry) -> Camera:
    """Return how a camera is; nothing is known of one that is not loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"online": None, "connected": None, "last_seen": None, "newest": None}
    coordinator = entry.runtime_data
    data, last_seen = coordinator.data, coordinator.last_seen
    # Heartbeats change it all the time, and it says something of the silent alone.
    silent = data.online is not True and last_seen is not None
    return {
        "online": data.online,
        "connected": data.connected,
        "last_seen": last_seen.isoformat() if silent and last_seen else None,
        "newest": _newest(coordinator),
    }


def _newest(coordinator: SnapcamCoordinator) -> Camera | None:
    """Return the last picture; it has no name if it could not be stored."""
    if (snapshot := coordinator.data.snapshot) is None:
        return None
    event = coordinator.last_event
    announced = event.snapshot if event else None
    known = announced is not None and announced.captured_at == snapshot.captured_at
    return {
        "name": snapshot.name,
        "time": snapshot.captured_at.isoformat(),
        "origin": event.type if event and known else None,
    }
