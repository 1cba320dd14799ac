"""An install that something comes between."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call
from ..const import CAMERA
from ..simulator import Body, SimulatedCamera, UpgradeFault
from .common import begin, failure, install, over, shown

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


async def test_caller_is_stopped(
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """An install ends even if the script that has started it was stopped."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    installing.cancel()
    await wait(660)

    assert shown(hass) == ("on", "?", "1.4.2", False)


async def test_second_install(
    hass: HomeAssistant, broker: Broker, offered: SimulatedCamera
) -> None:
    """One at a time."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    with pytest.raises(HomeAssistantError):
        await install(hass)

    assert len([m for m in offered.received if m["operate"] == "upgrade_dev"]) == 1
    installing.cancel()


async def test_two_installs_at_once(
    hass: HomeAssistant, broker: Broker, offered: SimulatedCamera
) -> None:
    """Of two that are asked for in the same moment, one is told that it is too late."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = [asyncio.create_task(install(hass)) for _ in range(2)]
    await broker.settle()

    assert len([m for m in offered.received if m["operate"] == "upgrade_dev"]) == 1
    (refused,) = [task for task in installing if task.done()]
    assert isinstance(refused.exception(), HomeAssistantError)
    for task in installing:
        task.cancel()


async def test_withdrawn_while_it_is_installed(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    offered: SimulatedCamera,
    folder: Path,
) -> None:
    """A camera that was told to fetch a package gets it, whatever is offered by then."""
    download, withdrawn = offered.download, asyncio.Event()

    @asynccontextmanager
    async def late(address: str, /, **part: Any) -> AsyncGenerator[Body]:
        await withdrawn.wait()
        async with download(address, **part) as body:
            yield body

    offered.download = late
    installing = await begin(hass, broker)
    await call(hass, "snapcam.withdraw_firmware", CAMERA)
    withdrawn.set()
    await offered.upgrade_over.wait()
    freezer.tick(5)
    await offered.send_heartbeat()
    await broker.settle()
    await installing

    assert shown(hass) == ("off", "1.4.2", "1.4.2", False)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("fault", [None, UpgradeFault.IGNORE])
async def test_restart_of_home_assistant(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
    fault: UpgradeFault | None,
) -> None:
    """An install goes on after it; its end is shown, or told by a repair."""
    offered.faults.upgrade = fault
    installing = await begin(hass, broker)
    await over(offered)
    assert await hass.config_entries.async_reload(entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await installing
    assert raised.value.translation_key == "reloaded"
    assert shown(hass)[3]
    await wait(660)

    done = fault is None
    issue = failure(issue_registry, entry)
    assert (issue is None) == done
    assert shown(hass)[0::3] == ("off" if done else "on", False)


async def test_clock_is_put_back_over_a_restart(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
) -> None:
    """An install that ends without success ends in time by any clock."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    freezer.move_to(dt_util.utcnow() - timedelta(hours=5))
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert shown(hass)[3]
    await wait(660)

    assert not shown(hass)[3]


async def test_issue_goes_with_the_camera(
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """Nobody can update a camera that is removed."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await wait(660)
    assert failure(issue_registry, entry)
    await hass.config_entries.async_remove(entry.entry_id)

    assert failure(issue_registry, entry) is None


async def test_issue_goes_with_the_next_install(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    entry: MockConfigEntry,
    offered: SimulatedCamera,
    wait: Callable[[float], Awaitable[None]],
    issue_registry: ir.IssueRegistry,
) -> None:
    """Who tries again has read it."""
    offered.faults.upgrade = UpgradeFault.IGNORE
    installing = await begin(hass, broker)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await asyncio.gather(installing, return_exceptions=True)
    await wait(660)
    assert failure(issue_registry, entry)
    offered.faults.upgrade = UpgradeFault.REFUSE
    with pytest.raises(HomeAssistantError):
        await install(hass)

    assert failure(issue_registry, entry) is None
