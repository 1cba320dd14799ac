"""The faults of a simulated camera show in what it sends."""

import asyncio
import base64

import pytest

from tests.simulator import Encoding, Faults, HttpBody, PictureFault
from tests.simulator.server import Posted, Server, decodes, uploaded
from tests.simulator.workbench import NOW, SN, Bench, Message, ok


async def test_fault_picture_by_upload(bench: Bench) -> None:
    """Such a camera answers without a picture, and uploads it afterwards."""
    bench.camera.faults.picture_by_upload = True
    answer = await bench.command(type="take_snapshot")
    assert answer == ok(
        "control_cmd_rsp", cmd_data={"type": "take_snapshot", "data": ""}
    )
    upload = bench.messages[1]
    assert upload["operate"] == "upload_snapshot"
    assert decodes(base64.b64decode(upload["data"])) == (64, 48)


async def test_fault_clock_offset(bench: Bench) -> None:
    """The offset is in the camera's timestamps, but not in its run time."""
    bench.camera.faults.clock_offset = -400
    await bench.camera.send_heartbeat()
    assert bench.messages[0]["timestamp"] == int(NOW) - 400
    assert bench.camera.run_time == 0


async def test_fault_duplicate(bench: Bench) -> None:
    """Both copies are the same, byte for byte."""
    bench.camera.faults.duplicate = True
    await bench.camera.send_heartbeat()
    first, second = bench.published
    assert first == second


@pytest.mark.parametrize("fault", PictureFault)
async def test_fault_picture(bench: Bench, fault: PictureFault) -> None:
    """A broken picture does not decode."""
    bench.camera.faults.picture = fault
    await bench.camera.send_snapshot()
    picture = base64.b64decode(bench.messages[0]["data"], validate=True)
    assert picture == bench.camera.last_picture
    with pytest.raises(OSError):
        decodes(picture)


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        (Encoding.DATA_URI, "data:image/jpeg;base64," + "+/8A" * 20 + "+w=="),
        (Encoding.LINE_WRAPPED, "+/8A" * 19 + "\n+/8A+w==\n"),
        (Encoding.URL_SAFE, "-_8A" * 20 + "-w=="),
        (Encoding.UNPADDED, "+/8A" * 20 + "+w"),
    ],
)
async def test_fault_encoding(bench: Bench, encoding: Encoding, data: str) -> None:
    """Each encoding is what cameras are known to send in place of plain base64."""
    bench.camera.faults.encoding = encoding
    bench.camera.picture = b"\xfb\xff\x00" * 20 + b"\xfb"
    await bench.camera.send_snapshot()
    answer = await bench.command(type="take_snapshot")
    assert bench.messages[0]["data"] == data
    assert answer["cmd_data"]["data"] == data


async def test_faults_are_in_what_is_posted(posting: Bench, server: Server) -> None:
    """The JSON that is posted has the faults of the JSON that is published."""
    posting.camera.faults = Faults(
        clock_offset=-400,
        encoding=Encoding.UNPADDED,
        foreign_sn="999",
        integer_ids=True,
        picture=PictureFault.TRUNCATED,
    )
    server.answers = [uploaded(1) | {"sn": "999"}]
    request_id = await posting.camera.send_snapshot()
    assert server.messages == [
        {
            "operate": "upload_snapshot",
            "request_id": 1,
            "timestamp": int(NOW) - 400,
            "sn": "999",
            "data": "cGljdA",
        }
    ]
    assert (await posting.camera.wait_answer(request_id))["sn"] == "999"


@pytest.mark.parametrize("form", HttpBody)
async def test_fault_duplicate_posts_twice(
    posting: Bench, server: Server, form: HttpBody
) -> None:
    """Both posts are the same, byte for byte, and each has its answer."""
    posting.camera.faults = Faults(duplicate=True, http_body=form)
    server.answers = [uploaded("000001"), uploaded("000001") | {"msg": "again"}]
    await posting.camera.send_snapshot()
    first, second = server.posted
    assert first == second
    assert [answer["msg"] for answer in posting.camera.answers] == ["", "again"]


@pytest.mark.parametrize("echo", [{}, {"request_id": ""}, {"request_id": "a1b2"}])
@pytest.mark.parametrize(
    ("form", "posted"),
    [
        (
            HttpBody.MULTIPART,
            Posted(
                "multipart/form-data",
                b"",
                {"file": ("snapshot.jpg", "image/jpeg", b"picture")},
            ),
        ),
        (HttpBody.RAW, Posted("image/jpeg", b"picture", {})),
    ],
)
async def test_fault_http_body(
    posting: Bench, server: Server, form: HttpBody, posted: Posted, echo: Message
) -> None:
    """A mere picture has no request id, so the answer is taken whatever its own is."""
    posting.camera.faults.http_body = form
    server.answers = [{"operate": "upload_snapshot_rsp", "sn": SN, "ret": 0} | echo]
    request_id = await posting.camera.send_snapshot()
    assert server.posted == [posted]
    assert (await posting.camera.wait_answer(request_id))["ret"] == 0


async def test_fault_http_body_is_not_for_mqtt(bench: Bench) -> None:
    """What is published is the page's JSON."""
    bench.camera.faults.http_body = HttpBody.RAW
    await bench.camera.send_snapshot(b"picture")
    assert bench.messages[0]["data"] == "cGljdHVyZQ=="


async def test_fault_ret(bench: Bench) -> None:
    """A refused command is not obeyed."""
    bench.camera.faults.ret = 7
    bench.camera.faults.msg = "busy"
    answer = await bench.command(type="io_control", io0=1, io1=1)
    assert answer == ok("control_cmd_rsp") | {"ret": 7, "msg": "busy"}
    assert bench.camera.io0 == 0


async def test_fault_silent(bench: Bench) -> None:
    """The command is obeyed and only its answer is lost: the harder case."""
    bench.camera.faults.silent = True
    with pytest.raises(IndexError):
        await bench.command(type="io_control", io0=1, io1=1)
    assert bench.camera.io0 == 1
    assert len(bench.camera.received) == 1


async def test_fault_answer_delay(bench: Bench) -> None:
    """The answer comes late, the deed does not."""
    bench.camera.faults.answer_delay = 0.05
    task = asyncio.create_task(bench.command(type="io_control", io0=1, io1=1))
    await asyncio.sleep(0)
    assert bench.camera.io0 == 1
    assert bench.published == []
    assert (await task)["ret"] == 0


async def test_fault_foreign_sn(bench: Bench) -> None:
    """Requests and answers carry the other SN; commands to its own still arrive."""
    bench.camera.faults.foreign_sn = "999"
    await bench.camera.send_heartbeat()
    await bench.ask("get_dev_config")
    assert [message["sn"] for message in bench.messages] == ["999", "999"]


async def test_fault_integer_ids(bench: Bench) -> None:
    """Its own ids are integers, and it echoes the server's as they came."""
    bench.camera.faults.integer_ids = True
    assert await bench.camera.send_heartbeat() == 1
    assert bench.messages[0]["request_id"] == 1
    assert (await bench.ask("get_dev_config"))["request_id"] == "a1b2"
    assert (await bench.ask("get_dev_config", request_id=5))["request_id"] == 5


async def test_fault_retain(bench: Bench) -> None:
    """Messages are published retained only by the fault."""
    await bench.camera.send_heartbeat()
    bench.camera.faults.retain = True
    await bench.camera.send_heartbeat()
    assert bench.retained == [False, True]
