"""A stateful camera that speaks the vendor's page; it knows no network."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
import json
import logging
import math
from typing import Any, Protocol, override

from .commands import Message, RefusedError, execute, summarise
from .device import Device, host_clock
from .faults import Faults

_LOGGER = logging.getLogger(__name__)

ANSWER_TIMEOUT = 10.0

type RequestId = str | int


class Publish(Protocol):
    """Sends a message to the topic on which a camera speaks."""

    def __call__(self, payload: bytes, /, *, retain: bool) -> Awaitable[None]:
        """Send one message."""


async def lose(_payload: bytes, /, *, retain: bool) -> None:
    """Send nothing, like a camera without a connection."""


class CameraLog(logging.LoggerAdapter[logging.Logger]):
    """Puts the SN in front of what a camera tells people."""

    def __init__(self, sn: str) -> None:
        """Remember the SN."""
        super().__init__(_LOGGER)
        self._sn = sn

    @override
    def process(
        self, msg: str, kwargs: MutableMapping[str, Any]
    ) -> tuple[str, MutableMapping[str, Any]]:
        """Return the message with the SN."""
        return f"{self._sn}  {msg}", kwargs


class SimulatedCamera(Device):
    """One camera: hand it what arrives, and it publishes what it has to say."""

    upgrade_downtime: float = 0

    def __init__(
        self,
        *,
        sn: str,
        publish: Publish = lose,
        clock: Callable[[], float] = host_clock,
        hb_interval: int = 60,
        mac: str | None = None,
        picture_size: tuple[int, int] = (640, 360),
        faults: Faults | None = None,
    ) -> None:
        """Switch the camera on; without a MAC it makes one from its SN."""
        super().__init__(
            sn=sn,
            clock=clock,
            hb_interval=hb_interval,
            mac=mac,
            picture_size=picture_size,
            faults=faults,
        )
        self.publish = publish
        self.received: list[Message] = []
        self.answers: list[Message] = []
        self.log = CameraLog(sn)
        self._requests: dict[RequestId, str] = {}
        self._answered = asyncio.Condition()
        self._running = asyncio.Event()
        self._running.set()
        self._heartbeat_at = -math.inf
        self._rescheduled = asyncio.Event()

    async def handle(self, payload: bytes) -> None:
        """Take one message that arrived, and do what it asks."""
        if not self._running.is_set():
            return
        try:
            message = json.loads(payload)
        except ValueError:
            message = None
        match message:
            case {"operate": str(operate), "request_id": str() | int(), "sn": str(sn)}:
                # Cameras that share a topic hear what is meant for the others too.
                if operate.endswith("_rsp") and sn in {self.sn, self.faults.foreign_sn}:
                    await self._take_answer(message)
                elif not operate.endswith("_rsp") and sn == self.sn:
                    await self._obey(message)
            case _:
                self.log.info("message not understood: %d bytes", len(payload))

    async def send_heartbeat(self) -> RequestId:
        """Publish a heartbeat."""
        self._heartbeat_at = asyncio.get_running_loop().time()
        return await self._request("heartbeat")

    async def send_snapshot(self, picture: bytes | None = None) -> RequestId:
        """Publish a picture: the given one, or what the camera sees."""
        picture = self.take_picture(picture)
        self.log.info("snapshot sent: %d bytes", len(picture))
        return await self._request("upload_snapshot", data=self.faults.encode(picture))

    async def wait_answer(
        self, request_id: RequestId, timeout: float = ANSWER_TIMEOUT
    ) -> Message:
        """Return the server's answer to a request, also if it came before.

        Raises:
            TimeoutError: No answer came within this many seconds.
        """
        async with asyncio.timeout(timeout), self._answered:
            while True:
                for answer in reversed(self.answers):
                    if answer["request_id"] == request_id:
                        return answer
                await self._answered.wait()

    async def reboot(self, downtime: float = 0) -> None:
        """Lose the IO lines, be deaf for some seconds, and start again."""
        self.log.info("rebooting")
        self._running.clear()
        self.power_off()
        try:
            await asyncio.sleep(downtime)
        finally:
            # Also when the connection breaks meanwhile: it must not stay off for good.
            self.power_on()
            self._heartbeat_at = -math.inf
            self._running.set()
            self._rescheduled.set()

    async def run(self, *, snapshot_every: float | None = None) -> None:
        """Send heartbeats, and a snapshot every so many seconds, until cancelled."""
        self._heartbeat_at = -math.inf
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send_heartbeats(tasks))
            if snapshot_every is not None:
                tasks.create_task(self._send_snapshots(tasks, snapshot_every))

    async def _send_heartbeats(self, tasks: asyncio.TaskGroup) -> None:
        """Send a heartbeat whenever one is due, by the interval of that moment."""
        loop = asyncio.get_running_loop()
        while await self._running.wait():
            self._rescheduled.clear()
            due = self._heartbeat_at + self.config.hb_interval
            if loop.time() >= due:
                tasks.create_task(self._watch(await self.send_heartbeat()))
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._rescheduled.wait()

    async def _send_snapshots(self, tasks: asyncio.TaskGroup, every: float) -> None:
        """Send a snapshot now and every so many seconds."""
        while await self._running.wait():
            tasks.create_task(self._watch(await self.send_snapshot()))
            await asyncio.sleep(every)

    async def _watch(self, request_id: RequestId) -> None:
        """Tell people when a request stays without an answer."""
        try:
            await self.wait_answer(request_id)
        except TimeoutError:
            operate = self._requests[request_id]
            self.log.info("%s not answered within %d s", operate, ANSWER_TIMEOUT)

    async def _take_answer(self, answer: Message) -> None:
        """Record an answer of the server and wake who waits for it."""
        operate = self._requests.get(answer["request_id"])
        if answer["operate"] != f"{operate}_rsp":
            self.log.info("%s answers nothing that was asked", answer["operate"])
            return
        self.log.info("%s answered: ret %s", operate, answer.get("ret"))
        async with self._answered:
            self.answers.append(answer)
            self._answered.notify_all()

    async def _obey(self, request: Message) -> None:
        """Do what the server asks, answer it, and do what follows from it."""
        self.received.append(request)
        try:
            outcome = execute(self, request)
        except RefusedError as err:
            await self._answer(request, ret=err.ret, msg=err.msg)
            return
        self._rescheduled.set()
        await self._answer(request, **outcome.fields)
        match outcome.afterwards:
            case "reboot":
                await self.reboot(self.upgrade_downtime)
            case "upload":
                await self.send_snapshot()

    async def _answer(
        self, request: Message, *, ret: int = 0, msg: str = "", **fields: object
    ) -> None:
        """Publish the answer to a request, unless it is to get lost."""
        if self.faults.silent:
            self.log.info("%s: not answered", summarise(request))
            return
        await asyncio.sleep(self.faults.answer_delay)
        await self._send(
            operate=f"{request['operate']}_rsp",
            request_id=request["request_id"],
            sn=self.faults.foreign_sn or self.sn,
            ret=ret,
            msg=msg,
            **fields,
        )
        self.log.info("%s: answered ret %d", summarise(request), ret)

    async def _request(self, operate: str, **fields: object) -> RequestId:
        """Publish a request to the server."""
        number = len(self._requests) + 1
        request_id = number if self.faults.integer_ids else f"{number:06d}"
        self._requests[request_id] = operate
        await self._send(
            operate=operate,
            request_id=request_id,
            timestamp=int(self.now),
            sn=self.faults.foreign_sn or self.sn,
            **fields,
        )
        return request_id

    async def _send(self, **message: object) -> None:
        """Publish a message, twice if it is to be duplicated."""
        payload = json.dumps(message).encode()
        for _ in range(1 + self.faults.duplicate):
            await self.publish(payload, retain=self.faults.retain)
