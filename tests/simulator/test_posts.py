"""Snapshots that the simulated camera posts, to a server of this machine."""

import asyncio
import json
import logging

from aiohttp import web
import pytest

from tests.simulator import PostError
from tests.simulator.http import post
from tests.simulator.mqtt import Broker, run_camera
from tests.simulator.server import Server, uploaded
from tests.simulator.workbench import NOW, SN, TOKEN, Bench, Message, ok


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
