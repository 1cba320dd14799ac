"""Snapshots of simulated cameras posted to a real server."""

import aiohttp

from .links import PostError

POST_TIMEOUT = 10.0
OK = 200


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
