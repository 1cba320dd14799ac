"""A video of each day, made in the night after it, and kept for so many days."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from ..helpers import translated_error
from ..pictures.disk import async_get_disk
from ..pictures.store import picture_library
from ..protocol import SnapcamError
from .errors import SnapcamFilmStoppedError, SnapcamTooFewPicturesError
from .selection import Wish, day_span
from .shelf import Shelf
from .studio import async_get_studio

_LOGGER = logging.getLogger(__name__)

MINUTE: Final = 10
"""Of each hour, when it is looked whether a day is over: by the first of a day, the
pictures of the one before are stored."""


class DailyFilms:
    """Make a video of each day that is over, and remove those that are too old."""

    def __init__(self, hass: HomeAssistant, sn: str, name: str, keep_days: int) -> None:
        """Initialize with nothing made.

        Args:
            hass: Home Assistant.
            sn: The serial number of the camera.
            name: What people call it.
            keep_days: For how many days a video is kept.
        """
        self._hass = hass
        self._sn = sn
        self._name = name
        self._keep = timedelta(days=keep_days)
        self._disk = async_get_disk(hass)
        self._busy = False
        self._looked: date | None = None
        self._overdue: set[str] = set()
        self._failed: set[str] = set()

    @callback
    def async_start(
        self, run: Callable[[Coroutine[Any, Any, None]], None]
    ) -> CALLBACK_TYPE:
        """Begin to look each hour; return what ends it.

        An hour that summer time skips, and a night without power, are made up for.

        Args:
            run: Does something in the background.
        """

        @callback
        def look(_now: datetime) -> None:
            if not self._busy:
                run(self._async_look())

        return async_track_time_change(self._hass, look, minute=MINUTE, second=0)

    async def _async_look(self) -> None:
        """See what is to be done; nothing of it is urgent, so it is done next time."""
        self._busy = True
        today = dt_util.now().date()
        try:
            job = self._disk.async_run
            await job(self._sn, self._remove_old, today)
            if self._looked != today:
                for day in await job(self._sn, self._missing, today):
                    await self._async_make(day)
                # What has failed is tried again in the next night.
                self._looked = today
        except OSError, SnapcamFilmStoppedError:
            return
        finally:
            self._busy = False

    async def _async_make(self, day: str) -> None:
        """Make the video of a day, unless there are too few pictures.

        Raises:
            SnapcamFilmStoppedError: Home Assistant is stopping.
        """
        studio = async_get_studio(self._hass)
        wish = Wish(span=day_span(datetime.fromisoformat(day)))
        try:
            # People who want one meanwhile come next, however many cameras there are.
            async with studio.night:
                await studio.async_make(self._sn, wish, name=day)
        except SnapcamFilmStoppedError:
            raise
        except SnapcamTooFewPicturesError:
            self._failed.discard(day)
            return
        except SnapcamError as err:
            if not self._failed:
                reason = translated_error(err, self._name)
                _LOGGER.warning(
                    "There is no video of %s of %s: %s", self._name, day, reason
                )
            self._failed.add(day)
            return
        if self._failed:
            _LOGGER.info("There are videos of %s again", self._name)
        self._failed.discard(day)

    def _missing(self, today: date) -> list[str]:
        """Return the days that may need a video, the oldest first; it blocks.

        What is older than the last one had too few, or was deleted by somebody.
        """
        made = _days(self._shelf)
        oldest = (today - self._keep).isoformat()
        yesterday = (today - timedelta(days=1)).isoformat()
        self._failed = {day for day in self._failed if day >= oldest}
        return sorted(
            day
            for day in self._shelf.library.days(self._sn)
            if day in self._failed
            or (
                oldest <= day <= yesterday
                and (day > max(made) if made else day == yesterday)
            )
        )

    def _remove_old(self, today: date) -> None:
        """Remove videos of days that are too old; it blocks.

        They have to be so twice, as with pictures: a clock may be wrong for a while.
        """
        first = (today - self._keep).isoformat()
        made = _days(self._shelf)
        overdue = {day for day in made if day < first}
        for day in overdue & self._overdue:
            self._shelf.remove(made[day])
        self._overdue = overdue

    @property
    def _shelf(self) -> Shelf:
        """Return where the videos are."""
        return Shelf(picture_library(self._hass), self._sn)


def _days(shelf: Shelf) -> dict[str, str]:
    """Return the names of the videos of days, by the day."""
    return {file.partition(".")[0]: file for file in shelf.of_days()}
