"""What the simulated camera says, and how it obeys, as the vendor's page has it."""

import asyncio
import base64
import json

import pytest

from tests.simulator.server import decodes
from tests.simulator.workbench import NOW, SN, Bench, Message, ok


async def test_heartbeat_and_snapshot_are_the_documented_requests(
    bench: Bench,
) -> None:
    """The two messages of a device have the fields of the page and no others."""
    await bench.camera.send_heartbeat()
    await bench.camera.send_snapshot(b"picture")
    assert bench.messages == [
        {
            "operate": "heartbeat",
            "request_id": "000001",
            "timestamp": int(NOW),
            "sn": SN,
        },
        {
            "operate": "upload_snapshot",
            "request_id": "000002",
            "timestamp": int(NOW),
            "sn": SN,
            "data": "cGljdHVyZQ==",
        },
    ]


async def test_get_dev_config_tells_all_fields(bench: Bench) -> None:
    """The answer has every documented field, and a version only when there is one."""
    bench.time += 90.5
    expected = ok(
        "get_dev_config_rsp",
        mac=bench.camera.config.mac,
        upload_type=1,
        upload_addr="http://192.0.2.1/snapshots",
        hb_interval=60,
        run_time=90,
    )
    assert await bench.ask("get_dev_config") == expected
    bench.camera.version = "1.2"
    assert await bench.ask("get_dev_config") == expected | {"version": "1.2"}


async def test_set_dev_config_changes_only_what_it_names(bench: Bench) -> None:
    """Fields that a request leaves out keep their value."""
    assert await bench.ask("set_dev_config", hb_interval=10) == ok("set_dev_config_rsp")
    assert bench.camera.config.hb_interval == 10
    assert bench.camera.config.upload_type == 1
    await bench.ask("set_dev_config", upload_type=0, upload_addr="http://192.0.2.9/")
    assert bench.camera.config.hb_interval == 10
    assert bench.camera.config.upload_type == 0
    assert bench.camera.config.upload_addr == "http://192.0.2.9/"


@pytest.mark.parametrize(
    "fields",
    [{"hb_interval": 0}, {"hb_interval": "60"}, {"upload_type": 2}, {"upload_addr": 1}],
)
async def test_set_dev_config_refuses_a_bad_value(
    bench: Bench, fields: Message
) -> None:
    """A request with one bad value changes nothing at all."""
    before = bench.camera.config
    answer = await bench.ask("set_dev_config", **{"hb_interval": 30} | fields)
    assert answer["ret"] == 1
    assert bench.camera.config == before


async def test_take_snapshot_answers_with_the_picture(bench: Bench) -> None:
    """The picture is in the answer, and its size is the camera's."""
    answer = await bench.command(type="take_snapshot")
    assert answer["cmd_data"]["type"] == "take_snapshot"
    picture = base64.b64decode(answer["cmd_data"]["data"], validate=True)
    assert picture == bench.camera.last_picture
    assert decodes(picture) == (64, 48)
    assert len(bench.published) == 1


async def test_take_snapshot_delivers_the_picture_it_is_set_to(bench: Bench) -> None:
    """Tests choose the picture, and it arrives as it is."""
    bench.camera.picture = b"any bytes"
    answer = await bench.command(type="take_snapshot")
    assert base64.b64decode(answer["cmd_data"]["data"]) == b"any bytes"


async def test_io_control_sets_both_lines(bench: Bench) -> None:
    """The answer carries null, as documented."""
    answer = await bench.command(type="io_control", io0=1, io1=0)
    assert answer == ok(
        "control_cmd_rsp", cmd_data={"type": "io_control", "data": None}
    )
    assert (bench.camera.io0, bench.camera.io1) == (1, 0)
    await bench.command(type="io_control", io0=0, io1=1)
    assert (bench.camera.io0, bench.camera.io1) == (0, 1)


async def test_nothing_is_heard_during_a_reboot(bench: Bench) -> None:
    """What arrives while the camera is down is lost; it never stays down for good."""
    reboot = asyncio.create_task(bench.camera.reboot(60))
    await asyncio.sleep(0)
    with pytest.raises(IndexError):
        await bench.ask("get_dev_config")
    assert bench.camera.received == []
    reboot.cancel()
    await asyncio.wait([reboot])
    assert (await bench.ask("get_dev_config"))["ret"] == 0


@pytest.mark.parametrize(
    ("operate", "fields"),
    [
        ("dance", {}),
        ("upgrade_dev", {}),
        ("control_cmd", {}),
        ("control_cmd", {"cmd_data": {"type": "dance"}}),
        ("control_cmd", {"cmd_data": {"type": "io_control", "io0": 1}}),
        ("control_cmd", {"cmd_data": {"type": "io_control", "io0": 1, "io1": 2}}),
    ],
)
async def test_what_is_not_understood_is_refused(
    bench: Bench, operate: str, fields: Message
) -> None:
    """An unknown or malformed request gets a ret and a msg."""
    answer = await bench.ask(operate, **fields)
    assert answer["operate"] == f"{operate}_rsp"
    assert answer["ret"] == 1
    assert answer["msg"]


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"[]", b"{}", b'{"operate":1,"request_id":"1","sn":"1"}']
)
async def test_what_is_no_message_is_ignored(bench: Bench, payload: bytes) -> None:
    """Bytes that are no message of the page get no answer."""
    await bench.camera.handle(payload)
    assert bench.published == []


async def test_requests_for_another_camera_are_ignored(bench: Bench) -> None:
    """Several cameras may listen on one topic."""
    request = {"operate": "get_dev_config", "request_id": "1", "sn": "200000000002"}
    await bench.camera.handle(json.dumps(request).encode())
    assert bench.published == []


@pytest.mark.parametrize(
    ("strict", "offset", "ret"),
    [(True, 301, 2), (True, -301, 2), (True, 300, 0), (False, 301, 0)],
)
async def test_strict_clock(
    bench: Bench, *, strict: bool, offset: float, ret: int
) -> None:
    """A strict camera judges the time of a request by its own clock."""
    bench.camera.strict_clock = strict
    bench.camera.faults.clock_offset = offset
    assert (await bench.ask("get_dev_config"))["ret"] == ret


async def test_wait_answer(bench: Bench) -> None:
    """An answer is found by its request id, whether it came before or comes later."""
    request_id = await bench.camera.send_heartbeat()
    with pytest.raises(TimeoutError):
        await bench.camera.wait_answer(request_id, timeout=0)
    answer = {
        "operate": "heartbeat_rsp",
        "request_id": request_id,
        "sn": SN,
        "ret": 0,
        "msg": "",
    }
    waiter = asyncio.create_task(bench.camera.wait_answer(request_id))
    await asyncio.sleep(0)
    await bench.camera.handle(json.dumps(answer).encode())
    assert await waiter == answer
    assert await bench.camera.wait_answer(request_id) == answer


@pytest.mark.parametrize(
    "change",
    [{"request_id": "xxxxxx"}, {"operate": "dance_rsp"}, {"sn": "200000000002"}],
)
async def test_answers_to_nothing_asked_are_not_recorded(
    bench: Bench, change: Message
) -> None:
    """An answer must fit a request in its id, its name and its SN."""
    request_id = await bench.camera.send_heartbeat()
    answer = {"operate": "heartbeat_rsp", "request_id": request_id, "sn": SN, "ret": 0}
    await bench.camera.handle(json.dumps(answer | change).encode())
    assert bench.camera.answers == []


async def test_run_follows_a_changed_interval_at_once(running: Bench) -> None:
    """A shorter interval counts from the last heartbeat, not after the old hour."""
    await running.ask("set_dev_config", hb_interval=1)
    await running.wait_for_messages(3)
    assert [message["operate"] for message in running.messages] == [
        "heartbeat",
        "set_dev_config_rsp",
        "heartbeat",
    ]


async def test_run_sends_a_heartbeat_after_a_reboot(running: Bench) -> None:
    """A camera that comes back says so at once."""
    await running.camera.reboot()
    await running.wait_for_messages(2)
    assert running.messages[1]["operate"] == "heartbeat"


async def test_run_sends_snapshots(bench: Bench) -> None:
    """Snapshots come as often as wanted, next to the heartbeats."""
    task = asyncio.create_task(bench.camera.run(snapshot_every=0.01))
    await bench.wait_for_messages(3)
    task.cancel()
    await asyncio.wait([task])
    assert [message["operate"] for message in bench.messages[:3]] == [
        "heartbeat",
        "upload_snapshot",
        "upload_snapshot",
    ]
