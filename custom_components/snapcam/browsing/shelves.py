"""What is below each node of the media browser. Everything here blocks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from homeassistant.components.media_player import MediaClass, MediaType
from homeassistant.components.media_source import BrowseMediaSource

from ..const import DOMAIN, THUMBNAIL_URL
from ..pictures.library import CONTENT_TYPES, Library, is_kept
from ..timelapse.shelf import FILM_TYPES, FOLDER, Shelf as Films, film_title
from .titles import Titles, joined

SPLIT_ABOVE: Final = 100
"""A day with more pictures is shown by its hours."""

MAX_PICTURES: Final = 1000
"""In one folder."""

REMOVED: Final = "removed"


def films(library: Library, sns: Iterable[str]) -> Iterator[str]:
    """Yield the names of the videos of cameras, the latest of each first."""
    for sn in library.with_former(sns):
        for file in Films(library, sn).files():
            yield f"{sn}/{FOLDER}/{file}"


def kept(library: Library, sns: Iterable[str]) -> Iterator[str]:
    """Yield the names of the pictures that survive all limits, the latest first."""
    for name in library.stream(sns):
        if is_kept(name.rpartition("/")[2]):
            yield name


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where pictures or videos of some cameras are, whatever day they are of."""

    key: str
    """What its identifier ends with."""
    title_key: str
    limit: int
    names: Callable[[Library, Iterable[str]], Iterator[str]]
    """What is there, the latest first, found when it is asked for."""


ALL: Final = Place(key="all", title_key="all_cameras", limit=100, names=Library.stream)
LATEST: Final = Place(key="latest", title_key="latest", limit=50, names=Library.stream)
KEPT: Final = Place(key="kept", title_key="kept", limit=MAX_PICTURES, names=kept)
OF_CAMERA: Final = (
    LATEST,
    KEPT,
    Place(key=FOLDER, title_key="timelapses", limit=MAX_PICTURES, names=films),
)
"""What each camera has above its days."""


@dataclass(frozen=True)
class Shelves:
    """What is below each node."""

    library: Library
    titles: Titles

    def browse(self, identifier: str) -> BrowseMediaSource | None:
        """Return a node with what is below it; None if there is no such node."""
        sn, _, rest = identifier.partition("/")
        if not sn:
            return None if rest else self._root()
        sn = self.library.owner(sn)
        if identifier == ALL.key:
            return self._place_with_pictures(ALL, ALL.key, self.cameras())
        if identifier == REMOVED:
            return self._removed()
        if not self._is_camera(sn):
            return None
        if not rest:
            return self._camera_with_days(sn)
        for place in OF_CAMERA:
            if rest == place.key:
                return self._place_with_pictures(place, f"{sn}/{rest}", [sn])
        day, _, hour = rest.partition("/")
        return self._day_with_pictures(sn, day, hour)

    def cameras(self) -> list[str]:
        """Return the serial numbers of all cameras, by their titles."""
        return self._sorted({*self.titles.cameras, *self.library.cameras()})

    def removed(self) -> list[str]:
        """Return the serial numbers that have pictures, but are not set up."""
        return self._sorted({*self.library.cameras()} - {*self.titles.cameras})

    def camera(self, sn: str) -> BrowseMediaSource:
        """Return the node of a camera."""
        return folder(sn, self.titles.camera(sn), self.library.newest(sn))

    def day(self, sn: str, day: str, names: list[str]) -> BrowseMediaSource:
        """Return the node of a day."""
        title = joined(self.titles.day(day), str(len(names)))
        return folder(f"{sn}/{day}", title, names[0])

    def picture(self, name: str, *, camera_first: bool = False) -> BrowseMediaSource:
        """Return the node of a picture, or of a video."""
        suffix = Path(name).suffix
        if suffix in FILM_TYPES:
            return self.film(name)
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=name,
            media_class=MediaClass.IMAGE,
            media_content_type=CONTENT_TYPES[suffix],
            title=self.titles.picture(name, camera_first=camera_first),
            can_play=True,
            can_expand=False,
            thumbnail=_thumbnail(name),
        )

    def film(self, name: str) -> BrowseMediaSource:
        """Return the node of a video."""
        sn, _, file = name.split("/")
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=name,
            media_class=MediaClass.VIDEO,
            media_content_type=FILM_TYPES[Path(name).suffix],
            title=joined(film_title(file), self.titles.camera(sn)),
            can_play=True,
            can_expand=False,
        )

    def _sorted(self, sns: Iterable[str]) -> list[str]:
        """Return serial numbers by the titles of their cameras."""
        return sorted(sns, key=lambda sn: self.titles.camera(sn).casefold())

    def _is_camera(self, sn: str) -> bool:
        """Return whether a camera is set up, or has pictures."""
        return sn in self.titles.cameras or bool(self.library.days_of(sn))

    def _root(self) -> BrowseMediaSource:
        """Return the node that all others are below; what is empty is not shown."""
        node = folder("", "SnapCam")
        removed = self._removed()
        node.children = [
            *self._offered(ALL, ALL.key, self.cameras()),
            *map(self.camera, self._sorted(self.titles.cameras)),
            *([removed] if removed.children else []),
        ]
        return node

    def _removed(self) -> BrowseMediaSource:
        """Return the node of the cameras that are not set up any more."""
        node = folder(REMOVED, self.titles.text("removed_cameras"))
        node.children = [*map(self.camera, self.removed())]
        return node

    def _camera_with_days(self, sn: str) -> BrowseMediaSource:
        """Return the node of a camera with what is below it, but what is empty."""
        node = self.camera(sn)
        days = ((day, self.library.names(sn, day)) for day in self.library.days_of(sn))
        node.children = [
            *(
                node
                for place in OF_CAMERA
                for node in self._offered(place, f"{sn}/{place.key}", [sn])
            ),
            *(self.day(sn, day, names) for day, names in days if names),
        ]
        return node

    def _place(
        self, place: Place, identifier: str, newest: str | None
    ) -> BrowseMediaSource:
        """Return the node of a place."""
        return folder(identifier, self.titles.text(place.title_key), newest)

    def _offered(
        self, place: Place, identifier: str, sns: Iterable[str]
    ) -> Iterator[BrowseMediaSource]:
        """Yield the node of a place if there is anything."""
        for newest in islice(place.names(self.library, sns), 1):
            yield self._place(place, identifier, newest)

    def _place_with_pictures(
        self, place: Place, identifier: str, sns: list[str]
    ) -> BrowseMediaSource:
        """Return the node of a place with what is there."""
        newest = next(place.names(self.library, sns), None)
        node = self._place(place, identifier, newest)
        names = place.names(self.library, sns)
        return self._fill(node, names, place.limit, camera_first=place is ALL)

    def _day_with_pictures(
        self, sn: str, day: str, hour: str
    ) -> BrowseMediaSource | None:
        """Return the node of a day, or of an hour of it, with what is below it."""
        names = self.library.names(sn, day)
        hours: dict[str, list[str]] = {}
        for name in names:
            hours.setdefault(f"h{name.rpartition('/')[2][:2]}", []).append(name)
        shown = hours.get(hour) if hour else names
        if not shown:
            return None
        if hour:
            node = self._hour(sn, day, hour, shown)
        else:
            node = self.day(sn, day, shown)
            if len(names) > SPLIT_ABOVE:
                node.children = [self._hour(sn, day, *each) for each in hours.items()]
                return node
        return self._fill(node, iter(shown), MAX_PICTURES)

    def _hour(
        self, sn: str, day: str, hour: str, names: list[str]
    ) -> BrowseMediaSource:
        """Return the node of an hour."""
        title = joined(f"{hour.removeprefix('h')}:00", str(len(names)))
        return folder(f"{sn}/{day}/{hour}", title, names[0])

    def _fill(
        self,
        node: BrowseMediaSource,
        names: Iterator[str],
        limit: int,
        *,
        camera_first: bool = False,
    ) -> BrowseMediaSource:
        """Put pictures below a node, and say how many more there are."""
        node.children = [
            self.picture(name, camera_first=camera_first)
            for name in islice(names, limit)
        ]
        node.not_shown = sum(1 for _ in names)
        return node


def folder(identifier: str, title: str, newest: str | None = None) -> BrowseMediaSource:
    """Return a node that others are below."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        can_search=True,
        thumbnail=newest and _thumbnail(newest),
    )


def _thumbnail(name: str) -> str | None:
    """Return where the small version of a picture is; there is none of a video."""
    sn, day, file = name.split("/")
    if Path(file).suffix not in CONTENT_TYPES:
        return None
    return THUMBNAIL_URL.format(sn=sn, day=day, file=file)
