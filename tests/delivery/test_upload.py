"""The address that a camera posts to."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
import json
import logging
from pathlib import Path
from typing import Any

from aiohttp import ClientTimeout, FormData
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.snapcam.diagnostics import async_get_config_entry_diagnostics

from ..common import JPEG, state, upload
from ..const import CAMERA, SN
from .posts import MIB, answer, pieces, stored


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000, "%00", "..%2f"])
async def test_wrong_token(
    http: TestClient, address: str, media: Path, token: str, method: str
) -> None:
    """An address that is nobody's is not found; it is no failed log-in."""
    response = await http.request(method, f"/api/snapcam/upload/{token}", json=upload())
    assert response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)
    assert stored(media) == []


async def test_unloaded_camera(
    hass: HomeAssistant, http: TestClient, address: str, entry: MockConfigEntry
) -> None:
    """The address of a camera that is not set up at the moment is nobody's."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    response = await http.post(address, json=upload())

    assert response.status == HTTPStatus.NOT_FOUND
    assert json.loads(await response.read())["ret"] == 3


@pytest.mark.parametrize("remote", ["203.0.113.5", "2001:4860::1", "not an address"])
async def test_from_elsewhere(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    http: TestClient,
    address: str,
    media: Path,
    remote: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From outside the local network there is no such address.

    It had the secret, so the log says it once an hour, and the diagnostics count it.
    """
    # Home Assistant reloads an entry half a minute after one of its entities is enabled.
    freezer.tick(60)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    monkeypatch.setattr("aiohttp.web_request.BaseRequest.remote", remote)
    for minutes in (0, 1, 61):
        freezer.tick(60 * minutes)
        response = await http.post(address, json=upload())
        assert response.status == HTTPStatus.NOT_FOUND

    assert stored(media) == []
    told = [text for text in caplog.messages if "the local network" in text]
    assert len(told) == 2
    assert remote in told[0]
    assert address.rpartition("/")[2] not in "".join(told)
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["posts_refused_from_outside"] == 3


async def test_broken_compression(http: TestClient, address: str) -> None:
    """A body that is not compressed as it says is a broken one."""
    response = await http.post(
        address, data=b"\x1f\x8bno", headers={"Content-Encoding": "gzip"}
    )
    assert response.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "body",
    [
        lambda: bytes(16 * MIB + 1),
        lambda: pieces(bytes(17 * MIB), MIB),
        lambda: FormData({"a": "a" * 17 * MIB}),
    ],
    ids=["says so", "does not say so", "form"],
)
async def test_too_large(
    http: TestClient, address: str, media: Path, body: Callable[[], Any]
) -> None:
    """More than a message can be long is not read to its end."""
    response = await http.post(address, data=body())

    assert response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (await response.json())["sn"] == SN
    assert json.loads(await response.read())["ret"] == 5


async def test_slow_sender(
    freezer: FrozenDateTimeFactory, hass: HomeAssistant, http: TestClient, address: str
) -> None:
    """A body that does not come is waited for half a minute, not for ever."""
    started = asyncio.Event()

    async def body() -> AsyncGenerator[bytes]:
        yield JPEG[:5]
        started.set()
        await asyncio.Event().wait()

    posting = asyncio.create_task(
        http.post(address, data=body(), timeout=ClientTimeout())
    )
    await started.wait()
    while not posting.done():
        freezer.tick(1)
        await asyncio.sleep(0)

    response = await posting
    assert response.status == HTTPStatus.REQUEST_TIMEOUT
    assert (await response.json())["sn"] == SN


async def test_many_at_once(http: TestClient, address: str, media: Path) -> None:
    """A camera sends one after the other; who opens many at once fills no memory."""
    started = [asyncio.Event() for _ in range(4)]
    end = asyncio.Event()

    async def body(begun: asyncio.Event) -> AsyncGenerator[bytes]:
        yield JPEG[:5]
        begun.set()
        await end.wait()
        yield JPEG[5:]

    posts = [asyncio.create_task(http.post(address, data=body(x))) for x in started]
    await asyncio.gather(*(begun.wait() for begun in started))
    refused = await http.post(address, json=upload())
    assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
    assert (await refused.json())["sn"] == SN
    assert json.loads(await refused.read())["ret"] == 6

    end.set()
    assert [(await answer(await post))["ret"] for post in posts] == [0] * 4
    assert (await answer(await http.post(address, json=upload())))["ret"] == 0


async def raw(http: TestClient, request: bytes, body: bytes) -> bytes:
    """Send a request as it is, and return all that comes back."""
    reader, writer = await asyncio.open_connection(http.host, http.port)
    writer.write(request.replace(b"\n", b"\r\n") + body)
    content = await reader.read()
    writer.close()
    return content


async def test_http_1_0(http: TestClient, address: str, media: Path) -> None:
    """Old firmware speaks HTTP/1.0."""
    head = f"POST {address} HTTP/1.0\nContent-Length: {len(JPEG)}\n\n"
    content = await raw(http, head.encode(), JPEG)

    assert content.startswith(b"HTTP/1.0 200")
    assert b'"ret":0' in content
    assert stored(media) == [JPEG]


async def test_without_a_length(http: TestClient, address: str, media: Path) -> None:
    """What neither has a length nor comes in chunks is no request by HTTP's rules."""
    content = await raw(http, f"POST {address} HTTP/1.0\n\n".encode(), JPEG)

    assert content.startswith(b"HTTP/1.0 400")
    assert stored(media) == []


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("POST {} HTTP/1.1 \n\n", "Error handling request from 127.0.0.1: Bad"),
        ("POST {} HTTP/9.9\n\n", "Error handling request from 127.0.0.1: Bad"),
        ("POST {} a HTTP/1.1\n\n", "Error handling request from 127.0.0.1: Bad"),
        ("POST http://[{} HTTP/1.1\n\n", "Error handling request from 127.0.0.1: "),
        ("P\x01T {} HTTP/1.1\n\n", "Error handling request from 127.0.0.1: BadHttpM"),
        (
            "POST {}?a=../ HTTP/1.1\nHost: h\nConnection: close\n\n",
            "/api/snapcam/upload/…?a=../",
        ),
        (
            "POST {}/../a HTTP/1.1\nHost: h\nConnection: close\n\n",
            "/api/snapcam/upload/…/../a",
        ),
    ],
)
async def test_malformed_requests_do_not_give_the_secret_away(
    caplog: pytest.LogCaptureFixture,
    http: TestClient,
    address: str,
    head: str,
    told: str,
) -> None:
    """The web server says in the log that there was one, but not what it asks for."""
    caplog.set_level(logging.WARNING, "aiohttp.access")
    caplog.set_level(logging.DEBUG, "aiohttp.server")
    content = await raw(http, head.format(address).encode(), b"")

    assert b" 400 " in content.partition(b"\r\n")[0]
    assert told in caplog.text
    assert address.rpartition("/")[2] not in caplog.text


async def test_what_else_goes_wrong_is_logged_in_full(
    caplog: pytest.LogCaptureFixture, http: TestClient, address: str
) -> None:
    """A request to anybody else is logged as ever."""
    await raw(http, b"GET /api/other/secret HTTP/1.1 \n\n", b"")
    assert "GET /api/other/secret" in caplog.text


async def test_hangs_up(
    hass: HomeAssistant, http: TestClient, address: str, media: Path
) -> None:
    """A sender that is gone before the end leaves nothing behind, nor an error."""
    _, writer = await asyncio.open_connection(http.host, http.port)
    head = f"POST {address} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n"
    writer.write(head.encode() + JPEG)
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    assert stored(media) == []
    assert (await answer(await http.post(address, data=JPEG)))["ret"] == 0


async def test_new_address(
    hass: HomeAssistant, http: TestClient, address: str, entry: MockConfigEntry
) -> None:
    """Who asks for a new address gets one, and the old one is nobody's any more."""
    flow = await entry.start_reconfigure_flow(hass)
    for user_input in ({"next_step_id": "address"}, {"sn": SN, "new_token": True}):
        await hass.config_entries.flow.async_configure(flow["flow_id"], user_input)
    await hass.async_block_till_done()

    assert (await http.post(address, json=upload())).status == HTTPStatus.NOT_FOUND
    new = f"/api/snapcam/upload/{entry.data['token']}"
    assert (await answer(await http.post(new, json=upload())))["ret"] == 0
    assert state(hass, CAMERA) == "idle"
