"""What people may ask for, as the action takes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .selection import DEFAULT_FPS, MAX_FPS, Hours, Period, Wish, span_of

CONF_START: Final = "start"
CONF_END: Final = "end"
CONF_PERIOD: Final = "period"
CONF_EVERY: Final = "every"
CONF_BETWEEN: Final = "between"
CONF_AFTER: Final = "after"
CONF_BEFORE: Final = "before"
CONF_SECONDS: Final = "seconds"
CONF_FPS: Final = "fps"
CONF_HEIGHT: Final = "height"
CONF_ONLY_CHANGED: Final = "only_changed"
CONF_STAMP: Final = "stamp"

HEIGHTS: Final = ("360", "720", "1080")

SCHEMA: Final[VolDictType] = {
    vol.Optional(CONF_START): cv.datetime,
    vol.Optional(CONF_END): cv.datetime,
    vol.Optional(CONF_PERIOD): vol.Coerce(Period),
    vol.Optional(CONF_EVERY): vol.All(
        cv.positive_time_period, vol.Range(min=timedelta(seconds=1))
    ),
    vol.Optional(CONF_BETWEEN): {
        vol.Required(CONF_AFTER): cv.time,
        vol.Required(CONF_BEFORE): cv.time,
    },
    vol.Exclusive(CONF_SECONDS, "pace"): vol.All(
        vol.Coerce(float), vol.Range(min=1, max=3600)
    ),
    vol.Exclusive(CONF_FPS, "pace"): vol.All(
        vol.Coerce(float), vol.Range(min=0.1, max=MAX_FPS)
    ),
    vol.Optional(CONF_HEIGHT): vol.All(vol.Coerce(str), vol.In(HEIGHTS)),
    vol.Optional(CONF_ONLY_CHANGED, default=False): cv.boolean,
    vol.Optional(CONF_STAMP, default=False): cv.boolean,
}


def parse_wish(data: Mapping[str, Any], now: datetime) -> Wish:
    """Return what is asked for.

    Args:
        data: What has passed the schema.
        now: The local time.

    Raises:
        SnapcamNoPeriodError: There is neither a word nor a time, or both.
        SnapcamPeriodOrderError: The end is not after the start.
    """
    start, end = (
        dt_util.as_local(data[key]) if key in data else None
        for key in (CONF_START, CONF_END)
    )
    hours = data.get(CONF_BETWEEN)
    height = data.get(CONF_HEIGHT)
    return Wish(
        span=span_of(now, start=start, end=end, period=data.get(CONF_PERIOD)),
        every=data.get(CONF_EVERY),
        between=hours and Hours(after=hours[CONF_AFTER], before=hours[CONF_BEFORE]),
        seconds=data.get(CONF_SECONDS),
        fps=data.get(CONF_FPS, DEFAULT_FPS),
        height=height and int(height),
        only_changed=data[CONF_ONLY_CHANGED],
        stamp=data[CONF_STAMP],
    )
