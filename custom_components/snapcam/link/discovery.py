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


class Newcomers:
    """Offer unknown cameras, each once: to whoever searches, else as a discovery."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nobody offered."""
        self._hass = hass
        self._searches: list[Callable[[str, TopicTemplate], None]] = []
        self._offered: set[str] = set()

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
        self._offered.discard(sn)

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
        elif sn not in self._offered and self._has_room():
            self._offered.add(sn)
            discovery_flow.async_create_flow(
                self._hass,
                DOMAIN,
                context={"source": SOURCE_INTEGRATION_DISCOVERY},
                data={CONF_SN: sn, CONF_UP: up.template, CONF_DOWN: down.template},
            )

    def _has_room(self) -> bool:
        """Tell whether one more may be offered; a card that was ignored is answered."""
        known = self._hass.config_entries.async_entry_for_domain_unique_id
        self._offered = {sn for sn in self._offered if known(DOMAIN, sn) is None}
        return len(self._offered) < MAX_OFFERED
