"""The body of a post: read with a limit, and told what it is."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http import HttpProcessingError

from ..protocol import (
    MAX_MESSAGE_BYTES,
    Dialect,
    SnapcamMessageError,
    sniff_base64,
    sniff_content_type,
)

READ_TIMEOUT: Final = 30.0
"""Seconds a camera has to send a message; a slow one costs no more than that."""

MAX_PARTS: Final = 32
UNREADABLE: Final = (ValueError, AssertionError, RuntimeError, HttpProcessingError)
"""What aiohttp raises for a broken form."""

_PADDING: Final = b"\xef\xbb\xbf \t\r\n"
_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = re.compile(rb"(?:operate|request_id|timestamp|sn|data)=")

MAX_ESCAPES: Final = 400_000
"""As many as the base64 of the largest picture has; each takes a while."""


class TooLargeError(Exception):
    """More was sent than a message can be long."""


class Part(NamedTuple):
    """A part of a form."""

    name: str
    content: bytes
    is_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Post:
    """The body of a request, as it came."""

    picture: bytes | str | None = None
    """The bytes of a picture, or its base64."""
    text: bytes = b""
    """A message, if it is neither a picture nor a form."""
    fields: dict[str, str] = field(default_factory=dict)
    """What else was in a form."""
    is_form: bool = False
    tolerated: frozenset[Dialect] = frozenset()


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
                return _form(await _async_read_parts(request))
            except UNREADABLE as err:
                raise SnapcamMessageError("a broken form") from err
        content = await _async_read(request.content.readany, MAX_MESSAGE_BYTES)
    return _tell(content, content_type)


async def _async_read_parts(request: web.Request) -> list[Part]:
    """Read the parts of a form.

    Raises:
        TooLargeError: It is too long.
        SnapcamMessageError: It is broken, or has too many parts.
    """
    read: list[Part] = []
    parts, left = await request.multipart(), MAX_MESSAGE_BYTES
    for _ in range(MAX_PARTS):
        if (part := await parts.next()) is None:
            return read
        if not isinstance(part, BodyPartReader):
            raise SnapcamMessageError("a form in a form")
        content = await _async_read(part.read_chunk, left)
        left -= len(content)
        read.append(Part(part.name or "", content, part.filename is not None))
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


def _tell(content: bytes, content_type: str) -> Post:
    """Tell what a body is: firmware calls it what it likes, so the content counts.

    Raises:
        SnapcamMessageError: It is a form with too many fields or escapes.
    """
    if sniff_content_type(content):
        return Post(picture=content)
    text = content.lstrip(_PADDING)
    if sniff_base64(text):
        tolerated = frozenset((Dialect.BASE64_ALONE,))
        return Post(picture=_text(text.rstrip(b"\0")), tolerated=tolerated)
    if text.startswith(b"{"):
        return Post(text=content)
    if _FIELDS.match(text) or (content_type.startswith(_FORM) and b"=" in text):
        post = _form(_split(text.rstrip(b"\r\n")))
        return replace(post, tolerated=post.tolerated | {Dialect.FORM_FIELDS})
    if content_type.startswith("image/"):
        return Post(picture=content)
    return Post(text=content)


def _split(text: bytes) -> Iterable[Part]:
    """Return the fields of a form that is a text.

    Raises:
        SnapcamMessageError: It has too many, or too many escapes.
    """
    pairs = text.split(b"&", MAX_PARTS)
    if len(pairs) > MAX_PARTS:
        raise SnapcamMessageError("too many parts")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        yield Part(_text(name), _unescaped(value))


def _unescaped(value: bytes) -> bytes:
    """Return what a field of a form says.

    Raises:
        SnapcamMessageError: It has too many escapes.
    """
    if value.count(b"%") > MAX_ESCAPES:
        raise SnapcamMessageError("too many escapes")
    return unquote_to_bytes(value.replace(b"+", b" "))


def _form(parts: Iterable[Part]) -> Post:
    """Return a form: the picture is the first part that is one, whatever its name."""
    picture: bytes | str | None = None
    fields: dict[str, str] = {}
    spare = False
    for part in parts:
        is_base64 = sniff_base64(part.content)
        is_picture = is_base64 or sniff_content_type(part.content) is not None
        if is_picture and picture is None:
            picture = _text(part.content) if is_base64 else part.content
        elif is_picture or part.is_file:
            spare = True
        if not is_picture:
            fields.setdefault(part.name, _text(part.content))
    tolerated = frozenset((Dialect.SPARE_FILES,)) if spare and picture else frozenset()
    return Post(picture=picture, fields=fields, is_form=True, tolerated=tolerated)


def _text(content: bytes) -> str:
    """Return a text; what is no UTF-8 is nothing we look for."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
