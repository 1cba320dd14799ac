"""Files that are whole by their structure, and as small as that allows."""


def jpeg(scan: bytes) -> bytes:
    """Return a JPEG that is whole by its structure, though nobody could draw it."""
    return b"\xff\xd8\xff\xc0\0\2\xff\xda\0\2" + scan + b"\xff\xd9"


def png(image: bytes) -> bytes:
    """Return such a PNG."""
    chunks = {b"IHDR": bytes(13), b"IDAT": image, b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(content).to_bytes(4) + kind + content + bytes(4)
        for kind, content in chunks.items()
    )


def webp(image: bytes) -> bytes:
    """Return such a WebP."""
    chunk = b"VP8 " + len(image).to_bytes(4, "little") + image + bytes(len(image) % 2)
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk
