"""What a camera posts over HTTP: read with a limit, told apart, answered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import logging
from typing import Final, Protocol

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http import HttpProcessingError

from ..link.journal import Journal
from ..protocol import (
    MAX_MESSAGE_BYTES,
    Operate,
    Request,
    Response,
    Ret,
    SnapcamMessageError,
    encode_message,
    parse_message,
    picture_request,
    sniff_content_type,
)

_LOGGER = logging.getLogger(__name__)

READ_TIMEOUT: Final = 30.0
"""Seconds a camera has to send a message; a slow one costs no more than that."""

MAX_PARTS: Final = 32
UNREADABLE: Final = (ValueError, AssertionError, RuntimeError, HttpProcessingError)
"""What aiohttp raises for a broken form."""

PADDING: Final = b"\xef\xbb\xbf \t\r\n"


class PostingCamera(Protocol):
    """The camera that posts; the coordinator is one."""

    sn: str
    name: str
    journal: Journal
    posts_from_outside: int
    """How many were refused, though they had the secret."""

    async def async_handle_post(self, request: Request) -> Ret:
        """Handle what the camera asks, and return what to answer."""


class TooLargeError(Exception):
    """More was sent than a message can be long."""


@dataclass
class Post:
    """The body of a request, as it came."""

    content: bytes | None = None
    """A picture, or else the text of a message."""
    fields: dict[str, str] = field(default_factory=dict)
    """What else was in a form."""
    is_form: bool = False
    is_image: bool = False
    """Whether the sender says that it is a picture."""


async def async_read_post(request: web.Request) -> Post:
    """Read what was posted.

    Raises:
        TooLargeError: It is too long, whatever it says of its length.
        TimeoutError: It does not come.
        SnapcamMessageError: It is no form we can read.
    """
    if (request.content_length or 0) > MAX_MESSAGE_BYTES:
        raise TooLargeError
    # As a whole it may be more than a parser of headers can bear.
    content_type = request.headers.get(hdrs.CONTENT_TYPE, "").strip().lower()
    async with asyncio.timeout(READ_TIMEOUT):
        if content_type.startswith("multipart/"):
            try:
                return await _async_read_form(request)
            except UNREADABLE as err:
                raise SnapcamMessageError("a broken form") from err
        return Post(
            await _async_read(request.content.readany, MAX_MESSAGE_BYTES),
            is_image=content_type.startswith("image/"),
        )


async def async_take_post(camera: PostingCamera, post: Post) -> Response:
    """Pass what was posted on to its camera, and return the answer."""
    request = None
    try:
        request = _understand(camera.sn, post)
        ret = await camera.async_handle_post(request)
    except SnapcamMessageError:
        ret = Ret.MALFORMED
    except Exception:  # The camera waits for an answer whatever went wrong here.
        _LOGGER.exception("Could not handle a post of %s", camera.name)
        ret = Ret.INTERNAL
    response = _answer(camera.sn, request, ret)
    camera.journal.said(response)
    return response


def refusal(ret: Ret, sn: str = "") -> bytes:
    """Return the answer to somebody whose message was not read.

    Args:
        ret: Why.
        sn: Of the camera the address belongs to, if any.
    """
    return encode_message(_answer(sn, None, ret))


async def _async_read_form(request: web.Request) -> Post:
    """Read a form: the picture is the part that is a file, or looks like one.

    Raises:
        TooLargeError: It is too long.
        SnapcamMessageError: It is broken, or has too many parts.
    """
    post = Post(is_form=True)
    parts, left = await request.multipart(), MAX_MESSAGE_BYTES
    for _ in range(MAX_PARTS):
        if (part := await parts.next()) is None:
            return post
        if not isinstance(part, BodyPartReader):
            raise SnapcamMessageError("a form in a form")
        content = await _async_read(part.read_chunk, left)
        left -= len(content)
        if part.filename or sniff_content_type(content):
            post.content = content
        elif part.name:
            post.fields[part.name] = content.decode(errors="replace")
    raise SnapcamMessageError("too many parts")


async def _async_read(read: Callable[[], Awaitable[bytes]], limit: int) -> bytes:
    """Read until nothing more comes.

    Raises:
        TooLargeError: More than the limit comes.
    """
    content = bytearray()
    while chunk := await read():
        content += chunk
        if len(content) > limit:
            raise TooLargeError
    return bytes(content)


def _understand(sn: str, post: Post) -> Request:
    """Return the request a post stands for.

    Raises:
        SnapcamMessageError: It is none.
    """
    content = post.content or b""
    # Some firmware calls whatever it sends an image.
    is_image = post.is_image and not content.lstrip(PADDING).startswith(b"{")
    if post.is_form or is_image or sniff_content_type(content):
        return picture_request(post.content, post.fields, sn=sn)
    message = parse_message(content)
    if not isinstance(message, Request):
        raise SnapcamMessageError("not a request")
    return message


def _answer(sn: str, request: Request | None, ret: Ret) -> Response:
    """Return the answer to a request, or to what could not be understood."""
    return Response(
        operate=request.operate if request else Operate.UPLOAD_SNAPSHOT,
        request_id=request.request_id if request else None,
        sn=sn,
        ret=ret,
        msg=ret.text,
    )
