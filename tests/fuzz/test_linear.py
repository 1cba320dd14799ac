"""That nothing a camera sends takes more than its share of time.

What takes twice as long for twice the input is compared with itself, in one run.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
import time

import pytest

from custom_components.snapcam.protocol import (
    SnapcamError,
    check_picture,
    decode_picture,
    parse_message,
)

from .bodies import async_read
from .seeds import FORM, JPEG, MESSAGES, PNG, WEBP

GROWTH = 16
"""How much longer the long input is. It would take 256 times as long if the time grew
with the square of its length."""

ALLOWED = 6 * GROWTH
"""Caches and the collector of garbage spoil an exact ratio."""

LEAST_SECONDS = 0.0005
"""What is shorter is not the work but what is around it."""

TRIES = 5
PART = b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n"

type Work = Callable[[bytes], object]
type Input = Callable[[int], bytes]

MESSAGES_OF: dict[str, Input] = {
    "deep lists": lambda n: b"[" * n,
    "deep objects": lambda n: b'{"a":' * (n // 5),
    "many keys": lambda n: b"{" + b'"a":1,' * (n // 6) + b'"b":2}',
    "different keys": lambda n: (
        b"{" + b",".join(b'"%x":1' % i for i in range(n // 8)) + b"}"
    ),
    "spaces before": lambda n: b" " * n + b"x",
    "spaces behind": lambda n: MESSAGES[0] + b" " * n + b"x",
    "spaces and NULs": lambda n: MESSAGES[0] + b" \0" * (n // 2) + b"x",
    "marks": lambda n: b"\xef\xbb\xbf" * (n // 3) + b"x",
    "digits": lambda n: b'{"operate":"heartbeat","sn":' + b"1" * n + b"}",
    "digits in a text": lambda n: b'{"sn":"' + b"1" * n + b'"}',
    "long names": lambda n: b'{"operate":"' + b"_rsp" * (n // 4) + b'","sn":"1"}',
    "escapes": lambda n: b'{"sn":"' + b"\\u0061" * (n // 6) + b'"}',
    "long msg": lambda n: (
        b'{"operate":"heartbeat_rsp","sn":"1","msg":"' + b"\\n" * (n // 2) + b'"}'
    ),
}

DATA: dict[str, Input] = {
    "nearly base64": lambda n: b"/9j/" * (n // 4) + b"!",
    "spaces inside": lambda n: b"/9j/ " * (n // 5),
    "pluses that got lost": lambda n: b"/9 / 9j/" * (n // 8),
    "spaces behind": lambda n: b"/9j" + b" " * n,
    "padding": lambda n: b"/9j/" + b"=" * n,
    "padding inside": lambda n: b"/9j=" * (n // 4),
    "lines": lambda n: b64encode(JPEG) + b"\n" * n,
    "one letter to a line": lambda n: b"/\n9\nj\n/\n" * (n // 8),
    "spaces before a prefix": lambda n: b" " * n + b"data:",
    "prefixes": lambda n: b"data:," * (n // 6),
    "beyond ASCII": lambda n: "é".encode() * (n // 2),
}

FILES: dict[str, Input] = {
    "ends in zeros": lambda n: JPEG[:-2] + bytes(n),
    "ends nearly": lambda n: JPEG[:-2] + b"\xff\0" * (n // 2),
    "ends in segments": lambda n: JPEG[:-2] + b"\xff\xfe\0\2" * (n // 4),
    "many segments": lambda n: JPEG[:2] + b"\xff\xfe\0\2" * (n // 4),
    "starts nearly": lambda n: b"\xff\xd8" * (n // 2),
    "PNG": lambda n: PNG[:33] + PNG[-12:-8] + b"tEXt" * (n // 4),
    "empty chunks": lambda n: PNG[:33] + b"\0\0\0\0tEXt\0\0\0\0" * (n // 12),
    "WebP": lambda n: WEBP[:4] + n.to_bytes(4, "little") + b"WEBP" + bytes(n),
}

FORMS: dict[str, Input] = {
    "no boundary": lambda n: b"-" * n,
    "preamble": lambda n: b"--\r\n" * (n // 4),
    "many parts": lambda n: (PART + b"\r\n") * (n // 50),
    "nearly boundaries": lambda n: PART + b"\r\n--" * (n // 4) + b"\r\n--b--",
    "line ends": lambda n: PART + b"\r\n" * (n // 2) + b"\r\n--b--",
    "returns": lambda n: PART + b"\r" * n + b"\r\n--b--",
    "long header": lambda n: b"--b\r\nX: " + b"x" * n + b"\r\n\r\n",
    "many headers": lambda n: b"--b\r\n" + b"X: x\r\n" * (n // 6) + b"\r\n",
    "long name": lambda n: (
        b'--b\r\nContent-Disposition: form-data; name="'
        + b"\\x;" * (n // 3)
        + b'"\r\n\r\n'
    ),
    "parameters": lambda n: (
        b"--b\r\nContent-Disposition: form-data" + b"; a*0=" * (n // 6) + b"\r\n\r\n"
    ),
}


def decode(content: bytes) -> object:
    """Decode the data of a snapshot."""
    return decode_picture(content.decode())


def post_form(content: bytes) -> object:
    """Read a form that comes in packets."""
    pieces = [content[i : i + 1400] for i in range(0, len(content), 1400)]
    return asyncio.run(async_read(FORM.decode(), pieces))


def post_crumbs(content: bytes) -> object:
    """Read a form that comes letter by letter."""
    return asyncio.run(async_read(FORM.decode(), [bytes((x,)) for x in content]))


def post_other(content: bytes) -> object:
    """Read a body that is no form."""
    pieces = [content[i : i + 1400] for i in range(0, len(content), 1400)]
    return asyncio.run(async_read("application/json", pieces))


def claim_form(content: bytes) -> object:
    """Read a body whose sender has much to say of its type."""
    return asyncio.run(async_read("multipart/form-data; " + content.decode(), [PART]))


CLAIMS: dict[str, Input] = {
    "parameters": lambda n: b"a=b; " * (n // 5),
    "separators": lambda n: b";" * n,
    "boundary": lambda n: b"boundary=" + b"b" * n,
}

CASES: list[tuple[Work, str, Input, int]] = [
    *((parse_message, *case, 20_000) for case in MESSAGES_OF.items()),
    *((decode, *case, 20_000) for case in DATA.items()),
    *((check_picture, *case, 50_000) for case in FILES.items()),
    *((post_form, *case, 4_000) for case in FORMS.items()),
    *((post_crumbs, *case, 400) for case in FORMS.items()),
    *((post_other, *case, 20_000) for case in FILES.items()),
    *((claim_form, *case, 500) for case in CLAIMS.items()),
]


def seconds(work: Work, content: bytes) -> float:
    """Return the time that the work has taken."""
    start = time.thread_time()
    with suppress(SnapcamError):
        work(content)
    return time.thread_time() - start


@pytest.mark.parametrize(
    ("work", "content", "size"),
    [
        pytest.param(work, content, size, id=f"{work.__name__}, {name}")
        for work, name, content, size in CASES
    ],
)
def test_time_is_linear(work: Work, content: Input, size: int) -> None:
    """However clever the input, its time grows with its length and not with the square.

    A few megabytes would keep Home Assistant busy for hours, and all others waiting.
    """
    short, long = content(size), content(GROWTH * size)
    least = min(seconds(work, short) for _ in range(TRIES))
    allowed = ALLOWED * max(least, LEAST_SECONDS)

    # Something else may have taken the time of one try, so the best of them counts.
    assert any(seconds(work, long) < allowed for _ in range(TRIES))
