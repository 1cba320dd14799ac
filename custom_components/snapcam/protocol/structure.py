"""Whether the bytes of a picture are a whole one, by the structure of its file."""

from collections.abc import Callable, Mapping
import re
import struct
from typing import Final

# Decoders skip what is between two segments, and so does this. FF 00 and the restart
# markers are part of a scan, and an FF before another FF only fills.
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ONE_SCAN: Final = frozenset((0xC0, 0xC1))
_START_OF_IMAGE: Final = 0xD8
_END_OF_IMAGE: Final = 0xD9
_START_OF_SCAN: Final = 0xDA

MAX_SEGMENTS: Final = 4096
"""No picture of the largest size has as many parts; a million would hold up the loop."""

_PNG_HEADER: Final = b"\0\0\0\rIHDR"
_WEBP_IMAGES: Final = frozenset((b"VP8 ", b"VP8L", b"ANMF"))


def is_whole(content: bytes, content_type: str) -> bool:
    """Return whether a picture is there from its beginning to its end.

    What follows the end is ignored: zeros, a line break, a camera's own trailer.

    Args:
        content: The bytes of the picture.
        content_type: What its first bytes say it is.
    """
    return _CHECKS[content_type](content)


def _is_whole_jpeg(content: bytes) -> bool:
    """Walk a JPEG's segments to the scan, and find the end of image from there on."""
    place, frame = 2, None
    for _ in range(MAX_SEGMENTS):
        if (found := _MARKER.search(content, place)) is None:
            return False
        marker, place = content[found.end() - 1], found.end()
        if marker in (_START_OF_IMAGE, _END_OF_IMAGE):
            return False
        if marker in _START_OF_FRAME:
            frame = marker
        length = int.from_bytes(content[place : place + 2])
        place += length
        if length < 2 or place > len(content):
            return False
        if marker == _START_OF_SCAN:
            # Most have one scan and no trailer, and a walk through it takes a while.
            if frame in _ONE_SCAN and content.endswith(b"\xff\xd9", place):
                return True
            return frame is not None and _has_end_of_image(content, place)
    return False


def _has_end_of_image(content: bytes, place: int) -> bool:
    """Return whether a JPEG ends, of which a scan begins at a place."""
    for _ in range(MAX_SEGMENTS):
        if (found := _MARKER.search(content, place)) is None:
            return False
        marker, place = content[found.end() - 1], found.end()
        if marker in (_START_OF_IMAGE, _END_OF_IMAGE):
            return marker == _END_OF_IMAGE
        place += int.from_bytes(content[place : place + 2])
    return False


def _is_whole_png(content: bytes) -> bool:
    """Walk a PNG's chunks from its header to its end, by way of the image."""
    place, seen = 8, False
    if content[place : place + 8] != _PNG_HEADER:
        return False
    for _ in range(MAX_SEGMENTS):
        if place + 12 > len(content):
            return False
        length, kind = struct.unpack_from(">I4s", content, place)
        place += 12 + length
        if place > len(content):
            return False
        if kind == b"IEND":
            return seen
        seen = seen or kind == b"IDAT"
    return False


def _is_whole_webp(content: bytes) -> bool:
    """Walk a WebP's chunks through the length that it says it has."""
    place, end = 12, 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        return False
    seen = False
    for _ in range(MAX_SEGMENTS):
        if place + 8 > end:
            return seen
        kind, length = struct.unpack_from("<4sI", content, place)
        if place + 8 + length > end:
            return False
        place += 8 + length + length % 2
        seen = seen or kind in _WEBP_IMAGES
    return False


_CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "image/jpeg": _is_whole_jpeg,
    "image/png": _is_whole_png,
    "image/webp": _is_whole_webp,
}
