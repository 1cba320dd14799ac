"""A body as it is posted: read in any pieces, understood, answered."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from unittest.mock import Mock

from aiohttp import StreamReader, hdrs, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpVersion11, RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from custom_components.snapcam.delivery.bodies import (
    Post,
    TooLargeError,
    async_read_post,
)
from custom_components.snapcam.delivery.posts import async_take_post
from custom_components.snapcam.link.journal import Journal
from custom_components.snapcam.protocol import (
    Operate,
    Request,
    Response,
    Ret,
    SnapcamMessageError,
    SnapcamPictureError,
    check_picture,
    decode_picture,
)
from tests.const import SN

from .checks import check_answer

NOW = 1_800_000_000
PIECE = 7
HIGH_WATER = 2**16

HEADER = bytes(range(32)) + b"\x7f"
"""What a web server lets nobody write in a header."""

_SERVER = Mock(max_field_size=8190, max_line_length=8190, max_headers=128)


@dataclass
class Keeper:
    """A camera whose pictures are looked at, and that remembers what it was asked."""

    sn: str = SN
    name: str = "Gate"
    journal: Journal = field(default_factory=lambda: Journal(SN))
    posts_from_outside: int = 0
    request: Request | None = None

    async def async_handle_post(self, request: Request) -> Ret:
        """Look at the picture."""
        self.request = request
        data = request.fields.get("data")
        try:
            if isinstance(data, bytes):
                check_picture(data)
            elif isinstance(data, str):
                decode_picture(data)
        except SnapcamPictureError:
            return Ret.NOT_A_PICTURE
        return Ret.OK


async def async_check_post(content: bytes) -> None:
    """Check that a body is answered, in whichever pieces it comes.

    The first line is the type of the content that the sender claims. How a broken form
    is read depends on the pieces.
    """
    line, _, body = content.partition(b"\n")
    claim = line.translate(None, HEADER).decode(errors="surrogateescape")
    pieces = [body[i : i + PIECE] for i in range(0, len(body), PIECE)]
    posts = [await async_read(claim, [body]), await async_read(claim, pieces)]
    assert posts[0] == posts[1] or "multipart/" in claim.lower()
    for post in filter(None, posts):
        await async_check_answer(post)


async def async_check_answer(post: Post) -> Response:
    """Check that a post is answered, and return the answer."""
    keeper = Keeper()
    response = await async_take_post(keeper, post)
    assert response.ret is not Ret.INTERNAL
    assert keeper.request is None or keeper.request.operate in Operate
    check_answer(keeper.request, response)
    return response


async def async_read(claim: str, pieces: Sequence[bytes]) -> Post | None:
    """Return what is read from the pieces of a body; None if it is refused."""
    loop = asyncio.get_running_loop()
    connection = BaseProtocol(loop)
    connection.connection_made(Mock())
    stream = StreamReader(connection, HIGH_WATER, loop=loop)
    feeding = asyncio.create_task(_async_feed(stream, pieces))
    try:
        return await async_read_post(_request(claim, stream))
    except TooLargeError, SnapcamMessageError, web.RequestPayloadError:
        return None
    finally:
        await feeding


async def _async_feed(stream: StreamReader, pieces: Sequence[bytes]) -> None:
    """Let the pieces arrive one after another."""
    for piece in pieces:
        stream.feed_data(piece)
        await asyncio.sleep(0)
    stream.feed_eof()


def _request(claim: str, stream: StreamReader) -> web.Request:
    """Return the request whose body arrives in a stream."""
    headers = CIMultiDictProxy(CIMultiDict({hdrs.CONTENT_TYPE: claim}))
    message = RawRequestMessage(
        method=hdrs.METH_POST,
        path="/",
        version=HttpVersion11,
        headers=headers,
        raw_headers=(),
        should_close=False,
        compression=None,
        upgrade=False,
        chunked=True,
        url=URL("/"),
    )
    loop = asyncio.get_running_loop()
    return web.Request(message, stream, _SERVER, Mock(), Mock(), loop)
