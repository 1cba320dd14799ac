"""The pictures and videos in the media browser."""

from pathlib import Path
from typing import override

from homeassistant.components.media_player import (
    BrowseError,
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

from .browsing.finding import Search
from .browsing.shelves import Shelves
from .browsing.titles import async_get_titles
from .const import DOMAIN
from .pictures.disk import async_look
from .pictures.library import CONTENT_TYPES, Library
from .pictures.store import picture_library
from .timelapse.shelf import FILM_TYPES, film_path


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

    @property
    def library(self) -> Library:
        """Return the pictures of the cameras as they are now."""
        return picture_library(self.hass)

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a picture is, for a browser and for Home Assistant itself."""
        name = item.identifier or ""
        path = await async_look(self.hass, Unresolvable, self._path, name)
        if path is None:
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key="picture_not_found"
            )
        content_type = (CONTENT_TYPES | FILM_TYPES)[path.suffix]
        # It may have another name by now.
        place = path.relative_to(self.library.root).as_posix()
        return PlayMedia(f"{self.library.url}/{place}", content_type, path=path)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return what is below a node."""
        library = self.library
        titles = await async_get_titles(self.hass, library.owners)
        shelves = Shelves(library, titles)
        # Some cards end the name of a folder with a slash.
        identifier = (item.identifier or "").removesuffix("/")
        node = await async_look(self.hass, BrowseError, shelves.browse, identifier)
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
        library = self.library
        titles = await async_get_titles(self.hass, library.owners)
        shelves = Shelves(library, titles)
        search = Search(shelves, item.identifier or "", query)
        found = await async_look(self.hass, SearchError, search.find)
        return SearchMedia(result=found)

    def _path(self, name: str) -> Path | None:
        """Return where a picture or a video is; None if there is none."""
        return self.library.path(name) or film_path(self.library, name)
