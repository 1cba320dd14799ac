"""A camera on a bench, and a server that it can post to."""

import asyncio
from collections.abc import AsyncGenerator

from aiohttp import web
import pytest
from pytest_aiohttp import AiohttpServer

from tests.simulator.http import post
from tests.simulator.server import Server
from tests.simulator.workbench import TOKEN, Bench


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
