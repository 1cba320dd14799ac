"""A simulated camera on a bench: nothing but what it is handed, and what it says."""

import asyncio
from dataclasses import dataclass, field
import json

from .camera import SimulatedCamera
from .commands import Message

SN = "200000000001"
NOW = 1_800_000_000.0
TOKEN = "secret-token"


@dataclass
class Bench:
    """A camera on the bench, a clock to turn, and what the camera published."""

    time: float = NOW
    published: list[bytes] = field(default_factory=list)
    retained: list[bool] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        """Switch the camera on."""
        self.camera = SimulatedCamera(
            sn=SN,
            publish=self.publish,
            clock=lambda: self.time,
            picture_size=(64, 48),
        )

    async def publish(self, payload: bytes, /, *, retain: bool) -> None:
        """Take what the camera publishes."""
        async with self.arrived:
            self.published.append(payload)
            self.retained.append(retain)
            self.arrived.notify_all()

    @property
    def messages(self) -> list[Message]:
        """Return what the camera published, decoded."""
        return [json.loads(payload) for payload in self.published]

    async def wait_for_messages(self, count: int) -> None:
        """Wait until the camera has published so many messages."""
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.published) >= count)

    async def ask(self, operate: str, **fields: object) -> Message:
        """Ask as the server does, and return the first message that came back."""
        request = {"operate": operate, "request_id": "a1b2", "timestamp": int(NOW)}
        before = len(self.published)
        await self.camera.handle(json.dumps(request | {"sn": SN} | fields).encode())
        return self.messages[before]

    async def command(self, **cmd_data: object) -> Message:
        """Send a command of the control set."""
        return await self.ask("control_cmd", cmd_data=cmd_data)


def ok(operate: str, **fields: object) -> Message:
    """Return the answer that grants a request."""
    envelope = {"operate": operate, "request_id": "a1b2", "sn": SN}
    return envelope | {"ret": 0, "msg": ""} | fields
