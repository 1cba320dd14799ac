"""From base64 to a picture: what is tolerated, and what is not a picture."""

from base64 import b64decode, b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable

import pytest

from custom_components.snapcam.protocol import (
    MAX_PICTURE_BYTES,
    Picture,
    SnapcamPictureError,
    SnapcamPictureTooLargeError,
    check_picture,
    decode_picture,
    sniff_content_type,
)
from tests.files import jpeg, png, webp

# Its base64 has both letters in which the alphabets differ, two lines and padding.
JPEG = jpeg(b"\xfb\xef\xbe\x3e\x3f" * 18 + b"\xfb\xef")
PNG = png(b"and what follows")
WEBP = webp(b"and what follows")

PROGRESSIVE = (
    JPEG[:-2].replace(b"\xc0", b"\xc2")
    + b"\xff\xc4\0\4\xff\xd9\xff\xda\0\2 more \xff\xd9"
)
WITH_THUMBNAIL = JPEG[:2] + b"\xff\xe1\1\0Exif" + JPEG + b"rest" + bytes(200) + JPEG[2:]

DATA_URI = "data:image/jpeg;base64,"
UNPADDED_URL_SAFE = str.maketrans("+/", "-_", "=")


def plain(picture: bytes) -> str:
    """Return plain base64."""
    return b64encode(picture).decode()


def wrapped(picture: bytes) -> str:
    """Return base64 in lines."""
    return encodebytes(picture).decode()


def wrapped_crlf(picture: bytes) -> str:
    """Return base64 in lines as e-mails have them."""
    return wrapped(picture).replace("\n", "\r\n")


def url_safe(picture: bytes) -> str:
    """Return base64 in the other alphabet."""
    return urlsafe_b64encode(picture).decode()


def large(size: int) -> bytes:
    """Return a JPEG of an exact size."""
    return jpeg(bytes(size - len(jpeg(b""))))


def test_sample_shows_what_it_is_for() -> None:
    """The sample tells the ways of writing apart, or the tests below are empty."""
    assert {"+", "/"} < set(plain(JPEG))
    assert plain(JPEG).endswith("=")
    assert wrapped(JPEG).count("\n") == 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(plain(JPEG), id="clean"),
        pytest.param(DATA_URI + plain(JPEG), id="data URI"),
        pytest.param("DATA:;base64," + plain(JPEG), id="data URI in capitals"),
        pytest.param(wrapped(JPEG), id="LF"),
        pytest.param(wrapped_crlf(JPEG), id="CRLF"),
        pytest.param(f" \t{plain(JPEG)}\v\f ", id="white space around"),
        pytest.param(url_safe(JPEG), id="URL-safe"),
        pytest.param(plain(JPEG).replace("+", "-"), id="both alphabets"),
        pytest.param(plain(JPEG).replace("+", " "), id="lost pluses"),
        pytest.param(wrapped(JPEG).replace("+", " "), id="lost pluses in lines"),
        pytest.param(wrapped(JPEG).replace("\n", " "), id="lines in one"),
        pytest.param(wrapped(JPEG).replace("\n", "\r\r\n"), id="CR CR LF"),
        pytest.param(plain(JPEG).rstrip("="), id="no padding"),
        pytest.param(plain(JPEG) + "==", id="too much padding"),
        pytest.param(url_safe(JPEG).rstrip("="), id="URL-safe, no padding"),
        pytest.param(
            f"\n{DATA_URI}\r\n{wrapped_crlf(JPEG).translate(UNPADDED_URL_SAFE)}",
            id="everything",
        ),
    ],
)
def test_tolerated_base64(data: str) -> None:
    """Firmware writes base64 in many ways; all that is unambiguous is read."""
    assert decode_picture(data) == Picture(content=JPEG, content_type="image/jpeg")


@pytest.mark.parametrize("pluses", [1, 2, 3])
def test_pluses_lost_at_the_end(pluses: int) -> None:
    """What got lost of the last letters is no white space behind the text."""
    text = plain(jpeg(b"\xfb\xef\xbe\x3e\x3f" * 18)) + "/" * (4 - pluses)
    lost = (text + "+" * pluses).replace("+", " ")
    assert decode_picture(lost).content == b64decode(text + "+" * pluses)


def test_pluses_or_lines() -> None:
    """Many spaces at even distances are line breaks, whatever else is in the text."""
    picture = jpeg(bytes(1000))
    assert "+" not in plain(picture)
    assert decode_picture(wrapped(picture).replace("\n", " ")).content == picture


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("!" + plain(JPEG), id="another character"),
        pytest.param(plain(JPEG) + ",", id="comma"),
        pytest.param(plain(JPEG) + "\0", id="NUL"),
        pytest.param(plain(JPEG)[:8] + "=" + plain(JPEG)[8:], id="padding inside"),
        pytest.param(plain(JPEG) + plain(JPEG), id="two pictures"),
        pytest.param(plain(JPEG)[:8] + "A", id="one letter too many"),
        pytest.param("/9j/é" + plain(JPEG), id="letter beyond ASCII"),
        pytest.param(plain(JPEG) + "\u00a0", id="no-break space"),
        pytest.param(plain(JPEG).replace("/", "\uff0f"), id="wide slash"),
        pytest.param(plain(JPEG) + "\ud800", id="lone surrogate"),
        pytest.param(DATA_URI + DATA_URI + plain(JPEG), id="two prefixes"),
        pytest.param("image/jpeg;base64," + plain(JPEG), id="half a prefix"),
        pytest.param("http://192.0.2.1/1.jpg", id="address"),
        pytest.param(f"{plain(JPEG)[:30]} {plain(JPEG)[30:]}", id="one more space"),
        pytest.param(
            f"{plain(JPEG)[:30]}\n{plain(JPEG)[30:]}", id="one line too short"
        ),
        pytest.param(f"{plain(JPEG)[:76]}\t{plain(JPEG)[76:]}", id="tab"),
        pytest.param(
            wrapped(JPEG * 2).replace("\n", "\n "), id="lines that are indented"
        ),
    ],
)
def test_not_base64(data: str) -> None:
    """Beyond that base64 is strict: ASCII only, and nothing is skipped over.

    A lenient decoder would make a damaged picture of a damaged text.
    """
    with pytest.raises(SnapcamPictureError, match=r"^not base64$"):
        decode_picture(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(plain(png(b"1"))[:40] + " " + plain(png(b"1"))[41:], id="inside"),
        pytest.param("/9j/wAAC/9oAAv/ZAAA ", id="behind"),
    ],
)
def test_two_readings(data: str) -> None:
    """Where a space may be a plus or the end of a line, neither is guessed."""
    with pytest.raises(SnapcamPictureError, match=r"two ways"):
        decode_picture(data)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param(JPEG, "image/jpeg", id="JPEG"),
        pytest.param(JPEG + bytes(512), "image/jpeg", id="JPEG with zeros behind"),
        pytest.param(JPEG + b"\r\n", "image/jpeg", id="JPEG with a line break behind"),
        pytest.param(JPEG + b"\xff" * 9, "image/jpeg", id="JPEG with fill behind"),
        pytest.param(JPEG + b"SN:0042\0", "image/jpeg", id="JPEG with a trailer"),
        pytest.param(PROGRESSIVE, "image/jpeg", id="progressive JPEG"),
        pytest.param(PROGRESSIVE + b"\n", "image/jpeg", id="progressive, with LF"),
        pytest.param(
            b"\xff\xd8\xff\xff" + JPEG[3:], "image/jpeg", id="JPEG with fill in it"
        ),
        pytest.param(PNG + b"trailer", "image/png", id="PNG with a trailer"),
        pytest.param(webp(b"odd"), "image/webp", id="WebP of odd length"),
        pytest.param(WEBP + bytes(9), "image/webp", id="WebP with zeros behind"),
        pytest.param(PNG, "image/png", id="PNG"),
        pytest.param(WEBP, "image/webp", id="WebP"),
    ],
)
def test_picture(content: bytes, content_type: str) -> None:
    """The type is told by the first bytes alone; the content is kept as it came."""
    picture = Picture(content=content, content_type=content_type)
    assert check_picture(content) == decode_picture(plain(content)) == picture
    assert sniff_content_type(content[:12]) == content_type


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(b"\xff\xd8", id="start of a JPEG"),
        pytest.param(b"\xff\xd8\xff", id="start of a JPEG and one byte"),
        pytest.param(JPEG[:-1], id="JPEG without its last byte"),
        pytest.param(JPEG[:-2], id="JPEG without its end"),
        pytest.param(JPEG[:40] + bytes(40), id="JPEG that ends in zeros"),
        pytest.param(b" " + JPEG, id="JPEG with a space before"),
        pytest.param(b"\xff\xd8\xff\xd9", id="JPEG of nothing but its ends"),
        pytest.param(WITH_THUMBNAIL[: WITH_THUMBNAIL.index(b"rest")], id="thumbnail"),
        pytest.param(b"\xff\xd8\xff\xda\0\2 scan \xff\xd9", id="JPEG without frame"),
        pytest.param(JPEG[:-2] + JPEG + b"\n", id="JPEG begun again in its scan"),
        pytest.param(
            PROGRESSIVE[: PROGRESSIVE.index(b"\xff\xd9") + 2],
            id="JPEG's end in a table",
        ),
        pytest.param(JPEG[:2] + b"\xff\xfe\0\2" * 5000 + JPEG[2:], id="5000 comments"),
        pytest.param(JPEG[:2] + b"\xff\xfe\0\0" + JPEG[2:], id="length of nothing"),
        pytest.param(PNG[:7], id="start of a PNG"),
        pytest.param(PNG[:8], id="signature of a PNG"),
        pytest.param(PNG[:-1], id="PNG without its last byte"),
        pytest.param(PNG[:-12], id="PNG without its end"),
        pytest.param(PNG[:33] + PNG[-12:], id="PNG without its image"),
        pytest.param(PNG[:8] + PNG[33:], id="PNG without its header"),
        pytest.param(WEBP[:-1], id="WebP without its last byte"),
        pytest.param(WEBP[:20], id="WebP without its image"),
        pytest.param(b"RIFF\x04\0\0\0WEBP", id="WebP with nothing in it"),
        pytest.param(webp(b"").replace(b"VP8 ", b"EXIF"), id="WebP of metadata"),
        pytest.param(b"RIFF\x10\x00\x00\x00WAVEfmt ", id="sound"),
        pytest.param(b"RIFFWEBP", id="WebP without its size"),
        pytest.param(b"GIF89a\x01\x00\x01\x00", id="GIF"),
        pytest.param(b"<html><body>500</body></html>", id="HTML"),
    ],
)
def test_not_a_picture(content: bytes) -> None:
    """Neither another format nor a cut off JPEG replaces a good picture."""
    with pytest.raises(SnapcamPictureError):
        check_picture(content)
    with pytest.raises(SnapcamPictureError):
        decode_picture(plain(content))


@pytest.mark.parametrize("write", [plain, wrapped_crlf, url_safe])
def test_largest_picture(write: Callable[[bytes], str]) -> None:
    """The limit counts the decoded bytes, however they are written, and includes it."""
    assert MAX_PICTURE_BYTES == 8 * 1024 * 1024
    picture = large(MAX_PICTURE_BYTES)
    assert decode_picture(DATA_URI + write(picture)).content == picture
    with pytest.raises(SnapcamPictureTooLargeError):
        decode_picture(write(large(MAX_PICTURE_BYTES + 1)))


def test_one_byte_too_many() -> None:
    """The limit holds for bytes that never were base64, too: a posted picture."""
    with pytest.raises(SnapcamPictureTooLargeError):
        check_picture(large(MAX_PICTURE_BYTES + 1))


def test_too_large_is_told_before_decoding() -> None:
    """A text that is far too long is not looked at: it is too large, not no base64."""
    with pytest.raises(SnapcamPictureTooLargeError):
        decode_picture("!" * (2 * MAX_PICTURE_BYTES))
