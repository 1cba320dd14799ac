"""Which pictures somebody means: some by name, or those of a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .library import Library, stem


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Pictures of one camera. Everything here blocks."""

    names: tuple[str, ...] = ()
    """Below the folder of all pictures; those of other cameras are none of it."""
    start: datetime | None = None
    end: datetime | None = None
    """By Home Assistant's local time, as in the names; without names alone."""

    def find(self, library: Library, sn: str) -> Iterator[str]:
        """Return the names of those that are there, as they are now."""
        if self.names:
            for name in self.names:
                path = library.path(name)
                if path is not None and name.startswith(f"{sn}/"):
                    yield f"{sn}/{path.parent.name}/{path.name}"
            return
        first = f"{self.start:%Y-%m-%d/%H%M%S-%f}" if self.start else ""
        last = f"{self.end:%Y-%m-%d/%H%M%S-%f}" if self.end else "~"
        for day in library.days(sn):
            if first[:10] <= day <= last[:10]:
                for file in library.files(sn, day):
                    if first <= f"{day}/{stem(file)}" <= last:
                        yield f"{sn}/{day}/{file}"
