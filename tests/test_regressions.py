"""What went wrong once between Home Assistant and a camera, and must not again."""

import asyncio
from collections.abc import Callable
import gc
import json
import logging
from pathlib import Path
import shutil
from types import SimpleNamespace
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .broker import Broker
from .common import JPEG, heartbeat, pass_time, state, upload
from .const import (
    BUTTON,
    CAMERA,
    CLOCK_OFFSET,
    CONNECTIVITY,
    DELIVERY,
    EVENT,
    IO0,
    OTHER_SN,
    SN,
    TOPICS,
    UP,
    UPLOAD_ADDR,
)
from .delivery.test_delivery import choose, own_address
from .simulator import SimulatedCamera
from .simulator.links import reach_nobody
from .test_services import control, take

GIB = 1024**3


@pytest.fixture
def issues(hass: HomeAssistant) -> Callable[[], set[str]]:
    """Return a way to see the repair issues of the integration."""
    registry = ir.async_get(hass)
    return lambda: {issue for domain, issue in registry.issues if domain == "snapcam"}


async def enable(hass: HomeAssistant, entry: MockConfigEntry, entity_id: str) -> None:
    """Enable an entity that is hidden at first."""
    er.async_get(hass).async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def wait_for_the_end(
    hass: HomeAssistant, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    """Give a pulse the time to end, even if its end has to be tried again."""
    for _ in range(6):
        await pass_time(hass, broker, freezer, 6)


async def test_pulse_ends_although_the_next_one_is_not_sent(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """A pulse that fails before it is sent must not forget the one that is under way.

    The door it has opened would stay open.
    """
    await control(hass, io0=True, pulse=10)
    await broker.go_down()
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=10)
    await broker.come_back()
    assert online.io0 == 1
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_the_next_one_is_refused(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """Nor must one that the camera does not want, also if it is of two lines."""
    await control(hass, io0=True, pulse=10)
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, io1=True, pulse=30)
    online.faults.ret = 0
    received = len(online.received)
    await wait_for_the_end(hass, broker, freezer)

    assert (online.io0, online.io1) == (0, 0)
    assert len(online.received) == received + 1


async def test_pulse_ends_although_the_broker_was_lost(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The camera may have got a command whose answer was lost with the broker."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    await broker.go_down()
    with pytest.raises(HomeAssistantError):
        await pulse
    await pass_time(hass, broker, freezer, 30)
    assert online.io0 == 1
    online.faults.silent = False
    await broker.come_back()
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_it_was_cancelled(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """An automation may be stopped while it waits for the camera's answer."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    pulse.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pulse
    online.faults.silent = False
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_its_answer_says_nothing(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """An answer without a return code does not tell that nothing was set."""
    publish = online.publish

    async def leave_out_ret(payload: bytes, /, *, retain: bool) -> None:
        message = json.loads(payload)
        del message["ret"]
        await publish(json.dumps(message).encode(), retain=retain)

    online.publish = leave_out_ret
    with pytest.raises(HomeAssistantError):
        await control(hass, io0=True, pulse=1)
    assert online.io0 == 1
    online.publish = publish
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_pulse_ends_although_the_camera_is_reloaded(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Options may be changed while a command is under way; that is remembered."""
    online.faults.silent = True
    pulse = asyncio.create_task(control(hass, io0=True, pulse=1))
    await broker.settle()
    assert online.io0 == 1
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await pulse
    await pass_time(hass, broker, freezer, 2)
    online.faults.silent = False
    assert await hass.config_entries.async_setup(entry.entry_id)
    await wait_for_the_end(hass, broker, freezer)

    assert online.io0 == 0


async def test_store_of_an_earlier_version(
    hass: HomeAssistant,
    broker: Broker,
    config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """An update must not fail on what the version before it has written."""
    key = f"snapcam.{config_entry.entry_id}"
    config = {
        "mac": None,
        "upload_type": 1,
        "upload_addr": None,
        "hb_interval": 60,
        "run_time": 5,
        "version": None,
    }
    data = {
        "config": config,
        "io0": True,
        "io1": None,
        "last_boot": None,
        "last_seen": None,
        "clock_offset": 0,
    }
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    config_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(config_entry.entry_id)

    assert config_entry.state is ConfigEntryState.LOADED
    assert (state(hass, IO0), state(hass, DELIVERY)) == ("on", "mqtt")


async def test_delivery_is_put_back_although_nobody_waits(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """Who is stopped must not leave the camera with an address it cannot reach."""
    online.post = reach_nobody
    before = dict(vars(online.config))
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    assert online.config.upload_type == 0
    choosing.cancel()
    await broker.settle()
    assert choosing.cancelled()
    await pass_time(hass, broker, freezer, 21)

    assert vars(online.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_delivery_is_proven_although_nobody_waits(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """What works is kept."""
    post, go = posting.post, asyncio.Event()

    async def post_later(address: str, body: bytes, /, *, content_type: str) -> bytes:
        await go.wait()
        return await post(address, body, content_type=content_type)

    posting.post = post_later
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    choosing.cancel()
    await broker.settle()
    assert choosing.cancelled()
    go.set()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert online.config.upload_type == 0
    assert state(hass, DELIVERY) == "http_home_assistant"


async def test_secret_address_is_not_shown(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Our own address, with a token we have no more, is not taken for another one's.

    The settings could not be put back, and then the entry got a new token.
    """
    await enable(hass, entry, UPLOAD_ADDR)
    await online.send_heartbeat()
    await broker.settle()
    other = state(hass, UPLOAD_ADDR)
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    broker.disconnect(online)
    for _ in range(10):
        await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError):
        await choosing
    secret = own_address(entry)
    assert online.config.upload_addr == secret
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "token": "x" * 43}
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    broker.connect(online)
    await online.send_heartbeat()
    await broker.settle()

    assert state(hass, UPLOAD_ADDR) == other == "http://192.0.2.1/snapshots"
    shown = [str(known.as_dict()) for known in hass.states.async_all()]
    assert not any(secret in text for text in shown)


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


@pytest.mark.parametrize("how", ["mqtt", "remove"])
async def test_missing_address_is_no_issue_any_more(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    issues: Callable[[], set[str]],
    how: str,
) -> None:
    """Who follows the advice to use MQTT, or has no such camera, needs no address."""
    hass.config.internal_url = None
    hass.config.api = None
    with pytest.raises(HomeAssistantError):
        await choose(hass, "http_home_assistant")
    assert issues() == {"no_lan_address"}
    await {
        "mqtt": lambda: choose(hass, "mqtt"),
        "remove": lambda: hass.config_entries.async_remove(entry.entry_id),
    }[how]()

    assert issues() == set()


async def test_posts_while_the_broker_is_down(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    http: TestClient,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """A camera that posts has a full window to come back to the broker as well."""
    await broker.go_down()
    reply = await http.post(f"/api/snapcam/upload/{entry.data['token']}", json=upload())
    assert json.loads(await reply.read())["ret"] == 0
    for _ in range(20):
        await pass_time(hass, broker, freezer, 15)
    await broker.come_back()
    assert state(hass, CONNECTIVITY) == "on"
    broker.disconnect(online)
    await pass_time(hass, broker, freezer, 91)
    await pass_time(hass, broker, freezer, 58)
    assert state(hass, CONNECTIVITY) == "on"
    await pass_time(hass, broker, freezer, 2)
    assert state(hass, CONNECTIVITY) == "off"


async def test_picture_without_a_time_says_nothing_of_the_clock(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    http: TestClient,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Commands to a camera whose clock is wrong still go by its clock afterwards."""
    hass.config_entries.async_update_entry(entry, options={"accept_wrong_clock": True})
    await enable(hass, entry, CLOCK_OFFSET)
    now = int(dt_util.utcnow().timestamp())
    broker.send(heartbeat(timestamp=now - 7200), UP)
    await broker.settle()
    assert state(hass, CLOCK_OFFSET) == "-7200"
    reply = await http.post(
        f"/api/snapcam/upload/{entry.data['token']}",
        data=JPEG,
        headers={"Content-Type": "image/jpeg"},
    )
    assert json.loads(await reply.read())["ret"] == 0

    assert state(hass, CLOCK_OFFSET) == "-7200"
    await control(hass, io0=True)
    assert broker.messages("control_cmd")[-1]["timestamp"] == now - 7200


async def test_picture_nobody_waits_for_fails_quietly(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An automation that was stopped is no error in the log when nothing comes."""
    online.faults.silent = True
    taking = asyncio.create_task(take(hass, CAMERA))
    await broker.settle()
    taking.cancel()
    await broker.settle()
    assert taking.cancelled()
    await pass_time(hass, broker, freezer, 25)
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["reason"] == "no_answer"
    # Asyncio complains of an error nobody has seen when its task is gone.
    gc.collect()
    await broker.settle()

    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert errors == []


async def test_automation_tries_again(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """A picture that is asked for because one has failed is not the one that failed."""
    failed = "{{ trigger.to_state.attributes.event_type == 'failed' }}"
    automation = {
        "trigger": {"platform": "state", "entity_id": EVENT},
        "condition": failed,
        "action": {"action": "button.press", "target": {"entity_id": BUTTON}},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await broker.settle()
    online.faults.ret = 3
    with pytest.raises(HomeAssistantError):
        await take(hass, CAMERA)
    await broker.settle()

    assert len(broker.messages("control_cmd")) == 2


@pytest.mark.parametrize("timestamp", [-(2**63), 2**63 - 1])
async def test_clock_beyond_all_measure(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    timestamp: int,
) -> None:
    """A timestamp that only just is an int64 must not keep the state from being saved.

    Its offset from our time is none any more, and no JSON could hold it.
    """
    await control(hass, io0=True)
    broker.send(heartbeat(timestamp=timestamp), UP)
    await broker.settle()
    assert broker.messages("heartbeat_rsp")[-1]["ret"] == 2
    assert await hass.config_entries.async_unload(entry.entry_id)

    assert hass_storage[f"snapcam.{entry.entry_id}"]["data"]["io0"] is True
    assert "Traceback" not in caplog.text
