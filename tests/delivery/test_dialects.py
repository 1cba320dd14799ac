"""Posts that firmware makes in its own way: read, stored, answered byte for byte."""

from base64 import b64encode, encodebytes
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from aiohttp.test_utils import TestClient
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..common import JPEG, PNG
from ..const import SN
from .posts import MIB, stored

FORM = "application/x-www-form-urlencoded"

type Part = tuple[str, bytes]
"""What a part of a form says of itself, and its content."""

PICTURE: Part = ('name="file"; filename="a.jpg"', JPEG)
CROP: Part = ('name="plate"; filename="b.png"', PNG)
XML: Part = ('name="event"; filename="anpr.xml"', b"<EventNotificationAlert/>")
EMPTY: Part = ('name="file2"; filename=""', b"")
BASE64: Part = ('name="image"', b64encode(JPEG))

# Its base64 has each letter that a form may lose or escape.
ODD = JPEG + b"." + bytes.fromhex("fbefbefffefff8")
DATA = b64encode(ODD).decode()


def ok(request_id: str = "") -> bytes:
    """Return the answer to a picture that is stored, as it is on the wire."""
    return (
        f'{{"operate":"upload_snapshot_rsp","request_id":"{request_id}",'
        f'"sn":"{SN}","ret":0,"msg":""}}'
    ).encode()


def multipart(parts: Sequence[Part]) -> bytes:
    """Return the body of a form with files."""
    head = b"--b\r\nContent-Disposition: form-data; "
    return (
        b"".join(
            head + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"
            for disposition, content in parts
        )
        + b"--b--\r\n"
    )


async def post(http: TestClient, address: str, body: bytes, claim: str) -> bytes:
    """Post a body, and return what is answered."""
    response = await http.post(address, data=body, headers={"Content-Type": claim})
    assert response.status == HTTPStatus.OK
    assert response.content_type == "application/json"
    return await response.read()


def tolerated(entry: MockConfigEntry) -> dict[str, int]:
    """Return what the diagnostics say was tolerated."""
    kinds: dict[str, int] = entry.runtime_data.journal.as_dict()["tolerated"]
    return kinds


@pytest.mark.parametrize(
    ("parts", "picture"),
    [
        ([PICTURE, XML], JPEG),
        ([XML, PICTURE], JPEG),
        ([PICTURE, EMPTY], JPEG),
        ([PICTURE, CROP], JPEG),
        ([CROP, PICTURE], PNG),
        ([XML, BASE64], JPEG),
    ],
)
async def test_other_files(
    http: TestClient,
    address: str,
    media: Path,
    entry: MockConfigEntry,
    parts: list[Part],
    picture: bytes,
) -> None:
    """The first part that is a picture counts, whatever else is in the form."""
    body = multipart([('name="request_id"', b"9"), *parts])
    claim = "multipart/form-data; boundary=b"

    assert await post(http, address, body, claim) == ok("9")
    assert stored(media) == [picture]
    assert tolerated(entry) == {"other files beside the picture": 1}


@pytest.mark.parametrize("claim", [FORM, f"{FORM}; charset=utf-8", "text/plain"])
@pytest.mark.parametrize(
    "data",
    [quote(DATA, safe=""), DATA, DATA.rstrip("="), f"data:image/jpeg;base64,{DATA}"],
    ids=["escaped", "plus lost", "without padding", "data URI"],
)
async def test_fields(
    http: TestClient,
    address: str,
    media: Path,
    entry: MockConfigEntry,
    data: str,
    claim: str,
) -> None:
    """The protocol's fields may come as those of a form, also one that lost each plus."""
    time = int(dt_util.utcnow().timestamp())
    body = f"sn={SN}&request_id=a%20b&timestamp={time}&data={data}\r\n".encode()

    assert await post(http, address, body, claim) == ok("a b")
    assert stored(media) == [ODD]
    kinds = tolerated(entry)
    assert kinds.pop("fields of a form instead of JSON") == 1


async def test_long_picture_in_fields(
    http: TestClient, address: str, media: Path
) -> None:
    """A large picture is read from a form as well."""
    picture = JPEG + bytes(range(256)) * 40
    body = f"image={quote(b64encode(picture).decode(), safe='')}".encode()

    assert await post(http, address, body, FORM) == ok()
    assert stored(media) == [picture]


@pytest.mark.parametrize(
    ("body", "ret"),
    [
        (b"sn=%s&data=" % SN.encode(), 4),
        (b"a=b", 4),
        (b"&" * 40 + b"=", 1),
        (b"sn=..%2Fup&data=/9j/", 1),
        (b"data=%ff%fe%zz%", 4),
        (b"data=" + b"%2F" * MIB, 1),
    ],
    ids=["empty", "none", "too many", "no sn", "nonsense", "escapes"],
)
async def test_bad_fields(
    http: TestClient, address: str, media: Path, body: bytes, ret: int
) -> None:
    """A form without a picture is answered as one, and stores nothing."""
    answer = await post(http, address, body, FORM)
    assert f'"ret":{ret},'.encode() in answer
    assert stored(media) == []


@pytest.mark.parametrize("claim", ["image/jpeg", "text/plain", FORM, "text"])
@pytest.mark.parametrize(
    "body",
    [
        DATA.encode(),
        b"\r\n" + encodebytes(ODD),
        b"data:image/jpeg;base64," + DATA.encode() + b"\0",
    ],
    ids=["plain", "lines", "data URI"],
)
async def test_base64_alone(
    http: TestClient,
    address: str,
    media: Path,
    entry: MockConfigEntry,
    body: bytes,
    claim: str,
) -> None:
    """A picture in base64 needs no message around it."""
    assert await post(http, address, body, claim) == ok()
    assert stored(media) == [ODD]
    assert tolerated(entry)["base64 without a message"] == 1


async def test_damaged_base64_alone(
    http: TestClient, address: str, media: Path
) -> None:
    """What is no base64, or not all of a picture, is refused."""
    for body in (DATA[:20], DATA[:16] + "\n" + DATA[16:]):
        answer = await post(http, address, body.encode(), "text/plain")
        assert b'"ret":4,' in answer
    assert stored(media) == []


@pytest.mark.parametrize("rest", ["/", "/snapshot.jpg", "/a/b?c=d"])
async def test_behind_the_address(
    http: TestClient,
    address: str,
    media: Path,
    entry: MockConfigEntry,
    rest: str,
) -> None:
    """What firmware adds to its address does no harm."""
    assert await post(http, address + rest, JPEG, "image/jpeg") == ok()
    assert stored(media) == [JPEG]
    assert tolerated(entry) == {"something behind the address": 1}


async def test_behind_no_address(http: TestClient, address: str, media: Path) -> None:
    """Behind an address that is nobody's there is none either."""
    response = await http.post("/api/snapcam/upload/wrong/snapshot.jpg", data=JPEG)
    assert response.status == HTTPStatus.NOT_FOUND
    assert b'"ret":3,' in await response.read()
    assert stored(media) == []
