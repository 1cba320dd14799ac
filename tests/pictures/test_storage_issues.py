"""The repairs that tell when pictures cannot be stored."""

from collections.abc import Callable
from pathlib import Path
import shutil
from types import SimpleNamespace

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import pass_time, upload
from ..const import OTHER_SN, SN, TOPICS, UP
from ..simulator import SimulatedCamera

GIB = 1024**3


async def test_different_storage_errors_do_not_flap(
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    issues: Callable[[], set[str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One camera's full disk does not hide another one's broken folder, and so on."""
    other = MockConfigEntry(
        domain="snapcam", unique_id=OTHER_SN, data={"sn": OTHER_SN, **TOPICS}
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    (media / "snapcam").mkdir(parents=True)
    (media / "snapcam" / OTHER_SN).write_text("no folder")
    full = SimpleNamespace(total=100 * GIB, used=100 * GIB, free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    for number in range(4):
        for sn in (SN, OTHER_SN):
            broker.send(upload(sn=sn, request_id=str(number)), f"snapcam/{sn}/up")
            await broker.settle()
            assert broker.messages("upload_snapshot_rsp")[-1]["ret"] == 6

    assert issues() == {"storage_low", "storage_failed"}
    assert caplog.text.count("Snapshots cannot be stored") == 2


async def test_tidying_does_not_take_an_issue_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    media: Path,
    broker: Broker,
    online: SimulatedCamera,
    issues: Callable[[], set[str]],
) -> None:
    """That there is space does not mean that anything can be stored."""
    day = media / "snapcam" / SN / dt_util.now().date().isoformat()
    day.parent.mkdir(parents=True)
    day.write_text("no folder")
    broker.send(upload(), UP)
    await broker.settle()
    assert issues() == {"storage_failed"}
    await pass_time(hass, broker, freezer, 3601)
    assert issues() == {"storage_failed"}

    day.unlink()
    broker.send(upload(), UP)
    await broker.settle()
    assert issues() == set()
