"""A firmware for many cameras: who gets it when, and what ends it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from ..common import call
from ..simulator import UpgradeFault
from .fleet import MINUTE, SetUpFleet

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")


@pytest.fixture
def repair(issue_registry: ir.IssueRegistry) -> Callable[[], dict[str, str] | None]:
    """Return the way to see what the repair names, if it is there."""

    def repair() -> dict[str, str] | None:
        issue = issue_registry.async_get_issue("snapcam", "roll_out_stopped")
        return issue and issue.translation_placeholders

    return repair


async def test_all_goes_well(fleet_of: SetUpFleet) -> None:
    """One camera proves it; then two at a time get it, until all have it."""
    fleet = await fleet_of(6)
    await fleet.roll_out()
    assert fleet.told == [0]
    await fleet.go_on(rounds=4)

    assert fleet.told == list(range(6))
    assert fleet.statuses == ["running", "finished"]
    assert fleet.last == {"done": 6}
    assert fleet.most_served == 2
    assert set(fleet.downloads.values()) == {1}
    assert {fleet.version(number) for number in range(6)} == {"2.0"}


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (UpgradeFault.IGNORE, "did not fetch the whole package"),
        (UpgradeFault.NO_RESTART, "is online, but did not restart"),
        (UpgradeFault.VANISH, "was not heard from again"),
        (UpgradeFault.REFUSE, "refused with code"),
    ],
)
async def test_stops_by_itself(
    fleet_of: SetUpFleet,
    repair: Callable[[], dict[str, str] | None],
    fault: UpgradeFault,
    text: str,
) -> None:
    """After a failure no other camera is told; a repair says which failed, and of what."""
    fleet = await fleet_of(5)
    fleet.cameras[1].faults.upgrade = fault
    await fleet.roll_out()
    await fleet.go_on(rounds=2)
    await fleet.go_on(MINUTE, rounds=16)

    assert fleet.told == [0, 1, 2]
    assert fleet.statuses == ["running", "stopped"]
    assert fleet.last == {"done": 2, "failed": 1, "left": 2}
    named = repair()
    assert named is not None
    assert named["version"] == "2.0"
    assert named["left"] == "2"
    assert named["cameras"].startswith("- Camera 2 ")
    assert text in named["cameras"]


@pytest.mark.parametrize(
    ("choice", "status", "told"),
    [("resume", "finished", [0, 1, 2]), ("abort", "aborted", [0])],
)
async def test_repair(
    fleet_of: SetUpFleet,
    hass_client: ClientSessionGenerator,
    repair: Callable[[], dict[str, str] | None],
    choice: str,
    status: str,
    told: list[int],
) -> None:
    """Whoever repairs it goes on, or ends it; the cameras that are left know by that."""
    fleet = await fleet_of(3)
    fleet.cameras[0].faults.upgrade = UpgradeFault.REFUSE
    await fleet.roll_out()
    assert repair()
    client = await hass_client()
    url = "/api/repairs/issues/fix"
    data = {"handler": "snapcam", "issue_id": "roll_out_stopped"}
    menu = await (await client.post(url, json=data)).json()
    assert menu["menu_options"] == ["resume", "abort"]
    assert menu["description_placeholders"]["left"] == "2"
    await client.post(f"{url}/{menu['flow_id']}", json={"next_step_id": choice})
    await fleet.settle()
    await fleet.go_on(rounds=3)

    assert repair() is None
    assert fleet.told == told
    assert fleet.statuses[-1] == status
    offered = [
        fleet.hass.states.get(fleet.entity(x, "update", "firmware")) for x in (1, 2)
    ]
    assert [x.state for x in offered if x] == ["off", "off"]


async def test_pause_and_resume(fleet_of: SetUpFleet) -> None:
    """What has begun comes to its end, and nothing new begins until it goes on."""
    fleet = await fleet_of(3)
    await fleet.roll_out(first=2, at_once=1)
    await fleet.act("pause_roll_out")
    await fleet.go_on(rounds=3)
    assert fleet.told == [0]
    assert fleet.version(0) == "2.0"
    await fleet.act("resume_roll_out")
    await fleet.go_on(rounds=3)

    assert fleet.told == [0, 1, 2]
    assert fleet.statuses == ["running", "paused", "running", "finished"]


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


@pytest.mark.parametrize(
    ("now", "window", "seconds"),
    [
        ("12:00", ("13:00", "14:00"), 3600),
        ("12:00", ("11:00", "12:00"), 23 * 3600),
        ("12:00", ("22:00", "05:00"), 10 * 3600),
        ("03:00", ("22:00", "05:00"), 0),
        ("23:00", ("22:00", "05:00"), 0),
    ],
)
async def test_window(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    fleet_of: SetUpFleet,
    now: str,
    window: tuple[str, str],
    seconds: int,
) -> None:
    """Nothing begins outside of the hours that are meant for it, by the local clock."""
    await hass.config.async_set_time_zone("Asia/Shanghai")
    freezer.move_to(f"2026-11-27 {now}:00+08:00")
    fleet = await fleet_of(1)
    await fleet.roll_out(window={"start": window[0], "end": window[1]})
    for _ in range(seconds // 300):
        assert fleet.told == []
        await fleet.go_on(300)

    assert fleet.told == [0]


async def test_pause_between(fleet_of: SetUpFleet) -> None:
    """There is time to look at those that have it before others follow."""
    fleet = await fleet_of(2)
    await fleet.roll_out(pause_between={"minutes": 10})
    await fleet.go_on(rounds=2)
    await fleet.go_on(295, rounds=2)
    assert fleet.told == [0]
    await fleet.go_on(10)

    assert fleet.told == [0, 1]


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


async def test_package_is_gone(
    fleet_of: SetUpFleet, folder: Path, repair: Callable[[], dict[str, str] | None]
) -> None:
    """What is no camera's fault stops it before any is told; it goes on when mended."""
    fleet = await fleet_of(2)
    await fleet.roll_out(window={"start": "00:00", "end": "00:01"})
    (package,) = folder.iterdir()
    content = package.read_bytes()
    package.unlink()
    fleet.freezer.move_to("2030-01-01T08:00:30Z")
    await fleet.go_on(1)
    named = repair()
    assert named is not None
    assert "no longer exists" in named["cameras"]
    assert fleet.told == []
    package.write_bytes(content)
    await fleet.act("resume_roll_out")

    assert fleet.told == [0]


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


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"label_id": "nobody"}, "no_cameras"),
        ({"version": " "}, "invalid_version"),
        ({"package_url": "ftp://h/"}, "invalid_package_url"),
        ({"filename": "/etc/hostname"}, "filename_not_allowed"),
        ({"window": {"start": "01:00", "end": "01:00"}}, "window_never_open"),
    ],
)
async def test_bad_input(
    fleet_of: SetUpFleet, folder: Path, data: dict[str, Any], key: str
) -> None:
    """What makes no sense is said, and nothing is offered or kept."""
    fleet = await fleet_of(1)
    with pytest.raises(ServiceValidationError) as raised:
        await fleet.roll_out(**data)

    assert raised.value.translation_key == key
    assert fleet.statuses == []
    assert "firmware" not in fleet.entries[0].options
    assert not folder.exists() or list(folder.iterdir()) == []


async def test_one_at_a_time(fleet_of: SetUpFleet) -> None:
    """There is no second one before the first has ended, and none to end after that."""
    fleet = await fleet_of(2)
    await fleet.roll_out()
    with pytest.raises(ServiceValidationError) as raised:
        await fleet.roll_out(version="3.0")
    assert raised.value.translation_key == "roll_out_active"
    with pytest.raises(ServiceValidationError) as raised:
        await fleet.act("resume_roll_out")
    assert raised.value.translation_key == "no_roll_out"
    await fleet.act("abort_roll_out")
    with pytest.raises(ServiceValidationError):
        await fleet.act("abort_roll_out")
    with pytest.raises(ServiceValidationError):
        await fleet.act("pause_roll_out")
    await fleet.go_on(rounds=2)
    assert fleet.told == [0]
    await fleet.roll_out(version="3.0")
    await fleet.go_on(rounds=2)

    assert fleet.told == [0, 0, 1]
    assert fleet.version(1) == "3.0"


async def test_diagnostics(
    fleet_of: SetUpFleet, hass_client: ClientSessionGenerator
) -> None:
    """How far all are, and this camera, is there; which the others are is not."""
    fleet = await fleet_of(2)
    fleet.cameras[0].faults.upgrade = UpgradeFault.REFUSE
    await fleet.roll_out()
    diagnostics = await get_diagnostics_for_config_entry(
        fleet.hass, hass_client, fleet.entries[0]
    )

    told: Any = diagnostics["roll_out"]
    assert (told["status"], told["failed"], told["left"]) == ("stopped", 1, 1)
    assert told["this_camera"]["why"] == "refused"
    assert "entry1" not in str(diagnostics)


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


async def test_panel(
    fleet_of: SetUpFleet,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Administrators see how far it is as it goes on, and what failed; others do not."""
    fleet = await fleet_of(4)
    await fleet.lose(3)
    guest = await hass_ws_client(fleet.hass, hass_read_only_access_token)
    await guest.send_json_auto_id({"type": "snapcam/roll_out"})
    assert (await guest.receive_json())["error"]["code"] == "unauthorized"
    client = await hass_ws_client(fleet.hass)
    await client.send_json_auto_id({"type": "snapcam/roll_out"})
    assert (await client.receive_json())["success"]
    assert (await client.receive_json())["event"] is None
    fleet.cameras[0].faults.upgrade = UpgradeFault.REFUSE
    await fleet.roll_out()
    told: Any = {"status": ""}
    while told["status"] != "stopped":
        told = (await client.receive_json())["event"]

    assert (told["version"], told["failed"]) == ("2.0", 1)
    assert (told["left"], told["waiting"]) == (2, 1)
    (failure,) = told["failures"]
    assert failure["translation_key"] == "refused"
    assert failure["translation_placeholders"]["name"] == "Camera 1"
