"""What a camera posts over HTTP: understood and answered."""

from dataclasses import replace
import logging
from typing import Protocol

from ..link.journal import Journal
from ..protocol import (
    Dialect,
    Operate,
    Request,
    Response,
    Ret,
    SnapcamMessageError,
    encode_message,
    parse_message,
    picture_request,
    same_sn,
)
from .bodies import Post

_LOGGER = logging.getLogger(__name__)


class PostingCamera(Protocol):
    """The camera that posts; the coordinator is one."""

    sn: str
    name: str
    journal: Journal
    posts_from_outside: int
    """How many were refused, though they had the secret."""

    async def async_handle_post(self, request: Request) -> Ret:
        """Handle what the camera asks, and return what to answer."""


async def async_take_post(camera: PostingCamera, post: Post) -> Response:
    """Pass what was posted on to its camera, and return the answer."""
    request = None
    try:
        request = _understand(camera.sn, post)
        ret = await camera.async_handle_post(request)
    except SnapcamMessageError:
        ret = Ret.MALFORMED
    except Exception:  # The camera waits for an answer whatever went wrong here.
        _LOGGER.exception("Could not handle a post of %s", camera.name)
        ret = Ret.INTERNAL
    response = _answer(camera.sn, request, ret)
    camera.journal.said(response)
    return response


def refusal(ret: Ret, sn: str = "") -> bytes:
    """Return the answer to somebody whose message was not read.

    Args:
        ret: Why.
        sn: Of the camera the address belongs to, if any.
    """
    return encode_message(_answer(sn, None, ret))


def _understand(sn: str, post: Post) -> Request:
    """Return the request a post stands for.

    Raises:
        SnapcamMessageError: It is none.
    """
    if post.is_form or post.picture is not None:
        request = picture_request(post.picture, post.fields, sn=sn)
    else:
        message = parse_message(post.text)
        if not isinstance(message, Request):
            raise SnapcamMessageError("not a request")
        request = message
    tolerated = request.tolerated | post.tolerated
    if request.sn != sn and same_sn(request.sn, sn):
        tolerated |= {Dialect.SN_LETTERS}
    return replace(request, tolerated=tolerated)


def _answer(sn: str, request: Request | None, ret: Ret) -> Response:
    """Return the answer to a request, or to what could not be understood."""
    return Response(
        operate=request.operate if request else Operate.UPLOAD_SNAPSHOT,
        request_id=request.request_id if request else None,
        sn=request.sn if request and same_sn(request.sn, sn) else sn,
        ret=ret,
        msg=ret.text,
    )
