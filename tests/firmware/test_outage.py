"""An install in an outage: nobody is judged who could not speak."""

import asyncio
from collections.abc import Awaitable, Callable

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import pass_time
from ..simulator import SimulatedCamera, UpgradeFault
from .common import begin, failure, over, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


async def heard(camera: SimulatedCamera, broker: Broker) -> None:
    """Have the camera say that it is there."""
    await camera.send_heartbeat()
    await broker.settle()


async def turned_off(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    installing: asyncio.Task[None],
    seconds: float = 3600,
) -> None:
    """Have Home Assistant be off for a time in an install."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    freezer.tick(seconds)
    assert await hass.config_entries.async_setup(entry.entry_id)


async def test_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
) -> None:
    """What the camera did while the broker was down is seen when that is back."""
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    await broker.go_down()
    for _ in range(20):
        await pass_time(hass, broker, freezer, 60)
    assert shown(hass)[3]
    await broker.come_back()
    assert not installing.done()
    await heard(offered, broker)
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_not_back_after_the_broker(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
) -> None:
    """A camera that stays silent then is said to, after one full window."""
    offered.faults.upgrade = UpgradeFault.VANISH
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    await broker.go_down()
    await pass_time(hass, broker, freezer, 1200)
    await broker.come_back()
    await pass_time(hass, broker, freezer, 149)
    assert not installing.done()
    await pass_time(hass, broker, freezer, 2)
    with pytest.raises(HomeAssistantError) as raised:
        await installing

    assert raised.value.translation_key == "not_back"


async def test_short_outage_takes_no_time_away(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """Ten minutes are still given when the broker is back long before."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    await broker.go_down()
    await pass_time(hass, broker, freezer, 60)
    await broker.come_back()
    await wait(480)
    assert not installing.done()
    await wait(120)

    assert isinstance(installing.exception(), HomeAssistantError)


async def test_home_assistant_is_off(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A camera that did all meanwhile is asked before anything is said of it."""
    offered.booted_at -= 86_400
    await broker.go_down()
    await broker.come_back()
    await heard(offered, broker)
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    await turned_off(hass, entry, freezer, installing)
    await broker.settle()
    assert shown(hass)[3]
    await heard(offered, broker)

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
    assert failure(issue_registry, entry) is None


async def test_home_assistant_is_off_for_a_minute(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
) -> None:
    """A camera was on for longer when it was asked than when it said so."""
    freezer.tick(80)
    installing = await begin(hass, broker)
    await offered.upgrade_over.wait()
    await turned_off(hass, entry, freezer, installing, seconds=60)
    await heard(offered, broker)

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)


async def test_silent_after_home_assistant_was_off(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A camera that is not heard in a full window was not updated, as far as known."""
    offered.faults.upgrade = UpgradeFault.VANISH
    installing = await begin(hass, broker)
    await over(offered)
    await turned_off(hass, entry, freezer, installing)
    await pass_time(hass, broker, freezer, 149)
    assert failure(issue_registry, entry) is None
    await pass_time(hass, broker, freezer, 2)

    assert failure(issue_registry, entry)


async def test_version_that_is_seen_ends_the_repair(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """A camera that says it has the version has been updated after all."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    await turned_off(hass, entry, freezer, installing)
    await wait(180)
    assert failure(issue_registry, entry)
    for version, left in (("1.4.1", True), ("1.4.2", False)):
        offered.version = version
        await broker.go_down()
        await broker.come_back()
        await heard(offered, broker)
        assert bool(failure(issue_registry, entry)) == left

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
