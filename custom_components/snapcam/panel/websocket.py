"""What the panel asks for: cameras as they change, days, pictures."""

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..const import CONF_SN, DOMAIN
from ..pictures.changes import find_changes, is_new
from ..pictures.disk import async_look
from ..pictures.library import Library, stem
from ..pictures.stock import Stock, take_stock
from ..pictures.store import async_remove_pictures, picture_library
from .cameras import Camera, CameraFeed, may_see, set_up

PAGE: Final = 2000

type Message = dict[str, Any]
type Connection = websocket_api.ActiveConnection


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (_cameras, _days, _pictures, _changes, _removed, _delete_removed):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({vol.Required("type"): "snapcam/cameras"})
@callback
def _cameras(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Send all cameras, and then their changes."""

    @callback
    def send(event: Camera) -> None:
        connection.send_event(msg["id"], event)

    feed = CameraFeed(hass, connection.user, send)
    connection.subscriptions[msg["id"]] = feed.async_stop
    connection.send_result(msg["id"])
    feed.async_start()


@websocket_api.websocket_command(
    {vol.Required("type"): "snapcam/days", vol.Optional(CONF_SN): str}
)
@websocket_api.async_response
async def _days(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Return the days that have pictures, of a camera or of all, the latest first."""
    library = picture_library(hass)

    def count(sns: list[str]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for sn in sns:
            for day in library.days(sn):
                counts[day] = counts.get(day, 0) + len(library.files(sn, day))
        return {day: counts[day] for day in sorted(counts, reverse=True) if counts[day]}

    try:
        sns = await _async_asked(hass, connection, msg, library)
        counts = await async_look(hass, HomeAssistantError, count, sns)
    except HomeAssistantError as err:
        _send_error(connection, msg, err)
        return
    days = [{"day": day, "count": number} for day, number in counts.items()]
    connection.send_result(msg["id"], {"days": days})


@websocket_api.websocket_command(
    {
        vol.Required("type"): "snapcam/pictures",
        vol.Optional(CONF_SN): str,
        vol.Required("day"): str,
        vol.Optional("before"): str,
        vol.Optional("limit", default=PAGE): vol.All(int, vol.Range(min=1, max=PAGE)),
    }
)
@websocket_api.async_response
async def _pictures(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Return a page of a day's pictures, of a camera or of all, the newest first.

    A page begins before a picture rather than after a number of them, which would be
    others as soon as one comes or goes.
    """
    library, day = picture_library(hass), msg["day"]

    def collect(sns: list[str]) -> list[str]:
        names = [f"{sn}/{day}/{file}" for sn in sns for file in library.files(sn, day)]
        return sorted(names, key=_by_time, reverse=True) if len(sns) > 1 else names

    try:
        sns = await _async_asked(hass, connection, msg, library)
        names = await async_look(hass, HomeAssistantError, collect, sns)
    except HomeAssistantError as err:
        _send_error(connection, msg, err)
        return
    rest = _after(names, msg["before"]) if "before" in msg else names
    page = rest[: msg["limit"]]
    connection.send_result(
        msg["id"],
        {
            "pictures": page,
            "total": len(names),
            "more": len(rest) > len(page),
            "url": library.url,
        },
    )


@websocket_api.websocket_command(
    {
        vol.Required("type"): "snapcam/changes",
        vol.Optional(CONF_SN): str,
        vol.Required("day"): str,
    }
)
@websocket_api.async_response
async def _changes(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Return those of a day's pictures that show something new, as far as is known.

    Each time, some more of them are looked at; `looked` says how many were by now.
    """
    library, day = picture_library(hass), msg["day"]

    def look(sns: list[str]) -> Message:
        news: dict[str, int | None] = {}
        looked, more = 0, False
        for sn in sns:
            changes, is_complete = find_changes(library, sn, day, {})
            for file in library.files(sn, day):
                if (key := stem(file)) in changes and is_new(changes[key]):
                    news[f"{sn}/{day}/{file}"] = changes[key]
            looked += len(changes)
            if more := not is_complete:
                break
        return {"news": news, "looked": looked, "more": more}

    try:
        sns = await _async_asked(hass, connection, msg, library)
        found = await async_look(hass, HomeAssistantError, look, sns)
    except HomeAssistantError as err:
        _send_error(connection, msg, err)
    else:
        connection.send_result(msg["id"], found)


@websocket_api.websocket_command({vol.Required("type"): "snapcam/removed"})
@websocket_api.async_response
async def _removed(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Return the cameras that are not set up any more, and how much is stored of them."""
    library, user = picture_library(hass), connection.user
    present = set_up(hass)

    def look() -> list[tuple[str, Stock]]:
        sns = [sn for sn in library.cameras() if sn not in present]
        return [(sn, take_stock(library, sn)) for sn in sns]

    try:
        found = await async_look(hass, HomeAssistantError, look)
    except HomeAssistantError as err:
        _send_error(connection, msg, err)
        return
    cameras = [
        {"sn": sn, "count": stock.count, "size": stock.size}
        for sn, stock in found
        if may_see(hass, user, sn)
    ]
    connection.send_result(msg["id"], {"cameras": cameras})


@websocket_api.websocket_command(
    {vol.Required("type"): "snapcam/delete_removed", vol.Required(CONF_SN): str}
)
@websocket_api.require_admin
@websocket_api.async_response
async def _delete_removed(
    hass: HomeAssistant, connection: Connection, msg: Message
) -> None:
    """Delete all there is of a camera that is not set up any more."""
    try:
        await _async_delete(hass, msg[CONF_SN])
    except HomeAssistantError as err:
        _send_error(connection, msg, err)
    else:
        connection.send_result(msg["id"])


async def _async_delete(hass: HomeAssistant, sn: str) -> None:
    """Delete all there is of a camera.

    Raises:
        HomeAssistantError: It is none that was removed, or it could not be done.
    """
    stored = await async_look(hass, HomeAssistantError, picture_library(hass).cameras)
    if sn not in stored or sn in set_up(hass):
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="camera_not_removed"
        )
    try:
        await async_remove_pictures(hass, sn)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="pictures_not_changed",
            translation_placeholders={
                "name": sn,
                "error": err.strerror or str(err),
            },
        ) from err


async def _async_asked(
    hass: HomeAssistant, connection: Connection, msg: Message, library: Library
) -> list[str]:
    """Return the serial numbers a command is about: of one camera, or of all.

    Raises:
        HomeAssistantError: The user may not see this one, or the disk hangs.
    """
    user = connection.user
    if (asked := msg.get(CONF_SN)) is None:
        stored = await async_look(hass, HomeAssistantError, library.cameras)
        return library.with_former(sn for sn in stored if may_see(hass, user, sn))
    sn = library.owner(asked)
    if not may_see(hass, user, sn):
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="camera_not_found"
        )
    return library.with_former([sn])


def _send_error(connection: Connection, msg: Message, err: HomeAssistantError) -> None:
    """Answer with an error that is nobody's fault here, and so not logged."""
    connection.send_error(
        msg["id"],
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        str(err),
        translation_domain=err.translation_domain,
        translation_key=err.translation_key,
        translation_placeholders=err.translation_placeholders,
    )


def _after(names: list[str], name: str) -> list[str]:
    """Return what comes after a picture, which may be gone meanwhile."""
    if name in names:
        return names[names.index(name) + 1 :]
    return [other for other in names if _by_time(other) < _by_time(name)]


def _by_time(name: str) -> tuple[str, str]:
    """Return what pictures of a day are ordered by."""
    return name.rpartition("/")[2], name
