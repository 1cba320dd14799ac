"""A stateful camera that speaks the vendor's page; it knows no network."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import json
import math
from typing import override

from .commands import Message, RefusedError, execute, summarise
from .device import Device, host_clock
from .dialects import write
from .faults import Faults
from .links import Download, Post, PostError, Publish, find_nothing, lose, reach_nobody
from .upgrade import upgrade
from .upload import host_of, pack_snapshot, read_reply

ANSWER_TIMEOUT = 10.0

type RequestId = str | int


class SimulatedCamera(Device):
    """One camera: hand it what arrives, and it publishes or posts what it has to say."""

    def __init__(
        self,
        *,
        sn: str,
        publish: Publish = lose,
        post: Post = reach_nobody,
        download: Download = find_nothing,
        clock: Callable[[], float] = host_clock,
        hb_interval: int = 60,
        mac: str | None = None,
        picture_size: tuple[int, int] = (640, 360),
        faults: Faults | None = None,
    ) -> None:
        """Switch the camera on; without a MAC it makes one from its SN."""
        self._rescheduled = asyncio.Event()
        super().__init__(
            sn=sn,
            clock=clock,
            hb_interval=hb_interval,
            mac=mac,
            picture_size=picture_size,
            faults=faults,
        )
        self.publish, self.post, self.download = publish, post, download
        self.received: list[Message] = []
        self.answers: list[Message] = []
        self._requests: dict[RequestId, str] = {}
        self._answered = asyncio.Condition()

    async def handle(self, payload: bytes) -> None:
        """Take one message that arrived, and do what it asks."""
        if not self._powered.is_set():
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
        heartbeat = self._request("heartbeat")
        await self._send(heartbeat)
        request_id: RequestId = heartbeat["request_id"]
        return request_id

    async def send_snapshot(self, picture: bytes | None = None) -> RequestId:
        """Upload a picture, the given one or what the camera sees, as it is set to."""
        picture = self.take_picture(picture)
        upload = self._request("upload_snapshot", data=self.faults.encode(picture))
        if self.config.by_http:
            await self._post(upload, picture)
        else:
            self.log.info("snapshot sent: %d bytes", len(picture))
            await self._send(upload)
        request_id: RequestId = upload["request_id"]
        return request_id

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

    @override
    def power_on(self) -> None:
        """Start, with a heartbeat that is due at once."""
        super().power_on()
        self._heartbeat_at = -math.inf
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
        while await self._powered.wait():
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
        while await self._powered.wait():
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
        self.under_way.append(request["operate"])
        try:
            await self._answer(request, **outcome.fields)
            match outcome.afterwards:
                case "upgrade":
                    await upgrade(self, self.download, request["package_url"])
                case "upload":
                    await self.send_snapshot()
        finally:
            self.under_way.remove(request["operate"])

    async def _answer(
        self, request: Message, *, ret: int = 0, msg: str = "", **fields: object
    ) -> None:
        """Publish the answer to a request, unless it is to get lost."""
        if self.faults.silent:
            self.log.info("%s: not answered", summarise(request))
            return
        await asyncio.sleep(self.faults.answer_delay)
        answer = {
            "operate": f"{request['operate']}_rsp",
            "request_id": request["request_id"],
            "sn": self.faults.foreign_sn or self.sn,
            "ret": ret,
            "msg": msg,
        }
        await self._send(answer | fields)
        self.log.info("%s: answered ret %d", summarise(request), ret)

    def _request(self, operate: str, **fields: object) -> Message:
        """Return a new request to the server, whose answer is known from now on."""
        number = len(self._requests) + 1
        request_id = number if self.faults.integer_ids else f"{number:06d}"
        self._requests[request_id] = operate
        return {
            "operate": operate,
            "request_id": request_id,
            "timestamp": int(self.now),
            "sn": self.faults.foreign_sn or self.sn,
            **fields,
        }

    async def _send(self, message: Message) -> None:
        """Publish a message, twice if it is to be duplicated."""
        payload = write(message, self.faults.dialect)
        for _ in range(1 + self.faults.duplicate):
            await self.publish(payload, retain=self.faults.retain)

    async def _post(self, upload: Message, picture: bytes) -> None:
        """Post a snapshot, twice if it is to be duplicated, and take the answers."""
        address, form = self.config.upload_addr, self.faults.http_body
        host = host_of(address)
        body, content_type = await pack_snapshot(form, upload, picture)
        for _ in range(1 + self.faults.duplicate):
            self.log.info("posting a snapshot to %s: %d bytes", host, len(picture))
            try:
                reply = await self.post(address, body, content_type=content_type)
                answer = read_reply(form, upload, reply)
            except PostError as err:
                self.log.info("snapshot not delivered to %s: %s", host, err)
            else:
                await self._take_answer(answer)
