"""Disks and clocks that do what nobody expects."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import state
from ..const import IMAGE, SN
from ..simulator import SimulatedCamera
from .common import PICTURES, rets, send, stored


async def reload(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:
    """Load the camera again, with other options."""
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_clock_was_ahead(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Pictures of days to come go first, and are not taken for the newest.

    Else every picture after the clock was put right would go at once, although it was
    answered with 0.
    """
    await reload(hass, entry, keep_count=3)
    now = dt_util.utcnow()
    freezer.move_to(now + timedelta(days=365))
    await send(broker, *PICTURES[:3])
    freezer.move_to(now)
    await send(broker, PICTURES[3])
    freezer.tick(timedelta(seconds=1))
    await send(broker, PICTURES[4])
    assert rets(broker) == [0] * 5
    # By their names, the one of next year is the last.
    assert stored(media) == [*PICTURES[3:5], PICTURES[2]]

    newest = state(hass, IMAGE)
    assert newest == dt_util.utcnow().isoformat()
    await reload(hass, entry, keep_count=3, keep_days=7)
    assert state(hass, IMAGE) == newest
    freezer.tick(timedelta(seconds=1))
    await send(broker, PICTURES[5])
    assert stored(media) == PICTURES[3:6]


@pytest.mark.parametrize(("stuck", "left"), [("folder", 3), ("file", 2)])
async def test_file_that_cannot_be_removed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    stuck: str,
    left: int,
) -> None:
    """One thing that stays does not keep all the others from being removed.

    It must not count as removed whenever that is tried.
    """
    freezer.move_to("2030-01-01 12:00:00")
    await reload(hass, entry, keep_count=3)
    day = dt_util.now().date().isoformat()
    path = media / "snapcam" / SN / day / "000000-000000.jpg"
    path.parent.mkdir(parents=True)
    {"folder": lambda: (path / "a").mkdir(parents=True), "file": path.touch}[stuck]()
    unlink = Path.unlink

    def unlink_others(other: Path, missing_ok: bool = False) -> None:
        {path: path.rmdir}.get(other, lambda: unlink(other, missing_ok))()

    monkeypatch.setattr(Path, "unlink", unlink_others)
    for picture in PICTURES:
        await send(broker, picture)
        freezer.tick(timedelta(seconds=1))

    assert rets(broker) == [0] * len(PICTURES)
    assert path.exists()
    assert [picture for picture in stored(media) if picture] == PICTURES[-left:]
