"""The download of a package, from a server of this machine."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
import pytest
from pytest_aiohttp import AiohttpServer

from tests.simulator import DownloadError, UpgradeFault
from tests.simulator.firmware.common import (
    FIRMWARE,
    PACKAGE,
    assert_lost,
    assert_not_upgraded,
    assert_upgraded,
    upgrade,
)
from tests.simulator.http import download
from tests.simulator.mqtt import Broker, run_camera
from tests.simulator.workbench import TOKEN, Bench


@dataclass
class Server:
    """A server for packages: how it replies, and the headers it got."""

    reply: web.StreamResponse | None = None
    address: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve the package, and ranges of it, or the reply that was set."""
        self.headers.append(dict(request.headers))
        content = PACKAGE[request.http_range]
        start = request.http_range.start or 0
        told = f"bytes {start}-{start + len(content) - 1}/{len(PACKAGE)}"
        replies: dict[bool, web.StreamResponse] = {
            False: web.Response(body=PACKAGE),
            True: web.Response(
                status=206, body=content, headers={"Content-Range": told}
            ),
        }
        return self.reply or replies["Range" in request.headers]

    async def hang_up(self, request: web.Request) -> web.StreamResponse:
        """Announce the package, and close the connection in the middle of it."""
        response = web.StreamResponse(headers={"Content-Length": str(len(PACKAGE))})
        await response.prepare(request)
        await response.write(PACKAGE[:1000])
        assert request.transport is not None
        request.transport.close()
        return response

    async def stall(self, request: web.Request) -> web.StreamResponse:
        """Announce the package, and send nothing of it."""
        response = web.StreamResponse(headers={"Content-Length": str(len(PACKAGE))})
        await response.prepare(request)
        await asyncio.Event().wait()
        return response


@pytest.fixture
async def server(socket_enabled: None, aiohttp_server: AiohttpServer) -> Server:
    """Return a server of this machine, at an address that nobody may learn."""
    server = Server()
    app = web.Application()
    app.router.add_get(f"/{TOKEN}", server.serve)
    app.router.add_get(f"/{TOKEN}/hang_up", server.hang_up)
    app.router.add_get(f"/{TOKEN}/stall", server.stall)
    # Its own log would tell the address.
    running = await aiohttp_server(app, access_log=None)
    server.address = str(running.make_url(f"/{TOKEN}"))
    return server


@pytest.fixture
def downloading(bench: Bench, server: Server) -> Bench:
    """Return a bench with a camera that can download from the server."""
    bench.camera.download = download
    return bench


@pytest.mark.parametrize(
    ("fault", "ranges"),
    [(None, [None]), (UpgradeFault.RANGED, ["bytes=0-3", "bytes=4-"])],
)
async def test_a_package_is_downloaded_by_http(
    downloading: Bench,
    server: Server,
    log: pytest.LogCaptureFixture,
    fault: UpgradeFault | None,
    ranges: list[str | None],
) -> None:
    """The package arrives as it is stored, whole or in two ranges."""
    downloading.camera.faults.upgrade = fault
    await upgrade(downloading, server.address)
    await assert_upgraded(downloading)
    assert [headers.get("Range") for headers in server.headers] == ranges
    assert {headers["Accept-Encoding"] for headers in server.headers} == {"identity"}
    assert TOKEN not in log.text


def chunked() -> web.Response:
    """Return a reply that does not tell its length."""
    response = web.Response(body=PACKAGE)
    response.enable_chunked_encoding()
    return response


def ranged(told: str) -> web.Response:
    """Return a reply that tells a range."""
    return web.Response(status=206, body=b"pack", headers={"Content-Range": told})


@pytest.mark.parametrize(
    ("fault", "reply", "reason"),
    [
        (None, web.Response(status=404, body=PACKAGE), "HTTP status 404"),
        (None, web.Response(status=206, body=PACKAGE), "HTTP status 206"),
        (
            None,
            web.Response(status=302, headers={"Location": f"/{TOKEN}"}),
            "HTTP status 302",
        ),
        (None, web.Response(), "0 bytes came, 0 were announced"),
        (None, chunked(), "no Content-Length"),
        (UpgradeFault.RANGED, web.Response(body=PACKAGE), "HTTP status 200"),
        (UpgradeFault.RANGED, web.Response(status=206), "not the range asked for"),
        (UpgradeFault.RANGED, ranged("bytes 1-4/9"), "not the range asked for"),
        (UpgradeFault.RANGED, ranged("bytes 0-3/*"), "not the range asked for"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_reply_that_is_no_package(
    downloading: Bench,
    server: Server,
    log: pytest.LogCaptureFixture,
    fault: UpgradeFault | None,
    reply: web.Response,
    reason: str,
) -> None:
    """Nothing but the very package is installed, and nothing is asked for twice."""
    downloading.camera.faults.upgrade = fault
    server.reply = reply
    await assert_lost(downloading, server.address, f"127.0.0.1: {reason}", log)
    assert len(server.headers) == 1


async def test_a_connection_that_breaks(
    downloading: Bench, server: Server, log: pytest.LogCaptureFixture
) -> None:
    """Half a package is none."""
    address = f"{server.address}/hang_up"
    await assert_lost(downloading, address, "127.0.0.1: the connection broke", log)


async def test_a_download_does_not_wait_for_ever(server: Server) -> None:
    """A server that sends nothing more is given up, however large the package."""
    with pytest.raises(DownloadError, match=r"^no reply within 0\.05 s$"):
        async with download(f"{server.address}/stall", timeout=0.05) as body:
            await anext(body.chunks)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        # The discard port, which nothing listens on.
        (f"http://user:{TOKEN}@127.0.0.1:9/{TOKEN}", "127.0.0.1: no connection"),
        (f"ftp://127.0.0.1/{TOKEN}", "127.0.0.1: not an HTTP address"),
        (f"http://[{TOKEN}", "(no host): not an HTTP address"),
        (TOKEN, "(no host): not an HTTP address"),
        ("", "(no host): not an HTTP address"),
    ],
)
async def test_an_address_that_cannot_be_reached(
    downloading: Bench, log: pytest.LogCaptureFixture, address: str, reason: str
) -> None:
    """Whatever the camera is told to download, it lives on and keeps the secret."""
    await assert_lost(downloading, address, reason, log)


async def test_fault_upgrade_drop_is_seen_by_the_server(
    downloading: Bench, socket_enabled: None, aiohttp_server: AiohttpServer
) -> None:
    """The connection is closed, not read to its end."""
    written: list[int] = []
    left = asyncio.Event()

    async def send(request: web.Request) -> web.StreamResponse:
        # Far more than the buffers of a connection hold.
        response = web.StreamResponse(headers={"Content-Length": str(2**26)})
        await response.prepare(request)
        try:
            for _ in range(2**10):
                await response.write(bytes(2**16))
                written.append(2**16)
        finally:
            left.set()
        return response

    app = web.Application()
    app.router.add_get("/", send)
    running = await aiohttp_server(app, access_log=None)
    downloading.camera.faults.upgrade = UpgradeFault.DROP
    await upgrade(downloading, str(running.make_url("/")))
    async with asyncio.timeout(5):
        await left.wait()
    assert 2**25 <= sum(written) < 2**26
    await assert_not_upgraded(downloading)


async def test_a_running_camera_can_download(bench: Bench, server: Server) -> None:
    """The network comes with the connection to a broker, even to one that is away."""
    running = asyncio.create_task(run_camera(bench.camera, Broker(port=9)))
    await asyncio.sleep(0)
    bench.camera.publish = bench.publish
    await upgrade(bench, server.address)
    running.cancel()
    await asyncio.wait([running])
    assert bench.camera.firmware == FIRMWARE
