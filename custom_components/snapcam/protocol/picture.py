"""From base64 to a picture that is worth keeping."""

from dataclasses import dataclass, field, replace
from typing import Final

import pybase64

from .dialects import Dialect
from .exceptions import SnapcamPictureError, SnapcamPictureTooLargeError
from .loose_base64 import decode_loosely
from .structure import is_whole

MAX_PICTURE_BYTES: Final = 8 * 1024 * 1024
"""The largest picture we take, decoded."""

# Base64 is four characters for three bytes; line breaks and a data URI's prefix
# take a little more.
_MAX_DATA_CHARACTERS: Final = MAX_PICTURE_BYTES * 4 // 3 * 21 // 20

_HEAD: Final = 128
_FIRST_LETTERS: Final = 16
"""As many as tell the type of a picture."""

# A space is a plus that a form has lost.
_STANDARD: Final = bytes.maketrans(b"-_ ", b"+/+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A checked picture."""

    content: bytes
    content_type: str
    """image/jpeg, image/png or image/webp."""
    tolerated: frozenset[Dialect] = field(default=frozenset(), compare=False)
    """What was odd about its base64."""


def decode_picture(data: str) -> Picture:
    """Decode the `data` of a snapshot (I.2, II.4).

    A data URI's prefix, even lines, the URL-safe alphabet, missing padding and a `+`
    that became a space are tolerated; anything else is not base64.

    Args:
        data: The picture in base64.

    Raises:
        SnapcamPictureTooLargeError: It decodes to more than `MAX_PICTURE_BYTES`.
        SnapcamPictureError: It is not base64, or not a whole picture.
    """
    if len(data) > _MAX_DATA_CHARACTERS:
        raise SnapcamPictureTooLargeError("picture too large")
    try:
        content = pybase64.b64decode(data, validate=True)
    except ValueError as err:
        if not data.isascii():
            raise SnapcamPictureError("not base64") from err
        content, tolerated = decode_loosely(data)
        return replace(check_picture(content), tolerated=tolerated)
    return check_picture(content)


def check_picture(content: bytes) -> Picture:
    """Tell a picture's type by its first bytes, and that it is a whole one.

    Args:
        content: The bytes of the picture.

    Raises:
        SnapcamPictureTooLargeError: It is longer than `MAX_PICTURE_BYTES`.
        SnapcamPictureError: It is not JPEG, PNG or WebP, or not a whole one.
    """
    if len(content) > MAX_PICTURE_BYTES:
        raise SnapcamPictureTooLargeError("picture too large")
    if (content_type := sniff_content_type(content)) is None:
        raise SnapcamPictureError("not a JPEG, PNG or WebP picture")
    if not is_whole(content, content_type):
        raise SnapcamPictureError("truncated picture")
    return Picture(content=content, content_type=content_type)


def sniff_content_type(content: bytes) -> str | None:
    """Return the type of a picture by its first twelve bytes; None for no picture."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def sniff_base64(text: bytes) -> bool:
    """Return whether a text is a picture in base64, by its first letters.

    Args:
        text: The text; `data:image/jpeg;base64,` may be before it.
    """
    text = text[:_HEAD].lstrip()
    if text[:5].lower() == b"data:":
        text = text.partition(b",")[2].lstrip()
    letters = text[:_FIRST_LETTERS].translate(_STANDARD)
    try:
        return (
            sniff_content_type(pybase64.b64decode(letters, validate=True)) is not None
        )
    except ValueError:
        return False
