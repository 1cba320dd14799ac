"""What the panel asks for about videos: those of a day, to make one, and to give up."""

from datetime import date
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..const import CONF_SN, DOMAIN
from ..pictures.disk import async_look
from ..pictures.store import picture_library
from ..timelapse.shelf import FOLDER, Shelf, film_title
from .cameras import may, may_see
from .films import async_get_orders, describe_order

type Message = dict[str, Any]
type Connection = websocket_api.ActiveConnection

DAY: Final[VolDictType] = {
    vol.Required(CONF_SN): str,
    vol.Required("day"): vol.All(
        cv.date, vol.Range(min=date(1970, 1, 2), max=date(9000, 1, 1))
    ),
}


@callback
def async_register_film_commands(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (_films, _make_film, _cancel_film):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({vol.Required("type"): "snapcam/films", **DAY})
@callback
def _films(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Send the videos of a day and the one that is being made, and then changes."""
    asked, day = msg[CONF_SN], msg["day"]
    library = picture_library(hass)
    sn = library.owner(asked)
    if not may_see(hass, connection.user, sn):
        _refuse(connection, msg)
        return
    orders = async_get_orders(hass)

    def find() -> list[dict[str, str]]:
        return [
            {"title": film_title(file), "url": f"{library.url}/{each}/{FOLDER}/{file}"}
            for each in library.with_former([sn])
            for file in Shelf(library, each).of_day(day.isoformat())
        ]

    async def tell_all() -> None:
        try:
            found: dict[str, Any] = {
                "films": await async_look(hass, HomeAssistantError, find)
            }
        except HomeAssistantError:
            found = {"films": []}
        found["may_make"] = _may_make(hass, connection.user, sn)
        if msg["id"] in connection.subscriptions:
            connection.send_event(msg["id"], describe_order(orders.of(sn, day)) | found)

    @callback
    def tell() -> None:
        order = orders.of(sn, day)
        if order.percent is None:
            hass.async_create_background_task(tell_all(), "snapcam videos of a day")
        else:
            connection.send_event(msg["id"], describe_order(order))

    connection.subscriptions[msg["id"]] = orders.async_listen(sn, day, tell)
    connection.send_result(msg["id"])
    hass.async_create_background_task(tell_all(), "snapcam videos of a day")


@websocket_api.websocket_command({vol.Required("type"): "snapcam/make_film", **DAY})
@callback
def _make_film(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Have a video of a day made; how that goes is told to those who follow the day."""
    sn = picture_library(hass).owner(msg[CONF_SN])
    if not _may_make(hass, connection.user, sn):
        _refuse(connection, msg)
        return
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, sn)
    name = entry.title if entry else sn
    async_get_orders(hass).async_make(sn, msg["day"], name)
    connection.send_result(msg["id"])


@websocket_api.websocket_command({vol.Required("type"): "snapcam/cancel_film", **DAY})
@callback
def _cancel_film(hass: HomeAssistant, connection: Connection, msg: Message) -> None:
    """Give up a video of a day."""
    sn = picture_library(hass).owner(msg[CONF_SN])
    if not _may_make(hass, connection.user, sn):
        _refuse(connection, msg)
        return
    async_get_orders(hass).async_cancel(sn, msg["day"])
    connection.send_result(msg["id"])


def _may_make(hass: HomeAssistant, user: User, sn: str) -> bool:
    """Return whether a user may have videos made, as by the action."""
    return may_see(hass, user, sn) and may(hass, user, sn, POLICY_CONTROL)


def _refuse(connection: Connection, msg: Message) -> None:
    """Answer as if there were no such camera."""
    connection.send_error(
        msg["id"],
        websocket_api.ERR_HOME_ASSISTANT_ERROR,
        "camera_not_found",
        translation_domain=DOMAIN,
        translation_key="camera_not_found",
    )
