"""A server that simulated cameras post to, and what is seen of their pictures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from io import BytesIO
import json
from typing import Any

from aiohttp import web
from PIL import Image

from tests.simulator.workbench import Message, ok

type Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass
class Posted:
    """What a server got in one post."""

    content_type: str
    body: bytes
    files: dict[str, tuple[str, str, bytes]]


@dataclass
class Server:
    """A server for snapshots: what was posted to it, and how it replies."""

    posted: list[Posted] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)
    reply: Handler | None = None
    address: str = ""

    @property
    def messages(self) -> list[Message]:
        """Return what was posted, decoded."""
        return [json.loads(posted.body) for posted in self.posted]

    async def take(self, request: web.Request) -> web.Response:
        """Take a post, and reply to it."""
        files: Any = await request.post()
        self.posted.append(
            Posted(
                content_type=request.headers["Content-Type"].partition(";")[0],
                body=await request.read(),
                files={
                    name: (file.filename, file.content_type, file.file.read())
                    for name, file in files.items()
                    if isinstance(file, web.FileField)
                },
            )
        )
        return await (self.reply or self.answer)(request)

    async def answer(self, _request: web.Request) -> web.Response:
        """Reply with the next of the answers."""
        return web.json_response(self.answers.pop(0))


def decodes(picture: bytes) -> tuple[int, int]:
    """Return the size of a picture that decodes to its end."""
    with Image.open(BytesIO(picture)) as image:
        image.load()
        assert image.format == "JPEG"
        return image.size


def uploaded(request_id: str | int) -> Message:
    """Return the answer that takes a snapshot."""
    return ok("upload_snapshot_rsp", request_id=request_id)
