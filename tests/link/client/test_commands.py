"""A command and its answer, one at a time."""

import asyncio
import json
from typing import Any

import pytest

from custom_components.snapcam.protocol import (
    DeviceConfig,
    Operate,
    RequestId,
    Response,
    SnapcamBusyError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamRefusedError,
)

from ...common import JPEG
from ...const import OTHER_SN, SN
from ...simulator import Faults
from .common import (
    COMMANDS,
    CONFIG,
    MOMENT,
    NOW,
    URL,
    Command,
    Line,
    answer_to,
    every_command,
    lines,
)


@pytest.mark.parametrize(("command", "message"), COMMANDS.values(), ids=COMMANDS)
async def test_command_on_the_wire(
    line: Line, command: Command, message: dict[str, Any]
) -> None:
    """What is sent is the page's form, byte for byte, under an id of its own."""
    await command(line.client)
    await command(line.client)

    ids = [json.loads(payload)["request_id"] for payload in line.payloads]
    assert len(set(ids)) == 2
    assert [len(bytes.fromhex(request_id)) for request_id in ids] == [8, 8]
    assert line.payloads == [
        json.dumps(
            {
                "operate": message["operate"],
                "request_id": request_id,
                "timestamp": NOW,
                "sn": SN,
                **message,
            },
            separators=(",", ":"),
        ).encode()
        for request_id in ids
    ]
    assert line.accepted == [True, True]


async def test_get_config(line: Line) -> None:
    """What the camera says of itself is returned as a value."""
    line.camera.version = "1.2.3"
    assert await line.client.get_config() == DeviceConfig(
        mac=line.camera.config.mac,
        upload_type=1,
        upload_addr="http://192.0.2.1/snapshots",
        hb_interval=60,
        run_time=0,
        version="1.2.3",
    )


@every_command
async def test_refused(line: Line, command: Command) -> None:
    """A refusal reaches the caller in the camera's own words, and ends the turn."""
    line.camera.faults = Faults(ret=7, msg="door blocked")
    with pytest.raises(SnapcamRefusedError, match=r"^ret 7: door blocked$") as caught:
        await command(line.client)
    assert (caught.value.ret, caught.value.msg) == (7, "door blocked")

    line.camera.faults = Faults()
    await command(line.client)


@every_command
async def test_answer_without_ret(command: Command) -> None:
    """An answer that does not say whether it went well is no success."""

    async def publish(payload: bytes) -> None:
        client.handle_response(answer_to(payload, ret=None))

    client = Line.new_client(publish)
    with pytest.raises(SnapcamMessageError):
        await command(client)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("get_config", 10),
        ("set_config", 10),
        ("set_outputs", 10),
        ("upgrade", 15),
        ("take_snapshot", 20),
    ],
)
async def test_no_answer(line: Line, name: str, seconds: float) -> None:
    """A silent camera is waited for as long as agreed, and no longer."""
    command, _ = COMMANDS[name]
    line.camera.faults.silent = True
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(SnapcamNoAnswerError):
        await command(line.client)
    assert loop.time() - started == seconds


async def test_answer_inside_the_publish_call(line: Line) -> None:
    """The answer may come before the broker has acknowledged the command."""
    line.client = line.new_client(line.camera.handle)
    assert await line.client.take_snapshot() == JPEG
    assert line.accepted == [True]


async def test_answer_with_another_sn(line: Line) -> None:
    """The page's own answers carry another SN than the request: the id decides."""
    line.camera.faults.foreign_sn = OTHER_SN
    await line.client.set_outputs(lines(1, 0))
    assert [answer.sn for answer in line.answers] == [OTHER_SN]
    assert line.camera.io0 == 1


@every_command
async def test_duplicate_answer(line: Line, command: Command) -> None:
    """The second copy of an answer answers nothing: it is to be dropped."""
    line.camera.faults.duplicate = True
    await command(line.client)
    await asyncio.sleep(MOMENT)
    assert line.accepted == [True, False]


@pytest.mark.parametrize("request_id", ["0123456789abcdef", "", 0, None])
async def test_answer_to_nothing(line: Line, request_id: RequestId | None) -> None:
    """An answer we did not ask for is none, while we wait for another one as well."""
    answer = Response(operate=Operate.CONTROL_CMD, request_id=request_id, sn=SN, ret=0)
    assert not line.client.handle_response(answer)

    line.camera.faults.answer_delay = 1
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(line.client.get_config())
        await asyncio.sleep(MOMENT)
        assert not line.client.handle_response(answer)
        assert not asked.done()
    assert line.accepted == [True]


@every_command
async def test_late_answer(line: Line, command: Command) -> None:
    """A late answer is one, once: a late picture is still a picture."""
    line.camera.faults = Faults(answer_delay=30, duplicate=True)
    with pytest.raises(SnapcamNoAnswerError):
        await command(line.client)
    assert line.accepted == []

    await asyncio.sleep(30)
    assert line.accepted == [True, False]
    line.camera.faults = Faults()
    await command(line.client)


async def test_one_in_flight(line: Line) -> None:
    """The next command is sent after the answer to the one before, in their order."""
    line.camera.faults.answer_delay = 9
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(line.client.set_config(CONFIG))
        tasks.create_task(line.client.get_config())
        tasks.create_task(line.client.take_snapshot())
        upgrade = tasks.create_task(line.client.upgrade(URL))
    # Their turn is all they had to wait for: each had its own ten seconds.
    await upgrade
    assert line.operates == [
        "set_dev_config",
        "set_dev_config_rsp",
        "get_dev_config",
        "get_dev_config_rsp",
        "control_cmd",
        "control_cmd_rsp",
        "upgrade_dev",
        "upgrade_dev_rsp",
    ]


async def test_busy(line: Line) -> None:
    """Eight may wait; one more is told so at once, and the others are not harmed."""
    line.camera.faults.answer_delay = 1
    for _ in range(2):
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(line.client.get_config()) for _ in range(9)]
            await asyncio.sleep(MOMENT)
            with pytest.raises(SnapcamBusyError):
                await line.client.take_snapshot()
        assert [task.result().hb_interval for task in waiting] == [60] * 9
    assert line.operates == ["get_dev_config", "get_dev_config_rsp"] * 18


async def test_cancelled_while_it_waits(line: Line) -> None:
    """Who gives up in the queue is never sent, and leaves its place to another."""
    line.camera.faults.answer_delay = 1
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(line.client.get_config()) for _ in range(8)]
        given_up = tasks.create_task(line.client.upgrade(URL))
        await asyncio.sleep(MOMENT)
        given_up.cancel()
        await asyncio.wait([given_up])
        waiting.append(tasks.create_task(line.client.get_config()))
    assert [task.result().hb_interval for task in waiting] == [60] * 9
    assert "upgrade_dev" not in line.operates
