"""The small pictures of the media browser."""

from http import HTTPStatus
import io
from pathlib import Path
import struct
import zlib

from homeassistant.core import HomeAssistant
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from ..broker import Broker
from ..common import JPEG, PNG
from ..const import SN
from ..simulator import SimulatedCamera
from .thumbnails import DAY, NAME, Get, draw, store


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a part of a PNG file."""
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def draw_png(side: int, last: bytes = b"IDAT", extra: bytes = b"") -> bytes:
    """Return a black picture in two parts, small as a file however large it is."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side * ((side + 7) // 8 + 1)))
    half = len(rows) // 2
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            chunk(b"IHDR", header),
            chunk(b"IDAT", rows[:half]),
            chunk(last, rows[half:]),
            extra,
            chunk(b"IEND", b""),
        ]
    )


@pytest.mark.parametrize(
    ("suffix", "content", "size"),
    [
        ("jpg", draw("JPEG"), (320, 180)),
        ("jpg", draw("JPEG", size=(900, 1600)), (180, 320)),
        ("jpg", draw("JPEG", size=(64, 48)), (64, 48)),
        ("png", draw("PNG"), (320, 180)),
        ("png", draw("PNG", "RGBA"), (320, 180)),
        ("png", draw("PNG", "P"), (320, 180)),
        ("webp", draw("WEBP"), (320, 180)),
        ("webp", draw("WEBP", "RGBA"), (320, 180)),
    ],
    ids=["JPEG", "upright", "small", "PNG", "alpha", "palette", "WebP", "WebP alpha"],
)
async def test_thumbnail(
    media: Path, get: Get, suffix: str, content: bytes, size: tuple[int, int]
) -> None:
    """Any picture becomes a small JPEG of the same shape, never a larger one."""
    store(media, f"{NAME}.{suffix}", content)
    response = await get(f"{NAME}.{suffix}?width=320")
    assert response.status == HTTPStatus.OK
    assert response.content_type == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, max-age=86400"

    with Image.open(io.BytesIO(await response.read())) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert thumbnail.size == size
        red, green, blue = thumbnail.convert("RGB").getpixel((size[0] // 2, 9))
    assert red > 200
    assert green < 60 > blue


@pytest.mark.parametrize(
    ("size", "side", "bar"),
    [
        pytest.param((1600, 900), 320, (160, 30), id="wide"),
        pytest.param((900, 1600), 320, (30, 160), id="upright"),
        pytest.param((64, 48), 64, (32, 3), id="small"),
    ],
)
async def test_square(
    media: Path, get: Get, size: tuple[int, int], side: int, bar: tuple[int, int]
) -> None:
    """The media browser shows squares, so nothing is cut off there: bars fill them."""
    store(media, f"{NAME}.jpg", draw("JPEG", size=size))
    response = await get(f"{NAME}.jpg")

    with Image.open(io.BytesIO(await response.read())) as thumbnail:
        assert thumbnail.size == (side, side)
        assert max(thumbnail.convert("RGB").getpixel(bar)) < 20
        assert thumbnail.convert("RGB").getpixel((side // 2, side // 2))[0] > 200


async def test_width(media: Path, get: Get) -> None:
    """The panel's wall has twice as large ones; other widths are not made."""
    store(media, f"{NAME}.jpg", draw("JPEG"))
    response = await get(f"{NAME}.jpg?width=640")

    with Image.open(io.BytesIO(await response.read())) as thumbnail:
        assert thumbnail.size == (640, 360)
    response = await get(f"{NAME}.jpg?width=4000")
    assert response.status == HTTPStatus.NOT_FOUND


async def test_from_the_media_browser(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    broker: Broker,
    online: SimulatedCamera,
) -> None:
    """The list of cameras says where a thumbnail is, for those who have logged in."""
    await online.send_snapshot()
    await broker.settle()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "media_source/browse_media",
            "media_content_id": "media-source://snapcam",
        }
    )
    gate = (await client.receive_json())["result"]["children"][-1]
    member, guest = await hass_client(), await hass_client_no_auth()
    response = await member.get(gate["thumbnail"])

    assert response.status == HTTPStatus.OK
    with Image.open(io.BytesIO(await response.read())) as thumbnail:
        assert max(thumbnail.size) == 320
    assert (await guest.get(gate["thumbnail"])).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    "name",
    [
        f"{SN}/{DAY}/030405-000007.jpg",
        f"{SN}/2026-01-09/030405-000006.jpg",
        f"300000000003/{DAY}/030405-000006.jpg",
        f"../{DAY}/030405-000006.jpg",
        f"%2e%2e/{DAY}/030405-000006.jpg",
        f"..%2f{SN}/{DAY}/030405-000006.jpg",
        f"{SN}/../030405-000006.jpg",
        f"{SN}/%2e%2e/030405-000006.jpg",
        f"{SN}/{DAY}/%2e%2e%2fsecret.jpg",
        f"{SN}/{DAY}/..%2f..%2f..%2fsecret.jpg",
        f"{SN}/{DAY}/secret.jpg",
        f"{SN}/{DAY}/%2fetc%2fpasswd",
        f"{SN}/{DAY}/030405-000006.jpg%00",
        f"{SN}/{DAY}/",
        f"{SN}/{DAY}",
    ],
)
async def test_no_such_picture(media: Path, get: Get, name: str) -> None:
    """There is a thumbnail of a stored picture, and of no other file.

    Home Assistant itself refuses the worst addresses, as a bad request.
    """
    picture = draw("JPEG")
    places = (".", "..", "../..", SN, f"{SN}/{DAY}", f"../{DAY}", DAY)
    for place in places:
        store(media, f"{place}/secret.jpg", picture)
        store(media, f"{place}/030405-000006.jpg", picture)
    response = await get(name)

    assert response.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"damaged", id="garbage"),
        pytest.param(JPEG, id="a JPEG's beginning"),
        pytest.param(PNG, id="a PNG's beginning"),
        pytest.param(draw("JPEG")[:2000], id="JPEG cut off"),
        pytest.param(draw("PNG", "RGBA")[:500], id="PNG cut off"),
        pytest.param(draw("WEBP")[:200], id="WebP cut off"),
        pytest.param(draw_png(8, b"IDAT")[:-30], id="PNG without an end"),
        pytest.param(draw_png(800, b"\xe7\xcf\x9f+"), id="PNG with a broken part"),
        pytest.param(
            draw_png(8, extra=chunk(b"gAMA", b"")), id="PNG without its gamma"
        ),
        pytest.param(draw_png(8, extra=chunk(b"iCCP", b"")), id="PNG with no profile"),
        pytest.param(b"GIF89a" + bytes(100), id="not what it is called"),
    ],
)
async def test_damaged_picture(media: Path, get: Get, content: bytes) -> None:
    """A file that is no whole picture has no thumbnail."""
    store(media, f"{NAME}.png", content)

    assert (await get(f"{NAME}.png")).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("side", "status", "drawn"),
    [
        pytest.param(3_400, HTTPStatus.OK, True, id="largest"),
        pytest.param(3_500, HTTPStatus.NOT_FOUND, False, id="too large for us"),
        pytest.param(10_000, HTTPStatus.NOT_FOUND, False, id="Pillow would warn"),
        pytest.param(20_000, HTTPStatus.NOT_FOUND, False, id="Pillow would refuse"),
    ],
)
async def test_decompression_bomb(
    media: Path, get: Get, side: int, status: HTTPStatus, drawn: bool
) -> None:
    """A small file that is a huge picture is refused before it takes memory."""
    path = store(media, f"{NAME}.png", draw_png(side))
    assert path.stat().st_size < 100_000
    Image.core.reset_stats()
    response = await get(f"{NAME}.png")

    assert response.status == status
    assert (Image.core.get_stats()["new_count"] > 0) is drawn


@pytest.mark.parametrize(
    ("side", "status"), [(3_400, HTTPStatus.OK), (3_500, HTTPStatus.NOT_FOUND)]
)
async def test_progressive_bomb(
    media: Path, get: Get, side: int, status: HTTPStatus
) -> None:
    """A progressive JPEG is in memory as a whole, however small it is to become."""
    content = io.BytesIO()
    Image.new("L", (side, side)).save(content, "JPEG", progressive=True)
    store(media, f"{NAME}.jpg", content.getvalue())

    assert (await get(f"{NAME}.jpg")).status == status
