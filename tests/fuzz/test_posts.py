"""What Home Assistant's web server makes of anything a camera posts."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from http import HTTPStatus
from itertools import pairwise
import json

from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.common import upload
from tests.const import SN

from .bodies import HEADER, async_check_answer, async_read
from .seeds import FORM, bodies
from .strategies import odd_messages, pictures

CLAIMS = st.sampled_from([b"application/json", b"image/jpeg", FORM, b"text; x*", b""])
ANY_CLAIM = CLAIMS | st.binary(max_size=40).map(
    lambda claim: claim.translate(None, HEADER)
)
CUTS = st.lists(st.integers(0, 400), max_size=8).map(sorted)

type Way = Callable[[bytes], tuple[bytes, bytes]]
"""Returns the type a sender claims, and the body, for a picture."""

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    """Return a body in pieces."""
    ends = [0, *(min(x, len(body)) for x in cuts), len(body)]
    pieces = [body[a:b] for a, b in pairwise(ends)]
    return [piece for piece in pieces if piece]


def form(disposition: str, content: bytes, **fields: str) -> bytes:
    """Return the body of a form."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return "".join([*parts, head]).encode() + content + b"\r\n--b--\r\n"


def as_json(picture: bytes) -> tuple[bytes, bytes]:
    """Return a picture as the protocol's message."""
    return b"application/json", json.dumps(upload(picture)).encode()


def as_file(picture: bytes) -> tuple[bytes, bytes]:
    """Return a picture as a file in a form."""
    return FORM, form('name="file"; filename="a.jpg"', picture, sn=SN)


def as_field(picture: bytes) -> tuple[bytes, bytes]:
    """Return a picture as text in a form."""
    return FORM, form('name="data"', b64encode(picture), request_id="7")


def as_it_is(picture: bytes) -> tuple[bytes, bytes]:
    """Return a picture without anything around it."""
    return b"image/jpeg", picture


WAYS = st.sampled_from([as_json, as_file, as_field, as_it_is])


async def post(
    http: TestClient[Request, Application],
    entry: MockConfigEntry,
    claim: bytes,
    pieces: list[bytes],
) -> tuple[int, bytes]:
    """Post a body in chunks, each in a packet of its own; return status and answer."""
    reader, writer = await asyncio.open_connection(http.host, http.port)
    path = f"/api/snapcam/upload/{entry.data['token']}"
    head = f"POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
    writer.write(head.encode() + b"Content-Type: " + claim + b"\r\n")
    writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
    for piece in pieces:
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    status, _, rest = answer.partition(b"\r\n")
    return int(status.split()[1]), rest.partition(b"\r\n\r\n")[2]


@settings(max_examples=60)
@given(ANY_CLAIM, st.binary() | odd_messages() | st.sampled_from(bodies()), CUTS)
async def test_any_body(
    http: TestClient[Request, Application],
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    claim: bytes,
    body: bytes,
    cuts: list[int],
) -> None:
    """Whatever is posted is answered in the protocol's words; nothing goes wrong."""
    status, answer = await post(http, entry, claim, cut(body, cuts))

    assert status == HTTPStatus.OK
    assert json.loads(answer)["ret"] in {0, 1, 2, 4, 7}
    assert "Traceback" not in caplog.text


@settings(max_examples=60)
@given(pictures, WAYS, CUTS)
async def test_any_picture_in_pieces(
    http: TestClient[Request, Application],
    entry: MockConfigEntry,
    picture: bytes,
    way: Way,
    cuts: list[int],
) -> None:
    """A picture arrives whichever way it is sent, and wherever it is cut."""
    claim, body = way(picture)
    status, answer = await post(http, entry, claim, cut(body, cuts))

    assert (status, json.loads(answer)["ret"]) == (HTTPStatus.OK, 0)


@given(pictures, WAYS, CUTS)
async def test_pieces_do_not_count(picture: bytes, way: Way, cuts: list[int]) -> None:
    """What is read does not depend on the pieces it comes in."""
    claim, body = way(picture)
    whole = await async_read(claim.decode(), [body])

    assert whole is not None
    assert await async_read(claim.decode(), cut(body, cuts)) == whole
    assert (await async_check_answer(whole)).ret == 0
