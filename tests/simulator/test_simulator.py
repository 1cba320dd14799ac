"""The simulated camera does what the vendor's page says, and its faults show.

Everything else is tested against this camera, so it is tested by the bytes it
publishes, without a broker, and posts, to a server of this machine.
"""

import asyncio
import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
import json
import logging
from typing import Any

from aiohttp import web
from PIL import Image
import pytest
from pytest_aiohttp import AiohttpServer

from tests.simulator import (
    Encoding,
    Faults,
    HttpBody,
    PictureFault,
    PostError,
    draw_picture,
    pad_picture,
)
from tests.simulator.__main__ import number_cameras
from tests.simulator.http import post
from tests.simulator.mqtt import Broker, run_camera
from tests.simulator.workbench import NOW, SN, TOKEN, Bench, Message, ok

type Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass
class Posted:
    """What a server got in one post."""

    content_type: str
    body: bytes
    files: dict[str, tuple[str, str, bytes]]


@dataclass
class Server:
    """A server for snapshots: what was posted to it, and how it replies."""

    posted: list[Posted] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)
    reply: Handler | None = None
    address: str = ""

    @property
    def messages(self) -> list[Message]:
        """Return what was posted, decoded."""
        return [json.loads(posted.body) for posted in self.posted]

    async def take(self, request: web.Request) -> web.Response:
        """Take a post, and reply to it."""
        files: Any = await request.post()
        self.posted.append(
            Posted(
                content_type=request.headers["Content-Type"].partition(";")[0],
                body=await request.read(),
                files={
                    name: (file.filename, file.content_type, file.file.read())
                    for name, file in files.items()
                },
            )
        )
        return await (self.reply or self.answer)(request)

    async def answer(self, _request: web.Request) -> web.Response:
        """Reply with the next of the answers."""
        return web.json_response(self.answers.pop(0))


@pytest.fixture
async def server(socket_enabled: None, aiohttp_server: AiohttpServer) -> Server:
    """Return a server of this machine, at an address that nobody may learn."""
    server = Server()
    app = web.Application()
    app.router.add_post(f"/{TOKEN}", server.take)
    # Its own log would tell the address.
    running = await aiohttp_server(app, access_log=None)
    server.address = str(running.make_url(f"/{TOKEN}"))
    return server


@pytest.fixture
async def posting(bench: Bench, server: Server) -> Bench:
    """Return a bench with a camera that is told to post its snapshots."""
    bench.camera.post = post
    bench.camera.picture = b"picture"
    await bench.ask("set_dev_config", upload_type=0, upload_addr=server.address)
    bench.published.clear()
    return bench


@pytest.fixture
def bench() -> Bench:
    """Return a bench with a camera on it."""
    return Bench()


@pytest.fixture
async def running(bench: Bench) -> AsyncGenerator[Bench]:
    """Let the camera send its heartbeats, once an hour."""
    bench.camera.config.hb_interval = 3600
    task = asyncio.create_task(bench.camera.run())
    await bench.wait_for_messages(1)
    yield bench
    task.cancel()
    await asyncio.wait([task])


def decodes(picture: bytes) -> tuple[int, int]:
    """Return the size of a picture that decodes to its end."""
    with Image.open(BytesIO(picture)) as image:
        image.load()
        assert image.format == "JPEG"
        return image.size


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


def uploaded(request_id: str | int) -> Message:
    """Return the answer that takes a snapshot."""
    return ok("upload_snapshot_rsp", request_id=request_id)


async def test_snapshots_are_posted_when_told_so(
    posting: Bench, server: Server
) -> None:
    """The JSON that is posted is the page's, and the reply is its answer."""
    server.answers = [uploaded("000001")]
    request_id = await posting.camera.send_snapshot()
    assert server.messages == [
        {
            "operate": "upload_snapshot",
            "request_id": "000001",
            "timestamp": int(NOW),
            "sn": SN,
            "data": "cGljdHVyZQ==",
        }
    ]
    assert server.posted[0].content_type == "application/json"
    assert await posting.camera.wait_answer(request_id) == uploaded("000001")
    assert posting.published == []


async def test_heartbeats_are_never_posted(posting: Bench, server: Server) -> None:
    """Only snapshots know another way than MQTT."""
    await posting.camera.send_heartbeat()
    assert posting.messages[0]["operate"] == "heartbeat"
    assert server.posted == []


async def test_snapshots_are_published_again_when_told_so(
    posting: Bench, server: Server
) -> None:
    """The way back is open; the address stays for the next time."""
    await posting.ask("set_dev_config", upload_type=1)
    await posting.camera.send_snapshot()
    assert posting.messages[1]["operate"] == "upload_snapshot"
    assert posting.camera.config.upload_addr == server.address
    assert server.posted == []


async def test_take_snapshot_is_answered_empty_and_then_posted(
    posting: Bench, server: Server
) -> None:
    """The answer goes by MQTT and is there before the picture is posted."""
    published: list[int] = []

    async def reply(request: web.Request) -> web.Response:
        published.append(len(posting.published))
        return web.json_response(uploaded("000001"))

    server.reply = reply
    answer = await posting.command(type="take_snapshot")
    assert answer == ok(
        "control_cmd_rsp", cmd_data={"type": "take_snapshot", "data": ""}
    )
    assert published == [1]
    assert server.messages[0]["data"] == "cGljdHVyZQ=="
    assert posting.camera.answers == [uploaded("000001")]


async def test_a_refusal_in_a_reply_is_an_answer(
    posting: Bench, server: Server
) -> None:
    """A server that takes no such picture says so by ret, as over MQTT."""
    refusal = uploaded("000001") | {"ret": 4, "msg": "not a picture"}
    server.answers = [refusal]
    request_id = await posting.camera.send_snapshot()
    assert await posting.camera.wait_answer(request_id) == refusal


async def assert_lost(bench: Bench, reason: str, log: pytest.LogCaptureFixture) -> None:
    """Send a snapshot and see it lost for a reason, which keeps the secret."""
    log.set_level(logging.INFO, logger="tests.simulator")
    request_id = await bench.camera.send_snapshot()
    assert bench.camera.answers == []
    with pytest.raises(TimeoutError):
        await bench.camera.wait_answer(request_id, timeout=0)
    assert log.messages[-1] == f"{SN}  snapshot not delivered to {reason}"
    assert TOKEN not in log.text


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [
        (404, json.dumps(uploaded("000001")), "HTTP status 404"),
        (500, "Internal Server Error", "HTTP status 500"),
        (200, "OK", "the reply is not JSON"),
        (200, "", "the reply is not JSON"),
        (200, "[]", "the reply is not an answer"),
        (200, '{"ret": 0}', "the reply is not an answer"),
        (200, '{"operate": "upload_snapshot_rsp"}', "the reply is not an answer"),
    ],
)
async def test_a_reply_that_is_no_answer(
    posting: Bench,
    server: Server,
    caplog: pytest.LogCaptureFixture,
    status: int,
    text: str,
    reason: str,
) -> None:
    """Nothing counts as an answer but the page's JSON with HTTP status 200."""

    async def reply(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    server.reply = reply
    await assert_lost(posting, f"127.0.0.1: {reason}", caplog)
    assert len(server.posted) == 1


@pytest.mark.parametrize(
    "change", [{"request_id": "xxxxxx"}, {"request_id": ""}, {"operate": "dance_rsp"}]
)
async def test_a_reply_to_another_request_is_not_recorded(
    posting: Bench, server: Server, change: Message
) -> None:
    """Whoever gets the request id has to send it back, by HTTP too."""
    server.answers = [uploaded("000001") | change]
    await posting.camera.send_snapshot()
    assert posting.camera.answers == []


async def test_a_redirect_is_not_followed(
    posting: Bench, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A post that is sent elsewhere would become a get, without the picture."""

    async def reply(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/{TOKEN}")

    server.reply = reply
    await assert_lost(posting, "127.0.0.1: HTTP status 302", caplog)


async def test_a_broken_connection(
    posting: Bench, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that hangs up has not answered."""

    async def reply(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server.reply = reply
    await assert_lost(posting, "127.0.0.1: the connection broke", caplog)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        # The discard port, which nothing listens on.
        (f"http://user:{TOKEN}@127.0.0.1:9/{TOKEN}", "127.0.0.1: no connection"),
        (f"ftp://127.0.0.1/{TOKEN}", "127.0.0.1: not an HTTP address"),
        (f"http://[{TOKEN}", "(no host): not an HTTP address"),
        (f"http:///{TOKEN}", "(no host): not an HTTP address"),
        (TOKEN, "(no host): not an HTTP address"),
        ("", "(no host): not an HTTP address"),
    ],
)
async def test_an_address_that_cannot_be_reached(
    posting: Bench, caplog: pytest.LogCaptureFixture, address: str, reason: str
) -> None:
    """Whatever the camera is told to post to, it lives on and keeps the secret."""
    posting.camera.config.upload_addr = address
    await assert_lost(posting, reason, caplog)


async def test_a_camera_without_a_network_reaches_nobody(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """A camera to which no network was given posts nothing."""
    bench.camera.config.upload_type = 0
    await assert_lost(bench, "192.0.2.1: no network", caplog)
    assert bench.published == []


async def test_a_post_does_not_wait_for_ever(server: Server) -> None:
    """A server that keeps the camera waiting has not answered."""

    async def reply(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    server.reply = reply
    with pytest.raises(PostError, match=r"^no reply within 0\.05 s$"):
        await post(server.address, b"", content_type="image/jpeg", timeout=0.05)


async def test_a_running_camera_can_post(bench: Bench, server: Server) -> None:
    """The network comes with the connection to a broker, even to one that is away."""
    running = asyncio.create_task(run_camera(bench.camera, Broker(port=9)))
    await asyncio.sleep(0)
    bench.camera.config.upload_type = 0
    bench.camera.config.upload_addr = server.address
    server.answers = [uploaded("000001")]
    await bench.camera.send_snapshot()
    running.cancel()
    await asyncio.wait([running])
    assert bench.camera.answers == [uploaded("000001")]


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


def test_faults_are_read_from_text() -> None:
    """Every kind of value can be written on a command line."""
    settings = [
        "clock_offset=-600.5",
        "duplicate",
        "silent=false",
        "picture=truncated",
        "encoding=url_safe",
        "http_body=multipart",
        "ret=3",
        "msg=a = b",
        "flapping=20,10",
    ]
    assert Faults.parse(settings) == Faults(
        clock_offset=-600.5,
        duplicate=True,
        picture=PictureFault.TRUNCATED,
        encoding=Encoding.URL_SAFE,
        http_body=HttpBody.MULTIPART,
        ret=3,
        msg="a = b",
        flapping=(20, 10),
    )


@pytest.mark.parametrize(
    ("setting", "help_text"),
    [
        ("dance", "Choose from: clock_offset, duplicate"),
        ("duplicate=often", "Write it as: duplicate"),
        ("clock_offset", "Write it as: clock_offset=NUMBER"),
        ("picture=upside_down", "picture=truncated|not_an_image|empty"),
        ("http_body", "http_body=json|multipart|raw"),
        ("flapping=5", "flapping=SECONDS,SECONDS"),
        ("foreign_sn=", "foreign_sn=TEXT"),
    ],
)
def test_a_fault_that_cannot_be_read_says_how_to_write_it(
    setting: str, help_text: str
) -> None:
    """A typing error on the command line gets help, not a traceback."""
    with pytest.raises(ValueError) as error:
        Faults.parse([setting])
    assert help_text in str(error.value)


def test_cameras_are_counted_up() -> None:
    """The SNs keep their length and what stands before their digits."""
    assert number_cameras(["gate-098"], 3) == ["gate-098", "gate-099", "gate-100"]
    assert number_cameras(["a", "b"], None) == ["a", "b"]


@pytest.mark.parametrize(
    ("sns", "count"), [(["1", "1"], None), (["1", "2"], 5), (["gate"], 2)]
)
def test_cameras_that_cannot_be_counted(sns: list[str], count: int | None) -> None:
    """Two cameras never share an SN."""
    with pytest.raises(ValueError):
        number_cameras(sns, count)


def drawn(**changes: Any) -> bytes:
    """Return a picture of the gate at noon, but for the changes."""
    arguments: dict[str, Any] = {
        "sn": SN,
        "taken_at": datetime(2026, 6, 1, 12, 0, 0),  # noqa: DTZ001 - it shows local time
        "io0": 0,
        "io1": 0,
        "size": (320, 180),
        "counter": 1,
    }
    return draw_picture(**arguments | changes)


@pytest.mark.parametrize("size", [(320, 180), (640, 480), (1920, 1080), (10, 10)])
def test_a_picture_has_the_size_asked_for(size: tuple[int, int]) -> None:
    """Any size gives a whole JPEG."""
    assert decodes(drawn(size=size)) == size


@pytest.mark.parametrize("hour", range(24))
def test_a_picture_can_be_taken_at_any_hour(hour: int) -> None:
    """The sky of every hour can be drawn."""
    taken_at = datetime(2026, 6, 1, hour, 59, 59)  # noqa: DTZ001
    assert decodes(drawn(taken_at=taken_at)) == (320, 180)


def test_a_picture_is_made_of_its_arguments() -> None:
    """The same arguments give the same bytes, others give others."""
    assert drawn() == drawn()
    changed = [drawn(io0=1), drawn(io1=1), drawn(counter=2), drawn(sn="200000000002")]
    assert len({drawn(), *changed}) == 5


@pytest.mark.parametrize("more", [0, 4, 5, 65537, 65538, 65540, 65541, 2_000_000])
def test_a_padded_picture_is_a_jpeg_of_the_exact_size(more: int) -> None:
    """Padding lets load tests choose the size of a message to the byte."""
    picture = drawn()
    padded = pad_picture(picture, len(picture) + more)
    assert len(padded) == len(picture) + more
    assert decodes(padded) == (320, 180)
    assert padded.endswith(b"\xff\xd9")


@pytest.mark.parametrize("more", [-1, 1, 3])
def test_a_picture_cannot_be_padded_to_every_size(more: int) -> None:
    """A picture does not shrink, and a comment needs four bytes."""
    picture = drawn()
    with pytest.raises(ValueError):
        pad_picture(picture, len(picture) + more)
