"""A firmware for many cameras: who gets it when, and what ends it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

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
