"""The pictures and videos in the media browser: camera, day, pictures, newest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final, override

from homeassistant.components.media_player import (
    BrowseError,
    BrowseMedia,
    MediaClass,
    MediaType,
    SearchError,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations

from .const import CONF_SN, DOMAIN, THUMBNAIL_URL
from .pictures.disk import async_get_disk
from .pictures.library import CONTENT_TYPES, Library
from .pictures.store import picture_library
from .timelapse.shelf import FILM_TYPES, FOLDER, Shelf, film_path, film_title

MAX_RESULTS: Final = 100

FILMS_TITLE: Final = f"component.{DOMAIN}.selector.media_folder.options.timelapse"


async def async_get_media_source(hass: HomeAssistant) -> SnapcamMediaSource:
    """Return the media source."""
    return SnapcamMediaSource(hass)


class SnapcamMediaSource(MediaSource):
    """The pictures of all cameras, also of those that are not set up any more."""

    name: str = "SnapCam"

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize the media source."""
        super().__init__(DOMAIN)
        self.hass = hass
        self.library = picture_library(hass)

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a picture is, for a browser and for Home Assistant itself."""
        name = item.identifier or ""
        path = await self._async_look(self._path, name, error=Unresolvable)
        if path is None:
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key="picture_not_found"
            )
        content_type = (CONTENT_TYPES | FILM_TYPES)[path.suffix]
        return PlayMedia(f"{self.library.url}/{name}", content_type, path=path)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return what is below a node."""
        shelves = await self._async_shelves()
        node = await self._async_look(
            shelves.browse, item.identifier or "", error=BrowseError
        )
        if node is None:
            raise BrowseError(
                translation_domain=DOMAIN, translation_key="folder_not_found"
            )
        return node

    @override
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Return the cameras, days and pictures that have a text in their titles."""
        search = partial((await self._async_shelves()).search, query=query)
        found = await self._async_look(search, item.identifier or "", error=SearchError)
        return SearchMedia(result=found)

    async def _async_look[ResultT](
        self,
        look: Callable[[str], ResultT],
        identifier: str,
        *,
        error: type[HomeAssistantError],
    ) -> ResultT:
        """Look something up in the library.

        Raises:
            HomeAssistantError: The disk does not answer.
        """
        try:
            return await async_get_disk(self.hass).async_share(
                object(), look, identifier
            )
        except OSError as err:
            raise error(
                translation_domain=DOMAIN, translation_key="folder_silent"
            ) from err

    async def _async_shelves(self) -> Shelves:
        """Return the library, with the names of the cameras that are set up."""
        entries = self.hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        titles = {entry.data[CONF_SN]: entry.title for entry in entries}
        language = self.hass.config.language
        texts = await async_get_translations(self.hass, language, "selector", {DOMAIN})
        return Shelves(self.library, titles, texts[FILMS_TITLE])

    def _path(self, name: str) -> Path | None:
        """Return where a picture or a video is; None if there is none."""
        return self.library.path(name) or film_path(self.library, name)


@dataclass(frozen=True)
class Shelves:
    """The library as people see it. Everything here blocks."""

    library: Library
    titles: dict[str, str]
    films_title: str

    def browse(self, identifier: str) -> BrowseMediaSource | None:
        """Return a node with what is below it; None if there is no such node."""
        sn, _, day = identifier.partition("/")
        if not identifier:
            node = _folder("", "SnapCam")
            node.children = [self._camera(sn) for sn in self._cameras()]
        elif not day:
            if sn not in self._cameras():
                return None
            node = self._camera(sn)
            films = [self._films(sn)] if Shelf(self.library, sn).files() else []
            days = [self._day(sn, day) for day in self.library.days(sn)]
            node.children = [*films, *days]
        elif day == FOLDER:
            if not Shelf(self.library, sn).files():
                return None
            node = self._films(sn)
            node.children = list(self._each_film(sn))
        else:
            if day not in self.library.days(sn):
                return None
            node = self._day(sn, day)
            node.children = list(self._pictures(sn, day))
        return node

    def search(self, identifier: str, query: SearchMediaQuery) -> list[BrowseMedia]:
        """Return what has a text in its title, below a node; folders come first."""
        text = query.search_query.casefold()
        only_sn, _, only_day = identifier.partition("/")
        sns = [only_sn] if only_sn else self._cameras()
        days = [
            (sn, day)
            for sn in sns
            for day in self.library.days(sn)
            if only_day in ("", day)
        ]
        cameras = [] if only_sn else [self._camera(sn) for sn in self._cameras()]
        folders = [*cameras, *([] if only_day else (self._day(*day) for day in days))]
        # Who asks for media has no use for folders.
        wanted = query.media_filter_classes
        named = [f for f in folders if not wanted and text in str(f.title).casefold()]
        pictures = (
            picture
            for sn, day in days
            if not wanted or MediaClass.IMAGE in wanted
            for picture in self._pictures(sn, day)
            if text in f"{day} {picture.title}"
        )
        films = (
            film
            for sn in sns
            if only_day in ("", FOLDER) and (not wanted or MediaClass.VIDEO in wanted)
            for film in self._each_film(sn)
            if text in film.title
        )
        return [*islice(chain(named, films, pictures), MAX_RESULTS)]

    def _cameras(self) -> list[str]:
        """Return the serial numbers of all cameras, by their titles."""
        sns = {*self.titles, *self.library.cameras()}
        return sorted(sns, key=lambda sn: self._title(sn).casefold())

    def _title(self, sn: str) -> str:
        """Return the name of a camera; of one that is not set up, its number."""
        return self.titles.get(sn, sn)

    def _camera(self, sn: str) -> BrowseMediaSource:
        """Return the node of a camera."""
        newest = self.library.newest(sn)
        return _folder(sn, self._title(sn), newest)

    def _day(self, sn: str, day: str) -> BrowseMediaSource:
        """Return the node of a day."""
        return _folder(f"{sn}/{day}", day, self.library.newest(sn, day))

    def _films(self, sn: str) -> BrowseMediaSource:
        """Return the node of a camera's videos."""
        return _folder(f"{sn}/{FOLDER}", self.films_title)

    def _each_film(self, sn: str) -> Iterator[BrowseMediaSource]:
        """Return the nodes of a camera's videos."""
        for file in Shelf(self.library, sn).files():
            yield BrowseMediaSource(
                domain=DOMAIN,
                identifier=f"{sn}/{FOLDER}/{file}",
                media_class=MediaClass.VIDEO,
                media_content_type=FILM_TYPES[Path(file).suffix],
                title=film_title(file),
                can_play=True,
                can_expand=False,
            )

    def _pictures(self, sn: str, day: str) -> Iterator[BrowseMediaSource]:
        """Return the nodes of a day's pictures."""
        for file in self.library.files(sn, day):
            yield BrowseMediaSource(
                domain=DOMAIN,
                identifier=f"{sn}/{day}/{file}",
                media_class=MediaClass.IMAGE,
                media_content_type=CONTENT_TYPES[Path(file).suffix],
                title=f"{file[:2]}:{file[2:4]}:{file[4:6]}",
                can_play=True,
                can_expand=False,
                thumbnail=_thumbnail(f"{sn}/{day}/{file}"),
            )


def _folder(
    identifier: str, title: str, newest: str | None = None
) -> BrowseMediaSource:
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


def _thumbnail(name: str) -> str:
    """Return where the small version of a picture is."""
    sn, day, file = name.split("/")
    return THUMBNAIL_URL.format(sn=sn, day=day, file=file)
