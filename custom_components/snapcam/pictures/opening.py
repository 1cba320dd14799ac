"""Open pictures that may be damaged, or claim to be as large as the memory."""

import struct
from typing import Final
import zlib

from PIL import Image

MAX_PIXELS: Final = 12_000_000
"""A small file may claim to be a picture as large as the memory. A JPEG is reduced
while it is read, unless it is a progressive one; the others are not."""

FORMATS: Final = ("JPEG", "PNG", "WEBP")

UNREADABLE: Final = (
    Image.DecompressionBombError,
    EOFError,
    IndexError,
    SyntaxError,
    struct.error,
    zlib.error,
)
"""What Pillow raises for a damaged picture, besides what it should."""


def reduce(image: Image.Image, mode: str, size: tuple[int, int]) -> None:
    """Have a picture that was opened read no larger than is needed.

    Args:
        image: The picture, not read yet.
        mode: Of the colours that are needed.
        size: As large as it is to be, at least.

    Raises:
        ValueError: It would take too much memory nevertheless.
    """
    if "progressive" not in image.info:
        image.draft(mode, size)
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("too many pixels")
