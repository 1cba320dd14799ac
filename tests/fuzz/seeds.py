"""Where the search begins: the vendor's page, and what firmware makes of it."""

from base64 import b64encode, encodebytes, urlsafe_b64encode
from pathlib import Path

from tests.const import SN
from tests.files import jpeg, png, webp

JPEG = jpeg(b" a picture ")
PNG = png(b"another picture")
WEBP = webp(b"a third picture")
PICTURES = (JPEG, PNG, WEBP, JPEG + bytes(8))
MESSAGES = tuple(
    path.read_bytes()
    for path in sorted(Path(__file__).parents[1].glob("fixtures/*.json"))
)
FORM = b"multipart/form-data; boundary=b"


def messages() -> list[bytes]:
    """Return messages: those of the page, and a dressed one."""
    return [*MESSAGES, b"\xef\xbb\xbf" + MESSAGES[0] + b"\n\0"]


def pictures() -> list[bytes]:
    """Return the data of snapshots, and pictures as they are."""
    ways = (b64encode, urlsafe_b64encode, encodebytes)
    texts = [way(picture) for picture in PICTURES for way in ways]
    return [*PICTURES, *texts, b"data:image/jpeg;base64," + b64encode(JPEG)]


def bodies() -> list[bytes]:
    """Return bodies, each behind the type of content its sender claims."""
    json = [b"application/json\n" + message for message in MESSAGES]
    raw = [b"image/jpeg\n" + picture for picture in PICTURES]
    return [*json, *raw, *(FORM + b"\n" + form for form in _forms())]


def _forms() -> list[bytes]:
    """Return forms: with a file, with fields, with both, and with a form in it."""
    file = _part(b'name="file"; filename="a.jpg"', JPEG)
    data = _part(b'name="data"', b64encode(JPEG))
    fields = _part(b'name="sn"', SN.encode()) + _part(b'name="request_id"', b"7")
    charset = _part(b'name="_charset_"', b"utf-8")
    nested = b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n"
    contents = (file, data, fields + file, charset + data, nested)
    return [content + b"--b--\r\n" for content in contents]


def _part(disposition: bytes, content: bytes) -> bytes:
    """Return a part of a form."""
    head = b"--b\r\nContent-Disposition: form-data; " + disposition
    return head + b"\r\n\r\n" + content + b"\r\n"


SEEDS = {"message": messages, "picture": pictures, "body": bodies}
"""By target."""
