"""A snapshot as it is posted, and the reply to it."""

from base64 import b64encode
import json
from urllib.parse import urlencode, urlsplit

from aiohttp import FormData

from .commands import Message
from .faults import HttpBody
from .links import PostError


async def pack_snapshot(
    form: HttpBody, request: Message, picture: bytes
) -> tuple[bytes, str]:
    """Return the body that is posted, and its content type."""
    match form:
        case HttpBody.JSON:
            return json.dumps(request).encode(), "application/json"
        case HttpBody.FIELDS:
            return urlencode(request).encode(), "application/x-www-form-urlencoded"
        case HttpBody.BASE64:
            return b64encode(picture), "text/plain"
        case HttpBody.MULTIPART | HttpBody.SPARE_FILES:
            data = FormData()
            data.add_field(
                "file", picture, filename="snapshot.jpg", content_type="image/jpeg"
            )
            if form is HttpBody.SPARE_FILES:
                data.add_field("event", b"<event/>", filename="event.xml")
                data.add_field("plate", b"", filename="plate.jpg")
            payload = data()
            return await payload.as_bytes(), payload.headers["Content-Type"]
        case HttpBody.RAW:
            return picture, "image/jpeg"


def read_reply(form: HttpBody, request: Message, reply: bytes) -> Message:
    """Return the answer to a request from the reply to its post.

    Raises:
        PostError: The reply is not an answer of the vendor's page.
    """
    try:
        answer = json.loads(reply)
    except ValueError:
        raise PostError("the reply is not JSON") from None
    match answer:
        case {"operate": str()} if form is not HttpBody.JSON:
            # A mere picture has no id which the server could send back.
            return {**answer, "request_id": request["request_id"]}
        case {"operate": str(), "request_id": str() | int()}:
            return {**answer}
    raise PostError("the reply is not an answer")


def host_of(address: str) -> str:
    """Return the host in an address, which may hold a secret everywhere else."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    return host or "(no host)"
