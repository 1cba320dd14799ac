"""The clock of this host is set while a firmware is being installed."""

from datetime import timedelta

from freezegun import api as freezegun_api
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

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


@pytest.mark.parametrize("hours", [5, -5])
@pytest.mark.parametrize(
    ("beats", "key"), [(0, "not_back"), (1, "not_restarted")], ids=["gone", "there"]
)
async def test_reason_after_the_clock_is_set(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
    beats: int,
    key: str,
) -> None:
    """Whether the camera was heard since does not depend on the clock either."""
    await call(
        hass, "snapcam.offer_firmware", CAMERA, version="2", package_url="http://h/"
    )
    online.faults.upgrade = UpgradeFault.IGNORE
    online.booted_at -= 600
    installing = await begin(hass, broker)
    freezer.tick(timedelta(hours=hours))
    online.booted_at += hours * 3600
    for _ in range(beats):
        await online.send_heartbeat()
        await broker.settle()
    broker.disconnect(online)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=601))
    await broker.settle()
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == key
