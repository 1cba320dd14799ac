"""Snapshots of simulated cameras posted to a real server, and packages got from one."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
import re

import aiohttp

from .links import Body, DownloadError, PostError

POST_TIMEOUT = 10.0
DOWNLOAD_TIMEOUT = 10.0
CHUNK_SIZE = 64 * 1024
OK = 200
PARTIAL_CONTENT = 206


async def post(
    address: str, body: bytes, /, *, content_type: str, timeout: float = POST_TIMEOUT
) -> bytes:
    """Post a body on a connection of its own, and return the body of the reply.

    Raises:
        PostError: No whole reply came in time, or one with another status than 200.
    """
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=timeout)
            ) as session,
            session.post(
                address,
                data=body,
                headers={"Content-Type": content_type},
                allow_redirects=False,
            ) as response,
        ):
            status, reply = response.status, await response.read()
    except (TimeoutError, aiohttp.ClientError) as err:
        # Without its cause, whose text may hold the address.
        raise PostError(_reason(err, timeout)) from None
    if status != OK:
        raise PostError(f"HTTP status {status}")
    return reply


@asynccontextmanager
async def download(
    address: str,
    /,
    *,
    start: int = 0,
    stop: int | None = None,
    timeout: float = DOWNLOAD_TIMEOUT,
) -> AsyncGenerator[Body]:
    """Get a package or a range of it, however long, on a connection of its own.

    Raises:
        DownloadError: As `receive` does, or nothing came for so many seconds.
    """
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(sock_connect=timeout, sock_read=timeout),
        auto_decompress=False,
    ) as session:
        reply = session.get(
            address, headers=package_headers(start, stop), allow_redirects=False
        )
        async with receive(reply, start=start, stop=stop, timeout=timeout) as body:
            yield body


def package_headers(start: int = 0, stop: int | None = None) -> dict[str, str]:
    """Return the headers that ask for a package or a range of it, as it is stored."""
    headers = {"Accept-Encoding": "identity"}
    if start or stop is not None:
        headers["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
    return headers


@asynccontextmanager
async def receive(
    reply: AbstractAsyncContextManager[aiohttp.ClientResponse],
    *,
    start: int = 0,
    stop: int | None = None,
    timeout: float = DOWNLOAD_TIMEOUT,
) -> AsyncGenerator[Body]:
    """Read the reply to a request for a package, which any client may have sent.

    Raises:
        DownloadError: No whole reply came, or one that is not what was asked for.
    """
    try:
        async with reply as response:
            yield Body(
                total=_total(response, start, stop),
                chunks=response.content.iter_chunked(CHUNK_SIZE),
            )
    except (TimeoutError, aiohttp.ClientError) as err:
        # Without its cause, whose text may hold the address.
        raise DownloadError(_reason(err, timeout)) from None


def _total(response: aiohttp.ClientResponse, start: int, stop: int | None) -> int:
    """Return the length of the whole package from what a server says of the reply."""
    is_range = "Range" in package_headers(start, stop)
    if response.status != (PARTIAL_CONTENT if is_range else OK):
        raise DownloadError(f"HTTP status {response.status}")
    if not is_range:
        if response.content_length is None:
            raise DownloadError("no Content-Length")
        return response.content_length
    told = response.headers.get("Content-Range", "")
    match = re.fullmatch(rf"bytes {start}-\d+/(\d+)", told)
    if match is None:
        raise DownloadError("not the range asked for")
    return int(match[1])


def _reason(err: Exception, timeout: float) -> str:
    """Return what went wrong, without the address."""
    match err:
        case TimeoutError():
            return f"no reply within {timeout:g} s"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return "not an HTTP address"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case _:
            return "the connection broke"
