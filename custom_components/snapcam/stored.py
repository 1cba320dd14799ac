"""What survived a restart, read as far as it is known.

Another version of the integration may have written it, and a power cut may have cut it
off: what is missing or of another type is None, and what is not known is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from homeassistant.util import dt as dt_util


@dataclass(frozen=True)
class Stored:
    """An object that was stored as JSON."""

    values: Mapping[str, object]

    def text(self, key: str) -> str | None:
        """Return a text."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def integer(self, key: str) -> int | None:
        """Return a whole number."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, key: str) -> bool | None:
        """Return what is either true or false."""
        value = self.values.get(key)
        return value if isinstance(value, bool) else None

    def moment(self, key: str) -> datetime | None:
        """Return a time."""
        return parse_stored_time(self.values.get(key))

    def below(self, key: str) -> Stored | None:
        """Return an object in this one."""
        value = self.values.get(key)
        return Stored(value) if isinstance(value, Mapping) else None


def parse_stored_time(value: object) -> datetime | None:
    """Read a time that was stored; None if it is none, or has no time zone."""
    if not isinstance(value, str):
        return None
    moment = dt_util.parse_datetime(value)
    return None if moment is None or moment.tzinfo is None else moment
