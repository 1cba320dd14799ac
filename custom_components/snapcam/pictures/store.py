"""The stored pictures of a camera, and what is said when they cannot be stored."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
import errno
from functools import partial
import logging
from pathlib import Path
import shutil
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_FORMER,
    CONF_KEEP_COUNT,
    CONF_KEEP_DAYS,
    CONF_KEEP_MIB,
    CONF_SN,
    CONF_THIN_OUT,
    DEFAULT_KEEP_COUNT,
    DEFAULT_KEEP_DAYS,
    DEFAULT_KEEP_MIB,
    DOMAIN,
)
from ..issues import STORAGE_FAILED, STORAGE_LOW, async_report, async_withdraw
from ..models import Snapshot
from ..protocol import Picture, RequestId
from .choice import Choice
from .disk import async_get_disk
from .history import History, Retention
from .library import Library
from .thinning import Thinning
from .thumbnail_cache import thumbnail_cache

_LOGGER = logging.getLogger(__name__)


class PictureStore:
    """Store the pictures of one camera, one at a time, and keep the last at hand."""

    def __init__(
        self, hass: HomeAssistant, sn: str, options: Mapping[str, Any]
    ) -> None:
        """Initialize with nothing read.

        Args:
            hass: Home Assistant.
            sn: The serial number of the camera.
            options: Of its entry.
        """
        self._hass = hass
        self._sn = sn
        self.library = picture_library(hass)
        self._disk = async_get_disk(hass)
        self._history = History(self.library, sn, retention(options))
        self._former = {
            former: History(self.library, former, retention(options))
            for former in self.library.with_former([sn])[1:]
        }
        self._thinning = {
            each: Thinning(self.library, each)
            for each in self.library.with_former([sn])
            if options.get(CONF_THIN_OUT, False)
        }
        self._last: tuple[Snapshot, bytes] | None = None
        self._closed = False

    async def async_load(self) -> Snapshot | None:
        """Return what is known of the newest picture."""
        try:
            return await self._disk.async_run(self._sn, self._load)
        except OSError as err:
            self._report(err)
            return None

    def _load(self) -> Snapshot | None:
        """Describe the newest picture: one of a former camera until there is another."""
        found = (history.load() for history in self._histories())
        return next(filter(None, found), None)

    def _histories(self) -> list[History]:
        """Return what is stored of the camera, and of those whose place it has taken."""
        former = picture_library(self._hass).with_former([self._sn])[1:]
        # One may be set up again meanwhile, and has its pictures to itself then.
        return [
            self._history,
            *(history for sn, history in self._former.items() if sn in former),
        ]

    async def async_tidy(self) -> None:
        """Remove old pictures, and see whether there is space for new ones."""
        try:
            for history in self._histories():
                await self._disk.async_run(self._sn, history.tidy)
        except OSError as err:
            self._report(err)
        else:
            async_withdraw(self._hass, STORAGE_LOW, self._sn)

    async def async_thin_out(self) -> None:
        """Remove what looks alike of a day, if that is wanted.

        New pictures come in between, and one day an hour keeps the disk for others.
        """
        own = picture_library(self._hass).with_former([self._sn])
        try:
            for sn, thinning in self._thinning.items():
                # A former camera that is set up again has its pictures to itself.
                if sn not in own:
                    continue
                day = await self._disk.async_run(self._sn, thinning.next_day)
                while day is not None and not self._closed:
                    if await self._disk.async_run(self._sn, thinning.thin, day):
                        break
        except OSError as err:
            # Pictures can be stored nevertheless, for all that is known.
            _LOGGER.debug("Nothing was thinned out of %s: %s", self._sn, err)

    async def async_content(self, snapshot: Snapshot) -> bytes | None:
        """Return the bytes of a picture; None if they are gone."""
        if self._last is not None and self._last[0] is snapshot:
            return self._last[1]
        if snapshot.name is None:
            return None
        name = snapshot.name
        try:
            content = await self._disk.async_share(name, self._history.read, name)
        except OSError as err:
            self._report(err)
            return None
        if content is not None and self._last is None:
            self._last = (snapshot, content)
        return content

    async def async_add(
        self, pictures: Sequence[tuple[Picture, RequestId | None]]
    ) -> list[Snapshot]:
        """Store pictures; what cannot be stored has no name but is worth showing."""
        added = [
            (_describe(picture, request_id), picture.content)
            for picture, request_id in pictures
        ]
        if not added:
            return []
        snapshots = [snapshot for snapshot, _ in added]
        try:
            names = await self._disk.async_run(self._sn, self._history.save, added)
        except OSError as err:
            self._report(err)
        else:
            named = zip(snapshots, names, strict=True)
            snapshots = [replace(snapshot, name=name) for snapshot, name in named]
            for issue in (STORAGE_FAILED, STORAGE_LOW):
                async_withdraw(self._hass, issue, self._sn)
        self._last = (snapshots[-1], added[-1][1])
        return snapshots

    async def async_keep(self, choice: Choice, *, kept: bool) -> dict[str, str]:
        """Have pictures survive all limits, or no longer; return the new names by the old.

        Raises:
            OSError: That could not be done with all of them.
        """
        names: dict[str, str] = {}
        for history in self._histories():
            keep = partial(history.keep, choice, kept=kept)
            names |= await self._disk.async_run(self._sn, keep)
        return names

    async def async_delete(self, choice: Choice) -> list[str]:
        """Remove pictures; return the names of those that were there.

        Raises:
            OSError: That could not be done with all of them.
        """
        names: list[str] = []
        for history in self._histories():
            names += await self._disk.async_run(self._sn, history.delete, choice)
        return names

    def close(self) -> None:
        """Say nothing more: the camera is not set up any more."""
        self._closed = True

    def _report(self, err: OSError) -> None:
        """Say why pictures cannot be stored, unless the camera is not set up any more."""
        if self._closed:
            return
        low = err.errno in (errno.ENOSPC, errno.EDQUOT)
        async_withdraw(self._hass, STORAGE_FAILED if low else STORAGE_LOW, self._sn)
        folder = self._history.library.root
        if async_report(
            self._hass,
            STORAGE_LOW if low else STORAGE_FAILED,
            self._sn,
            folder=str(folder),
            error=err.strerror or type(err).__name__,
        ):
            _LOGGER.warning(
                "Snapshots cannot be stored in %s: %s", folder, err.strerror
            )


def _describe(picture: Picture, request_id: RequestId | None) -> Snapshot:
    """Describe a picture that has just come."""
    return Snapshot(
        captured_at=dt_util.utcnow(),
        content_type=picture.content_type,
        size=len(picture.content),
        request_id=None if request_id is None else str(request_id),
    )


async def async_remove_pictures(hass: HomeAssistant, sn: str) -> None:
    """Remove all pictures of a camera, also the one that is just being stored.

    Raises:
        OSError: They could not all be removed.
    """
    await async_get_disk(hass).async_run(sn, _remove_all, picture_library(hass), sn)


def _remove_all(library: Library, sn: str) -> None:
    """Remove all pictures of a camera; it blocks."""
    with suppress(FileNotFoundError):
        shutil.rmtree(library.root / sn)
    library.thumbnails.forget_all(sn, but=[])


async def async_prepare_folder(hass: HomeAssistant) -> None:
    """Make Home Assistant's own folder for media; any other one may be a share."""
    folder = picture_library(hass).root.parent
    if folder == Path(hass.config.path("media")):
        with suppress(OSError):
            await async_get_disk(hass).async_share(folder, _make_folder, folder)


def _make_folder(folder: Path) -> None:
    """Make a folder; it blocks."""
    folder.mkdir(exist_ok=True)


def picture_library(hass: HomeAssistant) -> Library:
    """Return the pictures of all cameras, in the folder for local media."""
    folders = hass.config.media_dirs or {"local": hass.config.path("media")}
    key = "local" if "local" in folders else next(iter(folders))
    return Library(
        root=Path(folders[key], DOMAIN),
        url=f"/media/{key}/{DOMAIN}",
        thumbnails=thumbnail_cache(hass),
        owners=_owners(hass),
    )


def _owners(hass: HomeAssistant) -> dict[str, str]:
    """Return the cameras that have taken another one's place, by its serial number.

    One that is set up itself, again, has its pictures to itself.
    """
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    owners = {
        former: entry.data[CONF_SN]
        for entry in entries
        for former in entry.data.get(CONF_FORMER, ())
    }
    if owners:
        for entry in entries:
            owners.pop(entry.data[CONF_SN], None)
    return owners


def retention(options: Mapping[str, Any]) -> Retention:
    """Return how long the options of a camera keep its pictures."""
    return Retention(
        days=options.get(CONF_KEEP_DAYS, DEFAULT_KEEP_DAYS),
        count=options.get(CONF_KEEP_COUNT, DEFAULT_KEEP_COUNT),
        size=options.get(CONF_KEEP_MIB, DEFAULT_KEEP_MIB) * 1024**2,
    )
