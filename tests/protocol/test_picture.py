"""From base64 to a picture: what is tolerated, and what is not a picture."""

from base64 import b64encode, encodebytes, urlsafe_b64encode
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

# Its base64 has both letters in which the alphabets differ, two lines and padding.
JPEG = b"\xff\xd8\xff\xe0\x00\x10" + b"\xfb\xef\xbe\xff\xff\xff" * 12 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n and what follows"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "

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
    return JPEG[:-2] + bytes(size - len(JPEG)) + JPEG[-2:]


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
    ],
)
def test_not_base64(data: str) -> None:
    """Beyond that base64 is strict: ASCII only, and nothing is skipped over.

    A lenient decoder would make a damaged picture of a damaged text.
    """
    with pytest.raises(SnapcamPictureError, match=r"^not base64$"):
        decode_picture(data)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param(JPEG, "image/jpeg", id="JPEG"),
        pytest.param(JPEG + bytes(512), "image/jpeg", id="JPEG with zeros behind"),
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
        pytest.param(JPEG + b"\r\n", id="JPEG with text behind"),
        pytest.param(b" " + JPEG, id="JPEG with a space before"),
        pytest.param(PNG[:7], id="start of a PNG"),
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
