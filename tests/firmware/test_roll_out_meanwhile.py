"""A firmware for many cameras: what may happen to them meanwhile."""

import asyncio
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.util import dt as dt_util
import pytest

from ..common import call
from ..simulator import UpgradeFault
from .fleet import MINUTE, SetUpFleet

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


async def test_camera_not_in_reach(fleet_of: SetUpFleet) -> None:
    """A camera that is away gets it when it is back, and holds nobody up."""
    fleet = await fleet_of(4)
    await fleet.lose(0)
    await fleet.roll_out()
    await fleet.go_on(rounds=4)
    assert fleet.told == [1, 2, 3]
    assert fleet.statuses == ["running"]
    fleet.broker.connect(fleet.cameras[0])
    await fleet.go_on(rounds=2)

    assert fleet.told == [1, 2, 3, 0]
    assert fleet.last == {"done": 4}


async def test_camera_that_does_not_answer(fleet_of: SetUpFleet) -> None:
    """A camera that hears nothing is not put at risk, and tried again later."""
    fleet = await fleet_of(3)
    fleet.cameras[0].faults.silent = True
    await fleet.roll_out()
    await fleet.go_on(10)
    await fleet.go_on(rounds=3)
    assert fleet.told == [1, 2]
    fleet.cameras[0].faults.silent = False
    await fleet.go_on(MINUTE)
    await fleet.go_on(rounds=2)

    assert fleet.told == [1, 2, 0]
    assert fleet.last == {"done": 3}


async def test_not_waited_for(fleet_of: SetUpFleet) -> None:
    """If nobody is to be waited for, who is away at the end is left out."""
    fleet = await fleet_of(3)
    await fleet.lose(1)
    await fleet.roll_out(wait_offline=False)
    await fleet.go_on(rounds=3)

    assert fleet.told == [0, 2]
    assert fleet.last == {"done": 2, "skipped": 1}


async def test_has_it_already(fleet_of: SetUpFleet) -> None:
    """A camera that reports the version is done, and proves nothing."""
    fleet = await fleet_of(3)
    fleet.cameras[0].version = "2.0"
    await fleet.roll_out()
    assert fleet.told == [1]
    await fleet.go_on(rounds=3)

    assert fleet.told == [1, 2]
    assert fleet.last == {"done": 3}


async def test_installed_by_hand_meanwhile(fleet_of: SetUpFleet) -> None:
    """A camera that somebody updates is not told once more."""
    fleet = await fleet_of(3)
    await fleet.roll_out(pause_between={"hours": 1})
    await fleet.go_on()
    installing = asyncio.create_task(
        call(fleet.hass, "update.install", fleet.entity(1, "update", "firmware"))
    )
    await fleet.settle()
    await fleet.go_on()
    await installing
    await fleet.go_on(900, rounds=4)
    await fleet.go_on(rounds=2)

    assert fleet.told == [0, 1, 2]
    assert fleet.last == {"done": 3}


async def test_withdrawn_meanwhile(fleet_of: SetUpFleet) -> None:
    """A camera that is not offered it any more does not get it."""
    fleet = await fleet_of(3)
    await fleet.roll_out()
    await call(fleet.hass, "snapcam.withdraw_firmware", fleet.entity(1))
    await fleet.go_on(rounds=3)

    assert fleet.told == [0, 2]
    assert fleet.last == {"done": 2, "skipped": 1}


async def test_removed_meanwhile(fleet_of: SetUpFleet) -> None:
    """Cameras that are removed or disabled hold nobody up, even while they install it."""
    fleet = await fleet_of(4)
    fleet.cameras[0].faults.upgrade = UpgradeFault.IGNORE
    await fleet.roll_out()
    entries = fleet.hass.config_entries
    await entries.async_remove(fleet.entries[0].entry_id)
    await entries.async_set_disabled_by(
        fleet.entries[1].entry_id, ConfigEntryDisabler.USER
    )
    await fleet.settle()
    await fleet.go_on(rounds=3)

    assert fleet.told == [0, 2, 3]
    assert fleet.last == {"done": 2}


async def test_reloaded_meanwhile(fleet_of: SetUpFleet) -> None:
    """An install that a reload interrupts is seen to its end, and not begun again."""
    fleet = await fleet_of(2)
    await fleet.roll_out()
    await fleet.hass.config_entries.async_reload(fleet.entries[0].entry_id)
    await fleet.settle()
    assert fleet.told == [0]
    await fleet.go_on(rounds=3)

    assert fleet.told == [0, 1]
    assert fleet.last == {"done": 2}


@pytest.mark.parametrize("moment", ["before", "probed", "fetched"])
async def test_broker_is_gone(fleet_of: SetUpFleet, moment: str) -> None:
    """It is nobody's failure, whenever that happens; each camera gets it once."""
    fleet = await fleet_of(3)
    down = fleet.broker.go_down
    fleet.cameras[0].faults.silent = moment == "probed"
    first, then = (
        (down, fleet.roll_out) if moment == "before" else (fleet.roll_out, down)
    )
    await first()
    await then()
    await fleet.pass_time(MINUTE)
    fleet.cameras[0].faults.silent = False
    await fleet.broker.come_back()
    await fleet.go_on(MINUTE, rounds=4)

    assert fleet.statuses == ["running", "finished"]
    assert fleet.last == {"done": 3}
    assert sorted(fleet.told) == [0, 1, 2]


async def test_broker_is_gone_while_a_camera_is_asked(fleet_of: SetUpFleet) -> None:
    """Whether it has heard that is not known; it is not given the package any more.

    So it can be asked again, and installs it once.
    """
    fleet = await fleet_of(2)
    await fleet.roll_out(pause_between={"minutes": 1})
    await fleet.go_on()
    fleet.cameras[1].faults.answer_delay = 3
    for seconds in (MINUTE, 3):
        fleet.freezer.tick(seconds + 1)
        await fleet.broker.settle()
    assert fleet.told == [0, 1]
    await fleet.broker.go_down()
    fleet.cameras[1].faults.answer_delay = 0
    await fleet.pass_time(MINUTE)
    assert fleet.cameras[1].firmware is None
    await fleet.broker.come_back()
    await fleet.go_on(MINUTE, rounds=4)

    assert fleet.told == [0, 1, 1]
    assert fleet.last == {"done": 2}
    assert fleet.version(1) == "2.0"


@pytest.mark.parametrize("asked", [True, False])
async def test_killed(
    hass_storage: dict[str, Any], fleet_of: SetUpFleet, asked: bool
) -> None:
    """After a power cut it goes on; who was asked before is not asked again."""
    url = "http://192.168.1.20/fw.bin"
    offer = {"version": "2.0", "notes": "", "url": url, "package": None}
    window = ["00:00:00", "23:59:59"]
    plan = {"first": 1, "at_once": 2, "stop_after_failures": 1, "pause": 0.0}
    members = {"entry0": "done", "entry1": "installing", "entry2": "left"}
    roll_out = {
        "id": "it",
        "offer": offer,
        "plan": {**plan, "window": window, "wait_offline": True},
        "members": {x: {"step": step} for x, step in members.items()},
        "status": "running",
        "accepted": 0,
        "paused_from": None,
    }
    install = {
        "version": "2.0",
        "token": "",
        "package": None,
        "steps": [["asked", dt_util.utcnow().isoformat()]],
        "ended": None,
        "run_time": 100_000,
        "rollout": "it",
    }
    for key, data in (
        ("roll_out", roll_out),
        ("entry1", {"install": install if asked else None}),
    ):
        hass_storage[f"snapcam.{key}"] = {"version": 1, "data": data}
    fleet = await fleet_of(3, offer)
    await fleet.go_on(rounds=4)

    assert fleet.told == ([2] if asked else [1, 2])


async def test_stored_roll_out_is_damaged(
    hass_storage: dict[str, Any], fleet_of: SetUpFleet
) -> None:
    """One that cannot be read is none, and keeps no camera from being set up."""
    data = {"id": "it", "members": 7}
    hass_storage["snapcam.roll_out"] = {"version": 1, "data": data}
    fleet = await fleet_of(1)
    await fleet.roll_out()

    assert fleet.told == [0]
