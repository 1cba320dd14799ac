"""A camera's commands, against the simulated camera and without Home Assistant.

The time of the loop jumps to the next timer whenever nothing else is left to do:
timeouts take no time, and sleeping a moment means that all that can happen did.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import gc
import json
from math import ceil, inf
from typing import Any
from weakref import WeakSet

import pytest

from custom_components.snapcam.link.client import SnapcamClient
from custom_components.snapcam.protocol import (
    DeviceConfig,
    Operate,
    Request,
    RequestId,
    Response,
    SnapcamBusyError,
    SnapcamError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    SnapcamPictureError,
    SnapcamRefusedError,
    decode_picture,
    parse_message,
    snapshot_data,
)

from ..common import JPEG
from ..const import OTHER_SN, SN
from ..simulator import Faults, PictureFault, SimulatedCamera

NOW = 1_800_000_000
URL = "http://192.0.2.1/firmware.bin"
CONFIG = DeviceConfig(upload_type=1, upload_addr="http://192.0.2.1", hb_interval=30)
MOMENT = 0.5
OTHER_JPEG = b"\xff\xd8\xff\xe0 another picture \xff\xd9"

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


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations() -> None:
    """Do without the Home Assistant that all other tests have."""


@pytest.fixture
async def jumping_time() -> AsyncGenerator[None]:
    """Let the loop jump to its next timer instead of waiting for it."""
    loop: Any = asyncio.get_running_loop()
    select = loop._selector.select
    # Whole seconds, of which no fraction gets lost, and never before the real time.
    time: float = ceil(loop.time())

    def jump(timeout: float | None) -> object:
        nonlocal time
        assert timeout is not None, "nothing will ever end this wait"
        time += timeout
        return select(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "slow_callback_duration", inf)
        patch.setattr(loop, "time", lambda: time)
        patch.setattr(loop._selector, "select", jump)
        yield


@pytest.fixture(autouse=True)
async def nothing_is_lost(jumping_time: None) -> AsyncGenerator[None]:
    """Fail the test whose futures or tasks end with an error nobody takes."""
    lost: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: lost.append(context))
    yield
    await asyncio.sleep(MOMENT)
    gc.collect()
    assert lost == []


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


@pytest.fixture
async def line() -> Line:
    """Return a line to a camera whose picture is known."""
    return Line()


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


@pytest.mark.parametrize(("command", "message"), COMMANDS.values(), ids=COMMANDS)
async def test_command_on_the_wire(
    line: Line, command: Command, message: dict[str, Any]
) -> None:
    """What is sent is the page's form, byte for byte, under an id of its own."""
    await command(line.client)
    await command(line.client)

    ids = [json.loads(payload)["request_id"] for payload in line.payloads]
    assert len(set(ids)) == 2
    assert [len(bytes.fromhex(request_id)) for request_id in ids] == [8, 8]
    assert line.payloads == [
        json.dumps(
            {
                "operate": message["operate"],
                "request_id": request_id,
                "timestamp": NOW,
                "sn": SN,
                **message,
            },
            separators=(",", ":"),
        ).encode()
        for request_id in ids
    ]
    assert line.accepted == [True, True]


async def test_get_config(line: Line) -> None:
    """What the camera says of itself is returned as a value."""
    line.camera.version = "1.2.3"
    assert await line.client.get_config() == DeviceConfig(
        mac=line.camera.config.mac,
        upload_type=1,
        upload_addr="http://192.0.2.1/snapshots",
        hb_interval=60,
        run_time=0,
        version="1.2.3",
    )


@every_command
async def test_refused(line: Line, command: Command) -> None:
    """A refusal reaches the caller in the camera's own words, and ends the turn."""
    line.camera.faults = Faults(ret=7, msg="door blocked")
    with pytest.raises(SnapcamRefusedError, match=r"^ret 7: door blocked$") as caught:
        await command(line.client)
    assert (caught.value.ret, caught.value.msg) == (7, "door blocked")

    line.camera.faults = Faults()
    await command(line.client)


@every_command
async def test_answer_without_ret(command: Command) -> None:
    """An answer that does not say whether it went well is no success."""

    async def publish(payload: bytes) -> None:
        client.handle_response(answer_to(payload, ret=None))

    client = Line.new_client(publish)
    with pytest.raises(SnapcamMessageError):
        await command(client)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("get_config", 10),
        ("set_config", 10),
        ("set_outputs", 10),
        ("upgrade", 15),
        ("take_snapshot", 20),
    ],
)
async def test_no_answer(line: Line, name: str, seconds: float) -> None:
    """A silent camera is waited for as long as agreed, and no longer."""
    command, _ = COMMANDS[name]
    line.camera.faults.silent = True
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(SnapcamNoAnswerError):
        await command(line.client)
    assert loop.time() - started == seconds


async def test_answer_inside_the_publish_call(line: Line) -> None:
    """The answer may come before the broker has acknowledged the command."""
    line.client = line.new_client(line.camera.handle)
    assert await line.client.take_snapshot() == JPEG
    assert line.accepted == [True]


async def test_answer_with_another_sn(line: Line) -> None:
    """The page's own answers carry another SN than the request: the id decides."""
    line.camera.faults.foreign_sn = OTHER_SN
    await line.client.set_outputs(lines(1, 0))
    assert [answer.sn for answer in line.answers] == [OTHER_SN]
    assert line.camera.io0 == 1


@every_command
async def test_duplicate_answer(line: Line, command: Command) -> None:
    """The second copy of an answer answers nothing: it is to be dropped."""
    line.camera.faults.duplicate = True
    await command(line.client)
    await asyncio.sleep(MOMENT)
    assert line.accepted == [True, False]


@pytest.mark.parametrize("request_id", ["0123456789abcdef", "", 0, None])
async def test_answer_to_nothing(line: Line, request_id: RequestId | None) -> None:
    """An answer we did not ask for is none, while we wait for another one as well."""
    answer = Response(operate=Operate.CONTROL_CMD, request_id=request_id, sn=SN, ret=0)
    assert not line.client.handle_response(answer)

    line.camera.faults.answer_delay = 1
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(line.client.get_config())
        await asyncio.sleep(MOMENT)
        assert not line.client.handle_response(answer)
        assert not asked.done()
    assert line.accepted == [True]


@every_command
async def test_late_answer(line: Line, command: Command) -> None:
    """A late answer is one, once: a late picture is still a picture."""
    line.camera.faults = Faults(answer_delay=30, duplicate=True)
    with pytest.raises(SnapcamNoAnswerError):
        await command(line.client)
    assert line.accepted == []

    await asyncio.sleep(30)
    assert line.accepted == [True, False]
    line.camera.faults = Faults()
    await command(line.client)


async def test_one_in_flight(line: Line) -> None:
    """The next command is sent after the answer to the one before, in their order."""
    line.camera.faults.answer_delay = 9
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(line.client.set_config(CONFIG))
        tasks.create_task(line.client.get_config())
        tasks.create_task(line.client.take_snapshot())
        upgrade = tasks.create_task(line.client.upgrade(URL))
    # Their turn is all they had to wait for: each had its own ten seconds.
    await upgrade
    assert line.operates == [
        "set_dev_config",
        "set_dev_config_rsp",
        "get_dev_config",
        "get_dev_config_rsp",
        "control_cmd",
        "control_cmd_rsp",
        "upgrade_dev",
        "upgrade_dev_rsp",
    ]


async def test_busy(line: Line) -> None:
    """Eight may wait; one more is told so at once, and the others are not harmed."""
    line.camera.faults.answer_delay = 1
    for _ in range(2):
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(line.client.get_config()) for _ in range(9)]
            await asyncio.sleep(MOMENT)
            with pytest.raises(SnapcamBusyError):
                await line.client.take_snapshot()
        assert [task.result().hb_interval for task in waiting] == [60] * 9
    assert line.operates == ["get_dev_config", "get_dev_config_rsp"] * 18


async def test_cancelled_while_it_waits(line: Line) -> None:
    """Who gives up in the queue is never sent, and leaves its place to another."""
    line.camera.faults.answer_delay = 1
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(line.client.get_config()) for _ in range(8)]
        given_up = tasks.create_task(line.client.upgrade(URL))
        await asyncio.sleep(MOMENT)
        given_up.cancel()
        await asyncio.wait([given_up])
        waiting.append(tasks.create_task(line.client.get_config()))
    assert [task.result().hb_interval for task in waiting] == [60] * 9
    assert "upgrade_dev" not in line.operates


@every_command
async def test_cancelled_in_flight(line: Line, command: Command) -> None:
    """Who gives up on an answer lets the next one go on at once.

    The answer still counts as one, once, and disturbs nobody.
    """
    line.camera.faults = Faults(answer_delay=3, duplicate=True)
    given_up = asyncio.ensure_future(command(line.client))
    await asyncio.sleep(MOMENT)
    given_up.cancel()
    await asyncio.wait([given_up])
    assert given_up.cancelled()

    line.camera.faults.answer_delay = 0
    assert await line.client.take_snapshot() == JPEG
    await asyncio.sleep(MOMENT)
    assert line.accepted == [True, False]
    await asyncio.sleep(3)
    assert line.accepted == [True, False] * 2


@every_command
async def test_not_connected(line: Line, command: Command) -> None:
    """What cannot be sent fails at once with the reason, and ends the turn."""
    error = SnapcamNotConnectedError("no broker")
    ways = iter([lose(error), line.send_down])

    async def publish(payload: bytes) -> None:
        await next(ways)(payload)

    line.client = line.new_client(publish)
    with pytest.raises(SnapcamNotConnectedError) as caught:
        await command(line.client)
    assert caught.value is error
    await command(line.client)


def lose(error: SnapcamError) -> Callable[[bytes], Awaitable[None]]:
    """Return a way to send on which nothing can be sent."""

    async def publish(_payload: bytes) -> None:
        raise error

    return publish


@every_command
async def test_fail(line: Line, command: Command) -> None:
    """A command in flight ends when the way back is lost, and gives its turn away."""
    error = SnapcamNotConnectedError("the broker was lost")
    line.client.fail(error)

    line.camera.faults.silent = True
    failing = asyncio.ensure_future(command(line.client))
    await asyncio.sleep(MOMENT)
    line.client.fail(error)
    await asyncio.wait([failing])
    assert failing.exception() is error

    line.camera.faults.silent = False
    await command(line.client)


@every_command
async def test_fail_while_it_is_sent(command: Command) -> None:
    """The way there and the way back are mostly lost together: it is one error."""
    error = SnapcamNotConnectedError("the broker was lost")

    async def publish(_payload: bytes) -> None:
        client.fail(error)
        raise error

    client = Line.new_client(publish)
    with pytest.raises(SnapcamNotConnectedError):
        await command(client)


class Large:
    """Something large that may not be kept."""


async def test_pictures_are_not_kept() -> None:
    """Neither an answer nor its picture stays in memory once the caller has it."""
    alive: WeakSet[Large] = WeakSet()

    def large() -> Large:
        value = Large()
        alive.add(value)
        return value

    async def publish(payload: bytes) -> None:
        answer = answer_to(payload, fields={"cmd_data": {"data": large()}})
        client.handle_response(answer)
        client.handle_snapshot(large(), answer.request_id)
        client.handle_snapshot(large())

    async def take_and_drop() -> None:
        assert await client.take_snapshot() in alive

    client = SnapcamClient[Large](SN, publish=publish, clock=lambda: NOW)
    await asyncio.create_task(take_and_drop())
    gc.collect()
    assert not list(alive)


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(
            lambda client, payload: client.handle_response(answer_to(payload)),
            id="answered, no upload yet",
        ),
        pytest.param(
            lambda client, payload: client.handle_response(
                answer_to(payload, **with_picture())
            ),
            id="answered, picture not handled yet",
        ),
        pytest.param(
            lambda client, _payload: client.handle_snapshot(JPEG),
            id="uploaded, no answer yet",
        ),
    ],
)
async def test_fail_half_way(prepare: Callable[[Client, bytes], object]) -> None:
    """A snapshot that has come half the way ends as well, whichever half it is."""
    error = SnapcamNotConnectedError("the broker was lost")

    async def publish(payload: bytes) -> None:
        prepare(client, payload)

    client = Line.new_client(publish)
    asked = asyncio.create_task(client.take_snapshot())
    await asyncio.sleep(MOMENT)
    client.fail(error)
    await asyncio.wait([asked])
    assert asked.exception() is error


@pytest.mark.parametrize("upload_type", [0, 1])
@pytest.mark.parametrize("picture_by_upload", [False, True])
async def test_take_snapshot(
    line: Line, upload_type: int, picture_by_upload: bool
) -> None:
    """The caller gets the new picture, in the answer or in the upload after it."""
    line.camera.config.upload_type = upload_type
    line.camera.faults.picture_by_upload = picture_by_upload
    assert await line.client.take_snapshot() == JPEG

    line.camera.picture = OTHER_JPEG
    assert await line.client.take_snapshot() == OTHER_JPEG


@pytest.mark.parametrize("picture_by_upload", [False, True])
async def test_bad_picture(line: Line, picture_by_upload: bool) -> None:
    """What came is not a picture: the caller is told just that, not a timeout."""
    line.camera.faults = Faults(
        picture=PictureFault.TRUNCATED, picture_by_upload=picture_by_upload
    )
    with pytest.raises(SnapcamPictureError) as caught:
        await line.client.take_snapshot()
    assert caught.value is line.failure


async def test_upload_overtakes_the_answer() -> None:
    """An upload after the command is its picture, even one before the answer.

    The first one is: what the camera uploads later was not asked for.
    """

    async def publish(payload: bytes) -> None:
        client.handle_snapshot(JPEG)
        client.handle_snapshot(OTHER_JPEG)
        client.handle_response(answer_to(payload))

    client = Line.new_client(publish)
    assert await client.take_snapshot() == JPEG


@pytest.mark.parametrize(
    "upload", [OTHER_JPEG, SnapcamPictureError("truncated picture")], ids=type
)
async def test_upload_between(upload: bytes | SnapcamError) -> None:
    """An upload in between is another picture if the answer carries its own."""

    async def publish(payload: bytes) -> None:
        answer = answer_to(payload, **with_picture())
        client.handle_snapshot(upload)
        client.handle_response(answer)
        client.handle_snapshot(upload)
        client.handle_snapshot(JPEG, answer.request_id)

    client = Line.new_client(publish)
    assert await client.take_snapshot() == JPEG


async def test_upload_before_the_command(line: Line) -> None:
    """A picture from before the command is not the answer to it.

    Nor is one that comes while the command waits for its turn.
    """
    line.camera.faults = Faults(answer_delay=1, picture_by_upload=True)
    await line.camera.send_snapshot(OTHER_JPEG)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(line.client.get_config())
        taken = tasks.create_task(line.client.take_snapshot())
        await asyncio.sleep(MOMENT)
        await line.camera.send_snapshot(OTHER_JPEG)
    assert await taken == JPEG


async def test_upload_never_comes() -> None:
    """The twenty seconds are for the answer and the upload together."""

    async def publish(payload: bytes) -> None:
        await asyncio.sleep(15)
        client.handle_response(answer_to(payload))

    client = Line.new_client(publish)
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(SnapcamNoAnswerError):
        await client.take_snapshot()
    assert loop.time() - started == 20


async def test_late_picture_is_not_the_next_one(line: Line) -> None:
    """The late picture of a command that was given up is not the next one's."""
    line.camera.faults.answer_delay = 21
    line.camera.picture = OTHER_JPEG
    with pytest.raises(SnapcamNoAnswerError):
        await line.client.take_snapshot()

    line.camera.faults.answer_delay = 5
    line.camera.picture = JPEG
    assert await line.client.take_snapshot() == JPEG
    assert line.accepted == [True, True]
