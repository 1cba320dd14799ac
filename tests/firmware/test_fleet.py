"""A firmware for two hundred cameras, of which some fail in each way."""

from collections import Counter
import logging

import pytest

from ..simulator import UpgradeFault
from .fleet import Fleet, SetUpFleet

# Before all else: a time that stands still only later jumps.
pytestmark = pytest.mark.usefixtures("freezer")

COUNT = 200
FIRST, AT_ONCE, STOP_AFTER = 2, 20, 3
FAULTS = {
    "agrees, but fetches nothing": UpgradeFault.IGNORE,
    "fetches, but never restarts": UpgradeFault.NO_RESTART,
    "never comes back": UpgradeFault.VANISH,
    "refuses": UpgradeFault.REFUSE,
}
KINDS = (*FAULTS, "reports another version", "has it already", "offline", "deaf")

TABLE = """\
a camera that                 all told have it
deaf                            2    2    2
fetches, but never restarts     2    2    0
has it already                  2    0    2
never comes back                2    2    0
offline                         2    2    2
refuses                         2    2    0
reports another version         2    2    0
agrees, but fetches nothing     3    3    0
is all right                  183  183  183"""


def make_different(fleet: Fleet) -> dict[int, str]:
    """Make each twelfth camera fail or behave in some way, and return which is which."""
    kinds = {}
    for number in range(5, COUNT, 12):
        camera = fleet.cameras[number]
        kinds[number] = kind = KINDS[number // 12 % len(KINDS)]
        camera.faults.upgrade = FAULTS.get(kind)
        match kind:
            case "reports another version":
                camera.version, camera.next_version = "1.0", "1.9"
            case "has it already":
                camera.version = "2.0"
            case "deaf":
                camera.faults.silent = True
    return kinds


@pytest.mark.timeout(240)
async def test_two_hundred_cameras(
    fleet_of: SetUpFleet, caplog: pytest.LogCaptureFixture
) -> None:
    """Few are at risk at any time; each gets it once, and each failure is told.

    It is let go on after each stop, until only the offline and the deaf are left, which
    then come back.
    """
    caplog.set_level(logging.WARNING)
    fleet = await fleet_of(COUNT)
    kinds = make_different(fleet)
    away = [number for number, kind in kinds.items() if kind == "offline"]
    await fleet.lose(*away)
    await fleet.roll_out(first=FIRST, at_once=AT_ONCE, stop_after_failures=STOP_AFTER)
    stops = 0
    while fleet.left > 4:
        stops += await fleet.next_wave()
    for number, kind in kinds.items():
        fleet.cameras[number].faults.silent = False
        if kind == "offline":
            fleet.broker.connect(fleet.cameras[number])
    while fleet.statuses[-1] != "finished":
        fleet.freezer.tick(310)
        await fleet.beat()
        stops += await fleet.next_wave()

    everyone = {x: kinds.get(x, "is all right") for x in range(COUNT)}
    assert fleet.table(everyone) == TABLE
    assert fleet.most_at_risk <= AT_ONCE + STOP_AFTER - 1
    assert fleet.most_served <= AT_ONCE
    assert max(Counter(fleet.told).values()) == 1
    assert fleet.last == {"done": 189, "failed": 11}
    assert stops == 11 // STOP_AFTER
