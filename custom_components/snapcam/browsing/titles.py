"""What people read of cameras, days and pictures, in Home Assistant's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..const import CONF_SN, DOMAIN


@dataclass(frozen=True)
class Titles:
    """The words for what is in the library."""

    texts: Mapping[str, str]
    cameras: Mapping[str, str]
    """The names of the cameras that are set up, by serial number."""
    owners: Mapping[str, str]
    """The cameras that have taken another one's place, by its serial number."""
    today: date

    def text(self, key: str) -> str:
        """Return a text of the integration."""
        return self.texts[f"component.{DOMAIN}.common.{key}"]

    def camera(self, sn: str) -> str:
        """Return the name of a camera; of one that is not set up, its number."""
        return self.cameras.get(self.owners.get(sn, sn), sn)

    def day(self, day: str) -> str:
        """Return what people call a day; of a folder that is no day, its name."""
        try:
            found = date.fromisoformat(day)
        except ValueError:
            return day
        match (self.today - found).days:
            case 0:
                return self.text("today")
            case 1:
                return self.text("yesterday")
        same_year = found.year == self.today.year
        text = self.text("date") if same_year else self.text("date_and_year")
        return text.format(
            weekday=self.text(f"weekday_{found.isoweekday()}"),
            day=found.day,
            month=self.text(f"month_{found.month}"),
            year=found.year,
        )

    def picture(self, name: str, *, camera_first: bool) -> str:
        """Return the title of a picture; a tile has space for the first two parts."""
        sn, day, file = name.split("/")
        rest = (self.camera(sn), self.day(day))
        return joined(clock_time(file), *(rest if camera_first else rest[::-1]))


async def async_get_titles(hass: HomeAssistant, owners: Mapping[str, str]) -> Titles:
    """Return the words for what is in the library now."""
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return Titles(
        texts=await async_get_translations(
            hass, hass.config.language, "common", {DOMAIN}
        ),
        cameras={entry.data[CONF_SN]: entry.title for entry in entries},
        owners=owners,
        today=dt_util.now().date(),
    )


def clock_time(file: str) -> str:
    """Return when a picture was taken, by its name."""
    return f"{file[:2]}:{file[2:4]}:{file[4:6]}"


def joined(*parts: str) -> str:
    """Return a title of several parts."""
    return " · ".join(parts)
