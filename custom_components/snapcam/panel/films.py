"""Videos that people order in the panel: they are made also if nobody looks on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..helpers import translated_error
from ..protocol import SnapcamError
from ..timelapse.selection import Wish, day_span
from ..timelapse.studio import async_get_studio

ORDERS: HassKey[FilmOrders] = HassKey(f"{DOMAIN}_film_orders")

WAITING: Final = -1
"""The percentage of a video whose turn has not come."""

type Key = tuple[str, date]


@dataclass
class Order:
    """The video of a day, that is ordered, and what is called when it changes."""

    percent: int | None = None
    """How much is done; None if it is not under way."""
    made: str | None = None
    """The name of the one that was made last."""
    error: HomeAssistantError | None = None
    """Why there was none the last time."""
    task: asyncio.Task[None] | None = None
    listeners: set[Callable[[], None]] = field(default_factory=set)


class FilmOrders:
    """Have videos of days made, each once, however many people want it."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with no orders."""
        self._hass = hass
        self._orders: dict[Key, Order] = {}

    def of(self, sn: str, day: date) -> Order:
        """Return what is known of a day's video."""
        return self._orders.get((sn, day)) or Order()

    @callback
    def async_listen(
        self, sn: str, day: date, listener: Callable[[], None]
    ) -> CALLBACK_TYPE:
        """Call a listener on each change; return what removes it."""
        key = (sn, day)
        order = self._orders.setdefault(key, Order())
        order.listeners.add(listener)

        @callback
        def stop() -> None:
            order.listeners.discard(listener)
            self._drop(key)

        return stop

    @callback
    def async_make(self, sn: str, day: date, name: str) -> None:
        """Have the video of a day made, unless it is under way."""
        order = self._orders.setdefault((sn, day), Order())
        if order.task is None:
            order.percent, order.made, order.error = WAITING, None, None
            order.task = self._hass.async_create_background_task(
                self._async_work((sn, day), order, name),
                f"snapcam video of {sn}",
                eager_start=False,
            )
            order.task.add_done_callback(partial(self._async_end, (sn, day), order))
            _tell(order)

    @callback
    def async_cancel(self, sn: str, day: date) -> None:
        """Make it no more; nothing is left of it."""
        if task := self.of(sn, day).task:
            task.cancel()

    async def _async_work(self, key: Key, order: Order, name: str) -> None:
        """Make a video, and note why if there is none."""

        @callback
        def progress(percent: int) -> None:
            # The last word of the one before may come late.
            if order.task is task:
                order.percent = percent
                _tell(order)

        sn, day = key
        task = order.task
        wish = Wish(span=day_span(datetime.combine(day, time())))
        try:
            studio = async_get_studio(self._hass)
            film = await studio.async_make(sn, wish, on_progress=progress)
            order.made = film.name
        except SnapcamError as err:
            order.error = translated_error(err, name)

    @callback
    def _async_end(self, key: Key, order: Order, _task: asyncio.Task[None]) -> None:
        """Announce the end of a video, also of one that has never begun."""
        order.task = order.percent = None
        _tell(order)
        self._drop(key)

    def _drop(self, key: Key) -> None:
        """Forget what nobody waits for, and of which nothing is to be said."""
        order = self._orders.get(key)
        if order and not (order.task or order.error or order.listeners):
            del self._orders[key]


@singleton(ORDERS)
@callback
def async_get_orders(hass: HomeAssistant) -> FilmOrders:
    """Return the orders of all who use the panel."""
    return FilmOrders(hass)


def _tell(order: Order) -> None:
    """Call the listeners."""
    for listener in [*order.listeners]:
        listener()


def describe_order(order: Order) -> dict[str, Any]:
    """Return what a browser is told of it."""
    error = order.error
    return {
        "percent": order.percent,
        "made": order.made,
        "error": error
        and {
            "message": str(error),
            "translation_domain": error.translation_domain,
            "translation_key": error.translation_key,
            "translation_placeholders": error.translation_placeholders,
        },
    }
