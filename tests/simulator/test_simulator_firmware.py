"""The simulated camera upgrades its firmware, and fails to in every way there is.

The download is a real one, from a server of this machine, where it is what is
tested; everywhere else the camera is handed its packages.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
import logging

from aiohttp import web
import pytest
from pytest_aiohttp import AiohttpServer

from tests.simulator import Body, DownloadError, Faults, Firmware, UpgradeFault
from tests.simulator.__main__ import make_camera, parse_arguments
from tests.simulator.faults import describe_faults
from tests.simulator.http import download
from tests.simulator.mqtt import Broker, run_camera
from tests.simulator.workbench import SN, TOKEN, Bench, Message, ok

PACKAGE = bytes(range(256)) * 1024
FIRMWARE = Firmware(size=len(PACKAGE), sha256=sha256(PACKAGE).hexdigest())
ADDRESS = f"http://user:{TOKEN}@192.0.2.1/{TOKEN}/app.bin?key={TOKEN}"

type Range = tuple[int, int | None]

WHOLE: Range = (0, None)


@dataclass
class Shelf:
    """A package that a camera is handed in chunks, and the ranges it asked for."""

    package: bytes = PACKAGE
    announced: int = len(PACKAGE)
    ranges: list[Range] = field(default_factory=list)
    handed_out: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Open the shelf."""
        self.is_open.set()

    @asynccontextmanager
    async def download(
        self, _address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AsyncGenerator[Body]:
        """Hand out the package, or a range of it."""
        self.ranges.append((start, stop))
        yield Body(total=self.announced, chunks=self.chunks(self.package[start:stop]))

    async def chunks(self, content: bytes) -> AsyncIterator[bytes]:
        """Hand out 1024 bytes at a time."""
        await self.is_open.wait()
        for first in range(0, len(content), 1024):
            chunk = content[first : first + 1024]
            self.handed_out += len(chunk)
            yield chunk


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
def bench() -> Bench:
    """Return a bench with a camera on it, which tells its version."""
    bench = Bench()
    bench.camera.version = "1.0"
    bench.camera.next_version = "2.0"
    return bench


@pytest.fixture
def shelf(bench: Bench) -> Shelf:
    """Return the shelf from which the camera is handed its packages."""
    shelf = Shelf()
    bench.camera.download = shelf.download
    return shelf


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


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what the camera tells people."""
    caplog.set_level(logging.INFO, logger="tests.simulator")
    return caplog


async def upgrade(bench: Bench, address: str = ADDRESS) -> Message:
    """Run the camera for a while, switch its lines on and tell it to upgrade."""
    await bench.command(type="io_control", io0=1, io1=1)
    bench.time += 500
    return await bench.ask("upgrade_dev", package_url=address)


async def assert_not_upgraded(bench: Bench) -> None:
    """See the camera go on as before, and ready for another upgrade."""
    assert (bench.camera.io0, bench.camera.io1) == (1, 1)
    config = await bench.ask("get_dev_config")
    assert (config["run_time"], config["version"]) == (500, "1.0")
    assert bench.camera.under_way == []


async def assert_upgraded(bench: Bench) -> None:
    """See the camera restarted with the new firmware."""
    assert (bench.camera.io0, bench.camera.io1) == (0, 0)
    config = await bench.ask("get_dev_config")
    assert (config["run_time"], config["version"]) == (0, "2.0")
    assert bench.camera.firmware == FIRMWARE


async def assert_lost(
    bench: Bench, address: str, reason: str, log: pytest.LogCaptureFixture
) -> None:
    """See an upgrade fail for a reason, which keeps the secret."""
    assert await upgrade(bench, address) == ok("upgrade_dev_rsp")
    assert f"{SN}  firmware not installed from {reason}" in log.messages
    assert TOKEN not in log.text
    assert bench.camera.firmware is None
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_upgrade_dev_answers_downloads_and_restarts(
    bench: Bench, shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    """A restart begins the run time anew, drops the relays and tells a new version."""
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert shelf.ranges == [WHOLE]
    await assert_upgraded(bench)
    assert log.messages[-5:-1] == [
        f"{SN}  upgrade_dev: answered ret 0",
        f"{SN}  downloading firmware from 192.0.2.1",
        f"{SN}  firmware downloaded: 262144 bytes, SHA-256 {FIRMWARE.sha256}",
        f"{SN}  rebooting",
    ]
    assert TOKEN not in log.text


async def test_the_answer_is_there_before_the_download(
    bench: Bench, shelf: Shelf
) -> None:
    """A server learns at once that the camera agrees, however long the rest takes."""
    shelf.is_open.clear()
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(2)
    assert bench.messages[1] == ok("upgrade_dev_rsp")
    assert bench.camera.firmware is None
    assert not bench.camera.upgrade_over.is_set()
    shelf.is_open.set()
    await upgrading
    assert bench.camera.upgrade_over.is_set()


async def test_a_camera_without_versions_tells_none_after_an_upgrade(
    bench: Bench, shelf: Shelf
) -> None:
    """The page knows no version, so that a camera has one only when it is given one."""
    bench.camera.version = bench.camera.next_version = None
    await upgrade(bench)
    assert "version" not in await bench.ask("get_dev_config")
    bench.camera.version = "1.0"
    await upgrade(bench)
    assert (await bench.ask("get_dev_config"))["version"] == "1.0"


async def test_a_restart_takes_its_time(bench: Bench, shelf: Shelf) -> None:
    """The camera is deaf while it restarts, and sends a heartbeat when it is back."""
    bench.camera.upgrade_downtime = 0.05
    running = asyncio.create_task(bench.camera.run())
    await bench.wait_for_messages(1)
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(3)
    with pytest.raises(IndexError):
        await bench.ask("get_dev_config")
    await upgrading
    await bench.wait_for_messages(4)
    assert bench.messages[3]["operate"] == "heartbeat"
    running.cancel()
    await asyncio.wait([running])


async def test_one_upgrade_at_a_time(bench: Bench, shelf: Shelf) -> None:
    """A second one is refused from the moment the first is agreed to, others obeyed."""
    shelf.is_open.clear()
    bench.camera.faults.answer_delay = 0.01
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(1)
    await asyncio.sleep(0)
    second = await bench.ask("upgrade_dev", package_url=ADDRESS)
    assert bench.camera.under_way == ["upgrade_dev"]
    refused = ok("upgrade_dev_rsp") | {"ret": 3, "msg": "busy"}
    assert bench.messages[1:] == [ok("upgrade_dev_rsp"), refused]
    assert second == ok("upgrade_dev_rsp")
    assert (await bench.ask("get_dev_config"))["ret"] == 0
    shelf.is_open.set()
    await upgrading
    assert shelf.ranges == [WHOLE]
    await assert_upgraded(bench)
    assert await upgrade(bench) == ok("upgrade_dev_rsp")


async def test_an_upgrade_that_is_cut_off_leaves_the_camera_ready(
    bench: Bench, shelf: Shelf
) -> None:
    """A camera that loses its connection meanwhile is not busy for ever."""
    shelf.is_open.clear()
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(2)
    upgrading.cancel()
    await asyncio.wait([upgrading])
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


@pytest.mark.parametrize(
    ("package", "announced", "reason"),
    [
        (PACKAGE[:-1], len(PACKAGE), "262143 bytes came, 262144 were announced"),
        (PACKAGE + b"x", len(PACKAGE), "262145 bytes came, 262144 were announced"),
        (b"", 0, "0 bytes came, 0 were announced"),
    ],
)
@pytest.mark.parametrize("fault", [None, UpgradeFault.RANGED])
async def test_a_package_of_another_length_is_not_installed(
    bench: Bench,
    shelf: Shelf,
    log: pytest.LogCaptureFixture,
    package: bytes,
    announced: int,
    reason: str,
    fault: UpgradeFault | None,
) -> None:
    """A package that is cut off, too long or empty would kill a camera."""
    shelf.package, shelf.announced = package, announced
    bench.camera.faults.upgrade = fault
    await assert_lost(bench, ADDRESS, f"192.0.2.1: {reason}", log)


async def test_a_camera_without_a_network_downloads_nothing(
    bench: Bench, log: pytest.LogCaptureFixture
) -> None:
    """A camera to which no network was given answers, and goes on."""
    await assert_lost(bench, ADDRESS, "192.0.2.1: no network", log)


async def test_fault_upgrade_refuse(bench: Bench, shelf: Shelf) -> None:
    """Only upgrades are refused, with the msg of refusals."""
    bench.camera.faults = Faults(upgrade=UpgradeFault.REFUSE, msg="not now")
    refused = ok("upgrade_dev_rsp") | {"ret": 4, "msg": "not now"}
    assert await upgrade(bench) == refused
    assert shelf.ranges == []
    assert not bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_ignore(bench: Bench, shelf: Shelf) -> None:
    """The camera agrees, and that is all."""
    bench.camera.faults.upgrade = UpgradeFault.IGNORE
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert shelf.ranges == []
    assert not bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_drop(
    bench: Bench, shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    """The camera leaves at half the length, and says so."""
    bench.camera.faults.upgrade = UpgradeFault.DROP
    reason = "192.0.2.1: dropped, as the fault upgrade wants it"
    await assert_lost(bench, ADDRESS, reason, log)
    assert shelf.handed_out == len(PACKAGE) / 2


async def test_fault_upgrade_no_restart(bench: Bench, shelf: Shelf) -> None:
    """The package is there, and the old firmware goes on."""
    bench.camera.faults.upgrade = UpgradeFault.NO_RESTART
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert bench.camera.firmware == FIRMWARE
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_vanish(bench: Bench, shelf: Shelf) -> None:
    """The camera is off until somebody switches it on, then it runs the new firmware."""
    bench.camera.faults.upgrade = UpgradeFault.VANISH
    running = asyncio.create_task(bench.camera.run())
    await bench.wait_for_messages(1)
    await upgrade(bench)
    assert bench.camera.upgrade_over.is_set()
    with pytest.raises(IndexError):
        await bench.ask("get_dev_config")
    assert len(bench.published) == 3
    bench.camera.power_on()
    await bench.wait_for_messages(4)
    assert bench.messages[3]["operate"] == "heartbeat"
    await assert_upgraded(bench)
    running.cancel()
    await asyncio.wait([running])


async def test_fault_upgrade_ranged(bench: Bench, shelf: Shelf) -> None:
    """The camera gets the first bytes, then the rest, and makes one package of them."""
    bench.camera.faults.upgrade = UpgradeFault.RANGED
    await upgrade(bench)
    assert shelf.ranges == [(0, 4), (4, None)]
    await assert_upgraded(bench)


async def test_a_package_within_the_first_range(bench: Bench, shelf: Shelf) -> None:
    """What is complete is not asked for again: a server would refuse that range."""
    bench.camera.faults.upgrade = UpgradeFault.RANGED
    shelf.package, shelf.announced = b"tiny", 4
    await upgrade(bench)
    assert shelf.ranges == [(0, 4)]
    assert bench.camera.firmware == Firmware(size=4, sha256=sha256(b"tiny").hexdigest())


@pytest.mark.parametrize("fault", UpgradeFault)
def test_faults_of_upgrades_are_read_from_text(fault: UpgradeFault) -> None:
    """Every one can be written on a command line, whose help names it."""
    assert Faults.parse([f"upgrade={fault}"]) == Faults(upgrade=fault)
    assert fault.value in describe_faults()


def test_versions_are_read_from_the_command_line() -> None:
    """People see the new version of a simulated camera after its upgrade."""
    words = ["--firmware-version", "1.0", "--next-version", "2.0"]
    camera = make_camera(SN, parse_arguments(words))
    assert (camera.version, camera.next_version) == ("1.0", "2.0")


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
