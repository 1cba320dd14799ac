"""What the tests of the client do again and again."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from typing import Any

import pytest

from custom_components.snapcam.link.client import SnapcamClient
from custom_components.snapcam.protocol import (
    DeviceConfig,
    Request,
    RequestId,
    Response,
    SnapcamError,
    SnapcamPictureError,
    decode_picture,
    parse_message,
    snapshot_data,
)

from ...common import JPEG
from ...const import SN
from ...simulator import SimulatedCamera

NOW = 1_800_000_000


URL = "http://192.0.2.1/firmware.bin"


CONFIG = DeviceConfig(upload_type=1, upload_addr="http://192.0.2.1", hb_interval=30)


MOMENT = 0.5


type Client = SnapcamClient[bytes]


type Command = Callable[[Client], Awaitable[object]]


def lines(io0: int, io1: int) -> Callable[[], Awaitable[tuple[bool, bool]]]:
    """Return what the IO lines are to be, when it is their turn."""

    async def lines() -> tuple[bool, bool]:
        return bool(io0), bool(io1)

    return lines


COMMANDS: dict[str, tuple[Command, dict[str, Any]]] = {
    "get_config": (
        lambda client: client.get_config(),
        {"operate": "get_dev_config"},
    ),
    "set_config": (
        lambda client: client.set_config(CONFIG),
        {
            "operate": "set_dev_config",
            "upload_type": 1,
            "upload_addr": "http://192.0.2.1",
            "hb_interval": 30,
        },
    ),
    "set_outputs": (
        lambda client: client.set_outputs(lines(0, 1)),
        {
            "operate": "control_cmd",
            "cmd_data": {"type": "io_control", "io0": 0, "io1": 1},
        },
    ),
    "upgrade": (
        lambda client: client.upgrade(URL),
        {"operate": "upgrade_dev", "package_url": URL},
    ),
    "take_snapshot": (
        lambda client: client.take_snapshot(),
        {"operate": "control_cmd", "cmd_data": {"type": "take_snapshot"}},
    ),
}


every_command = pytest.mark.parametrize(
    "command", [command for command, _ in COMMANDS.values()], ids=COMMANDS
)


class Line:
    """The line between a client and a camera, and what went over it."""

    def __init__(self) -> None:
        """Connect a client and a camera."""
        self.camera = SimulatedCamera(
            sn=SN, publish=self.send_up, post=self.post, clock=lambda: float(NOW)
        )
        self.camera.picture = JPEG
        self.client = self.new_client(self.send_down)
        self.operates: list[str] = []
        self.payloads: list[bytes] = []
        self.answers: list[Response] = []
        self.accepted: list[bool] = []
        self.failure: SnapcamError | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @staticmethod
    def new_client(publish: Callable[[bytes], Awaitable[None]]) -> Client:
        """Return a client with another way to send."""
        return SnapcamClient(SN, publish=publish, clock=lambda: NOW)

    async def send_down(self, payload: bytes) -> None:
        """Pass a command to the camera, which answers later."""
        self.payloads.append(payload)
        self.operates.append(json.loads(payload)["operate"])
        task = asyncio.create_task(self.camera.handle(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send_up(self, payload: bytes, /, **_: bool) -> None:
        """Pass a message of the camera to the client, as its owner does."""
        self.operates.append(json.loads(payload)["operate"])
        match parse_message(payload):
            case Response() as answer:
                self.answers.append(answer)
                self.accepted.append(self.client.handle_response(answer))
                self._take(snapshot_data(answer), answer.request_id)
            case Request(fields=fields):
                self._take(fields["data"], None)

    async def post(self, _address: str, body: bytes, /, **_: str) -> bytes:
        """Pass a snapshot of the camera to the client, as its owner does."""
        await self.send_up(body)
        answer = {
            "operate": "upload_snapshot_rsp",
            "request_id": json.loads(body)["request_id"],
            "ret": 0,
        }
        return json.dumps(answer).encode()

    def _take(self, data: object, request_id: RequestId | None) -> None:
        """Handle a picture, if there is one, or note what is wrong with it."""
        match data:
            case str():
                try:
                    snapshot = decode_picture(data).content
                except SnapcamPictureError as err:
                    self.failure = err
                    self.client.handle_snapshot(err, request_id)
                else:
                    self.client.handle_snapshot(snapshot, request_id)


def answer_to(payload: bytes, **fields: Any) -> Response:
    """Return an answer to a command that only carries what is given."""
    request = parse_message(payload)
    return Response(
        operate=request.operate,
        request_id=request.request_id,
        sn=SN,
        **{"ret": 0} | fields,
    )


def with_picture(data: str = "/9j/") -> dict[str, Any]:
    """Return the fields of an answer that carries a picture."""
    return {"fields": {"cmd_data": {"type": "take_snapshot", "data": data}}}
