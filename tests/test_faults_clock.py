"""The clock of this host jumps by hours, as it does when it is set at last."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from freezegun import api as freezegun_api
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from .broker import Broker
from .common import JPEG, PNG, call, state, upload
from .const import BUTTON, CONNECTIVITY, IMAGE, IO0, LAST_BOOT, UP
from .simulator import SimulatedCamera

JUMPS = [pytest.param(5, id="forward"), pytest.param(-5, id="backward")]


@pytest.fixture(autouse=True)
def steady(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let the loop's time go on while the clock jumps; else both are frozen."""
    monkeypatch.setattr(hass.loop, "time", freezegun_api.real_monotonic)


async def let_timers_run(hass: HomeAssistant, broker: Broker, seconds: float) -> None:
    """Run what is due until so many seconds from now, whatever the clock shows."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await broker.settle()


@pytest.mark.parametrize("hours", JUMPS)
async def test_nobody_goes_offline(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
) -> None:
    """Silence is measured by another clock: neither sooner nor later than else."""
    freezer.tick(timedelta(hours=hours))
    await let_timers_run(hass, broker, 0)
    assert state(hass, CONNECTIVITY) == "on"
    assert online.received == []

    broker.disconnect(online)
    await let_timers_run(hass, broker, 91)
    await let_timers_run(hass, broker, 149)
    assert state(hass, CONNECTIVITY) == "on"
    await let_timers_run(hass, broker, 151)
    assert state(hass, CONNECTIVITY) == "off"


@pytest.mark.parametrize("hours", JUMPS)
async def test_cameras_with_the_right_time_are_refused_and_served_again(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    issue_registry: ir.IssueRegistry,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
) -> None:
    """While this clock is wrong a repair says so, and who answers is still there."""
    freezer.tick(timedelta(hours=hours))
    online.faults.clock_offset = -hours * 3600
    await online.send_heartbeat()
    await broker.settle()
    for _ in range(2):
        await let_timers_run(hass, broker, 91)
    assert [answer["ret"] for answer in online.answers] == [2]
    assert [request["operate"] for request in online.received] == ["get_dev_config"]
    assert [domain for domain, _ in issue_registry.issues] == ["snapcam"]
    await let_timers_run(hass, broker, 151)
    assert state(hass, CONNECTIVITY) == "on"

    freezer.tick(timedelta(hours=-hours))
    online.faults.clock_offset = 0
    await online.send_heartbeat()
    await broker.settle()
    assert [answer["ret"] for answer in online.answers] == [2, 0]
    assert list(issue_registry.issues) == []


@pytest.mark.parametrize("hours", JUMPS)
async def test_pictures_get_the_new_time(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
) -> None:
    """The next picture has the time the clock shows then, and both are kept."""
    await online.send_snapshot()
    await broker.settle()
    freezer.tick(timedelta(hours=hours))
    await call(hass, "button.press", BUTTON)

    assert state(hass, IMAGE) == dt_util.utcnow().isoformat()
    assert len(list(media.rglob("*.jpg"))) == 2


@pytest.mark.parametrize("hours", JUMPS)
async def test_duplicates_are_still_told(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    entry: MockConfigEntry,
    hours: int,
) -> None:
    """The same upload is the same picture although hours seem to have passed."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    again = upload()
    broker.send(again, UP)
    await broker.settle()
    freezer.tick(timedelta(hours=hours))
    broker.send(again, UP)
    await broker.settle()

    assert [a["ret"] for a in broker.messages("upload_snapshot_rsp")] == [0, 0]
    assert len(list(media.rglob("*.jpg"))) == 1


async def test_the_newest_picture_is_shown_after_a_restart(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A picture of an hour to come is of a clock that was wrong, and no newer one."""
    freezer.move_to("2026-11-24 20:00:00+00:00")
    broker.send(upload(JPEG), UP)
    await broker.settle()
    freezer.move_to("2026-11-24 15:00:00+00:00")
    broker.send(upload(PNG), UP)
    await broker.settle()
    taken_at = state(hass, IMAGE)
    assert await hass.config_entries.async_reload(entry.entry_id)

    assert state(hass, IMAGE) == taken_at


@pytest.mark.parametrize(("hours", "shown"), [(5, "unknown"), (-5, "on")])
async def test_a_camera_may_have_rebooted(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    hours: int,
    shown: str,
) -> None:
    """Its boot follows the new clock, and one that is later than before is a restart.

    It cannot be told from a real one in a time the host has slept through; and it is
    better not to know of an open door than to know wrongly that it is closed.
    """
    await call(hass, "switch.turn_on", IO0)
    booted_at = online.booted_at
    freezer.tick(timedelta(hours=hours))
    online.booted_at += hours * 3600
    await broker.go_down()
    await broker.come_back()
    await online.send_heartbeat()
    await broker.settle()

    expected = datetime.fromtimestamp(booted_at + hours * 3600, UTC)
    boot = datetime.fromisoformat(state(hass, LAST_BOOT))
    assert abs(boot - expected) <= timedelta(seconds=1)
    assert state(hass, IO0) == shown
