"""Cameras that are heard but not set up."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow

from ..const import CONF_DOWN, CONF_SN, CONF_UP, DOMAIN
from ..protocol import TopicTemplate

MAX_OFFERED: Final = 20
"""Cards that may wait for an answer: a neighbour may have a thousand cameras."""

REMEMBERED: Final = 1000
"""Cameras of which it is known when they were offered."""

OPENING_SECONDS: Final = 60.0
"""So long a card may take to appear, while Home Assistant starts."""

OFFER_AGAIN_SECONDS: Final = 24 * 3600.0
"""A card that was closed was not ignored: its camera is offered again the next day."""


class Newcomers:
    """Offer unknown cameras: to a search, if there is one, else as discovered."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nobody offered."""
        self._hass = hass
        self._searches: list[Callable[[str, TopicTemplate], None]] = []
        self._offered: dict[str, float] = {}

    @contextmanager
    def reported_to(
        self, heard: Callable[[str, TopicTemplate], None]
    ) -> Generator[None]:
        """Report unknown cameras instead of offering them."""
        self._searches.append(heard)
        try:
            yield
        finally:
            self._searches.remove(heard)

    @callback
    def async_forget(self, sn: str) -> None:
        """Let a camera be offered again when it is unknown again."""
        self._offered.pop(sn, None)

    @callback
    def async_heard(self, sn: str, up: TopicTemplate, down: TopicTemplate) -> None:
        """Take note of a camera that is not set up, or not at the moment.

        Args:
            sn: Its serial number.
            up: The topic it was heard on.
            down: The topic it supposedly listens on.
        """
        entry = self._hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, sn)
        if entry is not None and entry.source != SOURCE_IGNORE:
            return
        if self._searches:
            for heard in self._searches:
                heard(sn, up)
        elif entry is not None:
            self.async_forget(sn)
        elif self._is_due(sn) and self._has_room():
            self._remember(sn)
            discovery_flow.async_create_flow(
                self._hass,
                DOMAIN,
                context={"source": SOURCE_INTEGRATION_DISCOVERY},
                data={CONF_SN: sn, CONF_UP: up.template, CONF_DOWN: down.template},
            )

    def _is_due(self, sn: str) -> bool:
        """Return whether a camera was not offered lately."""
        offered_at = self._offered.get(sn)
        now = self._hass.loop.time()
        return offered_at is None or now - offered_at > OFFER_AGAIN_SECONDS

    def _remember(self, sn: str) -> None:
        """Remember when a camera was offered, and forget who was long ago."""
        self._offered.pop(sn, None)
        self._offered[sn] = self._hass.loop.time()
        if len(self._offered) > REMEMBERED:
            del self._offered[next(iter(self._offered))]

    def _has_room(self) -> bool:
        """Return whether one more card may wait for an answer."""
        flows = self._hass.config_entries.flow.async_progress_by_handler(
            DOMAIN,
            include_uninitialized=True,
            match_context={"source": SOURCE_INTEGRATION_DISCOVERY},
        )
        since = self._hass.loop.time() - OPENING_SECONDS
        entry_of = self._hass.config_entries.async_entry_for_domain_unique_id
        opening = sum(
            # One that is ignored already has no card any more.
            offered_at > since and entry_of(DOMAIN, sn) is None
            for sn, offered_at in self._offered.items()
        )
        return max(len(flows), opening) < MAX_OFFERED
