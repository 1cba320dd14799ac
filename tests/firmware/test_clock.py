"""The clock of this host is set while a firmware is being installed."""

from datetime import timedelta

from freezegun import api as freezegun_api
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from ..broker import Broker
from ..common import call
from ..const import CAMERA
from ..simulator import SimulatedCamera, UpgradeFault
from .common import begin, shown


@pytest.fixture(autouse=True)
def steady(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let the loop's time go on while the clock jumps; else both are frozen."""
    monkeypatch.setattr(hass.loop, "time", freezegun_api.real_monotonic)


@pytest.mark.parametrize("hours", [5, -5])
async def test_clock_is_set(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
) -> None:
    """A camera that runs on has not restarted; one that did has, by any clock."""
    await call(
        hass, "snapcam.offer_firmware", CAMERA, version="2", package_url="http://h/"
    )
    online.faults.upgrade = UpgradeFault.IGNORE
    online.booted_at -= 600
    installing = await begin(hass, broker)
    freezer.tick(timedelta(hours=hours))
    online.booted_at += hours * 3600
    await online.send_heartbeat()
    await broker.settle()
    assert shown(hass) == ("on", "?", "2", True)

    await online.reboot()
    await online.send_heartbeat()
    await broker.settle()
    await installing
    assert shown(hass) == ("off", "2", "2", False)
