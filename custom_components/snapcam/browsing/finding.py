"""What people find in the library by words of a title. Everything here blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, islice
from operator import itemgetter
import re
from typing import Final

from homeassistant.components.media_player import (
    BrowseMedia,
    MediaClass,
    SearchMediaQuery,
)
from homeassistant.components.media_source import BrowseMediaSource

from ..timelapse.shelf import film_title
from .shelves import ALL, KEPT, LATEST, REMOVED, Shelves, films
from .titles import clock_time, joined

MAX_RESULTS: Final = 100

HOUR: Final = re.compile(r"([^/]+)/h(\d\d)")


@dataclass(frozen=True)
class Search:
    """A search for all words of a query, below a node."""

    shelves: Shelves
    identifier: str
    query: SearchMediaQuery

    def find(self) -> list[BrowseMedia]:
        """Return what is found, folders first, then the latest pictures.

        Who asks for media has no use for folders, and wants all pictures of a camera
        by its name. For all others the camera is enough.
        """
        wanted = self.query.media_filter_classes
        folders = () if wanted else chain(self._cameras(), self._days())
        videos = () if wanted and MediaClass.VIDEO not in wanted else self._videos()
        pictures = () if wanted and MediaClass.IMAGE not in wanted else self._pictures()
        if self._only_kept:
            folders = videos = ()
        return [*islice(chain(folders, videos, pictures), MAX_RESULTS)]

    @cached_property
    def _words(self) -> list[str]:
        """Return what is looked for."""
        return self.query.search_query.casefold().split()

    @cached_property
    def _sns(self) -> list[str]:
        """Return the cameras whose pictures are below the node."""
        if self.identifier in ("", ALL.key):
            return self.shelves.cameras()
        if self.identifier == REMOVED:
            return self.shelves.removed()
        return [self.shelves.library.owner(self.identifier.partition("/")[0])]

    @cached_property
    def _below(self) -> str:
        """Return how the names begin of all that is below the node."""
        sn, _, rest = self.identifier.partition("/")
        if sn in ("", ALL.key, REMOVED) and not rest:
            return ""
        sn = self.shelves.library.owner(sn)
        hour = HOUR.fullmatch(rest)
        if rest in ("", LATEST.key, KEPT.key):
            return f"{sn}/"
        return f"{sn}/{hour[1]}/{hour[2]}" if hour else f"{sn}/{rest}/"

    def _is_below(self, name: str) -> bool:
        """Return whether a picture or a video is below the node."""
        sn, _, rest = name.partition("/")
        return f"{self.shelves.library.owner(sn)}/{rest}".startswith(self._below)

    @cached_property
    def _only_kept(self) -> bool:
        """Return whether pictures are below the node that are kept, and nothing else."""
        return self.identifier.partition("/")[2] == KEPT.key

    def _cameras(self) -> Iterator[BrowseMediaSource]:
        """Yield the cameras that are found."""
        for sn in () if self._below else self._sns:
            if self._found(self.shelves.titles.camera(sn)):
                yield self.shelves.camera(sn)

    def _days(self) -> Iterator[BrowseMediaSource]:
        """Yield the days that are found, the latest first."""
        library, titles = self.shelves.library, self.shelves.titles
        days = [(day, sn) for sn in self._sns for day in library.days_of(sn)]
        for day, sn in sorted(days, key=itemgetter(0), reverse=True):
            camera = titles.camera(sn)
            # A day is not below itself.
            if (
                f"{sn}/{day}".startswith(self._below)
                and self._found(f"{day} {titles.day(day)}", camera)
                and (names := library.names(sn, day))
            ):
                node = self.shelves.day(sn, day, names)
                node.title = joined(camera, node.title)
                yield node

    def _videos(self) -> Iterator[BrowseMediaSource]:
        """Yield the videos that are found."""
        titles = self.shelves.titles
        for name in films(self.shelves.library, self._sns):
            sn, _, file = name.split("/")
            own = f"{titles.text('timelapses')} {film_title(file)}"
            if self._is_below(name) and self._found(own, titles.camera(sn)):
                yield self.shelves.film(name)

    def _pictures(self) -> Iterator[BrowseMediaSource]:
        """Yield the pictures that are found, the latest first."""
        titles = self.shelves.titles
        day_title, several = cache(titles.day), len(self._sns) > 1
        place = KEPT if self._only_kept else LATEST
        for name in place.names(self.shelves.library, self._sns):
            sn, day, file = name.split("/")
            when = f"{day} {day_title(day)} {clock_time(file)}"
            if self._is_below(name) and self._found(when, titles.camera(sn)):
                yield self.shelves.picture(name, camera_first=several)

    def _found(self, own: str, camera: str = "") -> bool:
        """Return whether all words are in a title, and not all of them in the camera's."""
        if self.query.media_filter_classes:
            own = f"{own} {camera}"
        own, text = own.casefold(), f"{own} {camera}".casefold()
        words = self._words
        return all(word in text for word in words) and (
            not words or any(word in own for word in words)
        )
