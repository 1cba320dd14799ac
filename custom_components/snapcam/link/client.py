"""Ask a camera and await its answer."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import secrets
from typing import Any, Final

from ..protocol import (
    DeviceConfig,
    Fields,
    Operate,
    Request,
    RequestId,
    Response,
    Ret,
    SnapcamBusyError,
    SnapcamError,
    SnapcamLostError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamNoPictureError,
    SnapcamNotConnectedError,
    SnapcamRefusedError,
    SnapcamUnreadableError,
    encode_message,
    io_control_command,
    set_config_command,
    snapshot_data,
    take_snapshot_command,
    upgrade_command,
)
from .captures import Capture, Decided, Wanted
from .limits import RateLimit
from .turns import Turns

TIMEOUT: Final = 10.0
"""Seconds a camera has to answer."""

UPGRADE_TIMEOUT: Final = 15.0
"""Seconds a camera has to accept a firmware package."""

TAKE_SNAPSHOT_TIMEOUT: Final = 20.0
"""Seconds a camera has to take a snapshot and deliver it."""

CHANGES_AN_HOUR: Final = 30
"""So often a camera, which keeps its settings in flash memory, is told new ones."""

MAX_WAITING: Final = 8
"""Commands that may wait for the one in flight."""


class SnapcamTooManyChangesError(SnapcamError):
    """The camera was told new settings too often in an hour."""

    translation_key = "too_many_changes"


class SnapcamClient[SnapshotT]:
    """One camera's commands: one in flight, the others wait their turn.

    A snapshot is whatever its owner makes of a picture: the client only hands it
    to the caller that asked for it.
    """

    def __init__(
        self,
        sn: str,
        *,
        publish: Callable[[bytes], Awaitable[None]],
        clock: Callable[[], int],
        on_unanswered: Callable[[], None] = lambda: None,
        delivers_to: Callable[[], str] = str,
    ) -> None:
        """Initialize the client.

        Args:
            sn: The camera's serial number.
            publish: Sends a message to the camera, or raises a `SnapcamError`.
            clock: Returns the time to put on a request, in Unix seconds.
            on_unanswered: Called when a command was not answered in time.
            delivers_to: Returns where the camera says that it delivers pictures to.
        """
        self.sn = sn
        self._publish = publish
        self._clock = clock
        self._on_unanswered = on_unanswered
        self._delivers_to = delivers_to
        self._unreadable: str | None = None
        self._turns = Turns()
        self._changes = RateLimit(
            burst=CHANGES_AN_HOUR, per_second=CHANGES_AN_HOUR / 3600
        )
        self._commands = 0
        self.closed = False
        # A command that has waited while these changed must not be sent any more.
        self._epoch = 0
        self._failure: SnapcamError | None = None
        self._responses: dict[RequestId | None, asyncio.Future[Response]] = {}
        self._captures: set[Capture[SnapshotT]] = set()
        # Who asked is gone, but a late picture is still a picture.
        self._late: deque[RequestId | None] = deque(maxlen=MAX_WAITING)

    async def get_config(self) -> DeviceConfig:
        """Ask for the camera's configuration (II.1, get_dev_config).

        Raises:
            SnapcamError: As for every command, see `_request`.
        """
        response = await self._command(Operate.GET_DEV_CONFIG)
        return DeviceConfig.from_fields(response.fields)

    async def set_config(self, config: DeviceConfig, *, restored: bool = False) -> None:
        """Set the camera's configuration (II.2, set_dev_config).

        Args:
            config: What is None in it is left as it is.
            restored: Whether it is the one from before, which is never too much.

        Raises:
            SnapcamTooManyChangesError: It was set too often; nothing was sent.
            SnapcamError: As for every command, see `_request`.
        """
        if not self._changes.allow() and not restored:
            raise SnapcamTooManyChangesError("set too often")
        await self._command(Operate.SET_DEV_CONFIG, set_config_command(config))

    async def set_outputs(
        self,
        lines: Callable[[], Awaitable[tuple[bool, bool] | None]],
        *,
        urgent: bool = False,
    ) -> tuple[bool, bool] | None:
        """Set both IO lines (II.4, control_cmd with io_control).

        Args:
            lines: Returns io0 and io1, or None if there is nothing to set any more. It
                is awaited when the command's turn has come, so that it knows what the
                commands before it have set.
            urgent: Whether it goes before all that wait, and is never too many.

        Returns:
            What was set.

        Raises:
            SnapcamError: As for every command, see `_request`.
        """
        async with self._in_turn(TIMEOUT, urgent=urgent):
            if (values := await lines()) is None:
                return None
            io0, io1 = values
            await self._request(
                Operate.CONTROL_CMD,
                secrets.token_hex(8),
                io_control_command(io0=io0, io1=io1),
            )
        return values

    async def upgrade(self, package_url: str) -> None:
        """Have the camera fetch and install a firmware package (II.3, upgrade_dev).

        Args:
            package_url: An address the camera can reach.

        Raises:
            SnapcamError: As for every command, see `_request`.
        """
        await self._command(
            Operate.UPGRADE_DEV, upgrade_command(package_url), UPGRADE_TIMEOUT
        )

    async def take_snapshot(self, wanted: Wanted = Wanted.BY_SOMEBODY) -> SnapshotT:
        """Have the camera take a snapshot (II.4, control_cmd with take_snapshot).

        The picture comes with the answer, or in the first upload_snapshot after an
        answer without one: either way its owner passes it to `handle_snapshot`.

        Args:
            wanted: By whom.

        Returns:
            The new snapshot, once its owner has handled it.

        Raises:
            SnapcamError: As for every command, see `_request`.
            SnapcamPictureError: What came is not a picture.
            SnapcamNoPictureError: It was accepted, but no picture came in time.
        """
        accepted = False
        request_id = secrets.token_hex(8)
        loop = asyncio.get_running_loop()
        capture = Capture[SnapshotT](
            request_id, wanted, loop.create_future(), loop.create_future()
        )
        try:
            async with self._in_turn(TAKE_SNAPSHOT_TIMEOUT) as until:
                self._captures.add(capture)
                response = await self._request(
                    Operate.CONTROL_CMD, request_id, take_snapshot_command()
                )
                accepted = True
                if snapshot_data(response) is not None:
                    return await capture.answered
            # An IO line need not wait for what the camera does by itself now.
            async with _answer_until(until):
                return await capture.async_uploaded()
        except SnapcamNoAnswerError as err:
            if accepted:
                raise SnapcamNoPictureError(self._delivers_to()) from err
            raise
        finally:
            self._captures.discard(capture)
            capture.release()
            _forget(capture.answered, capture.uploaded)

    def handle_response(self, response: Response) -> bool:
        """Pass a response to the command that waits for it, by its request id.

        Returns:
            Whether it answers anything we asked; if not, it is to be dropped.
        """
        for capture in self._captures:
            # Before who asked can go on, the picture may be there.
            if capture.request_id == response.request_id:
                capture.is_delivered = snapshot_data(response) is None
        future = self._responses.pop(response.request_id, None)
        if future is not None and not future.done():
            future.set_result(response)
            return True
        if response.request_id in self._late:
            self._late.remove(response.request_id)
            return True
        return False

    def handle_snapshot(
        self,
        snapshot: SnapshotT | SnapcamError,
        request_id: RequestId | None = None,
        decided: Decided = lambda _: None,
    ) -> None:
        """Pass a handled picture, or why it is none, to the command that waits for it.

        Args:
            snapshot: The result.
            request_id: Of the response it came with; None for an upload_snapshot.
            decided: Is told who has asked for it: at once, or if that is only known
                when the answer to a command is there, then.
        """
        wanted = Wanted.BY_NOBODY
        takers = [x for x in self._captures if x.takes(request_id)]
        undecided = [x for x in self._captures if x.may_take(request_id)]
        if undecided and not takers and not isinstance(snapshot, SnapcamError):
            undecided[0].early.append((snapshot, decided))
            return
        for capture in takers:
            capture.release()
            wanted = capture.wanted
            _end(capture.result(request_id), snapshot)
        decided(wanted)

    def settle(self) -> None:
        """Decide at once who has asked for the pictures that have come."""
        for capture in self._captures:
            capture.release()

    @property
    def waits_for_picture(self) -> bool:
        """Return whether a picture has been asked for and has not come."""
        return bool(self._captures)

    def handle_unreadable(self, reason: str) -> None:
        """Note that the camera sent what cannot be read: perhaps what is waited for."""
        self._unreadable = reason

    def fail(self, error: SnapcamError) -> None:
        """End all commands with an error, those that wait for their turn too."""
        self._epoch += 1
        self._failure = error
        futures: list[asyncio.Future[Any]] = [*self._responses.values()]
        for capture in self._captures:
            futures += [capture.answered, capture.uploaded]
        for future in futures:
            if not future.done():
                future.set_exception(error)

    def close(self) -> None:
        """End all commands, and take no more."""
        self.closed = True
        self.fail(SnapcamLostError("the camera is not listened to any more"))

    async def _command(
        self,
        operate: Operate,
        fields: Fields | None = None,
        seconds: float = TIMEOUT,
    ) -> Response:
        """Make a request when its turn has come and return the answer."""
        async with self._in_turn(seconds):
            return await self._request(operate, secrets.token_hex(8), fields or {})

    @asynccontextmanager
    async def _in_turn(
        self, seconds: float, *, urgent: bool = False
    ) -> AsyncGenerator[float]:
        """Wait for the commands before this one, then give it its time.

        Yields:
            When that is over, by the loop's clock.
        """
        if self._commands > MAX_WAITING and not urgent:
            raise SnapcamBusyError("too many commands wait for this camera")
        if self.closed:
            raise SnapcamNotConnectedError("the camera is not listened to any more")
        self._commands += 1
        epoch = self._epoch
        try:
            async with self._turns.turn(urgent=urgent):
                until = asyncio.get_running_loop().time() + seconds
                self._unreadable = None
                async with _answer_until(until):
                    if self._failure is not None and epoch != self._epoch:
                        raise self._failure
                    yield until
        except SnapcamNoAnswerError as err:
            self._on_unanswered()
            if self._unreadable is not None:
                raise SnapcamUnreadableError(self._unreadable) from err
            raise
        finally:
            self._commands -= 1

    async def _request(
        self, operate: Operate, request_id: str, fields: Fields
    ) -> Response:
        """Publish a request and return the successful answer to it.

        Raises:
            SnapcamBusyError: Too many commands already wait.
            SnapcamNotConnectedError: It could not be sent, or the way back is lost.
            SnapcamNoAnswerError: The camera did not answer in time.
            SnapcamMessageError: The answer has no return code.
            SnapcamRefusedError: The return code is not 0.
        """
        # Registered before it is sent: the answer may overtake the publish call.
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._responses[request_id] = future
        request = Request(
            operate=operate,
            request_id=request_id,
            sn=self.sn,
            timestamp=self._clock(),
            fields=fields,
        )
        try:
            await self._publish(encode_message(request))
            response = await future
        finally:
            if self._responses.pop(request_id, None) is not None:
                self._late.append(request_id)
            _forget(future)
        if response.ret is None:
            raise SnapcamMessageError("an answer without ret")
        if response.ret != Ret.OK:
            raise SnapcamRefusedError(response.ret, response.msg)
        return response


@asynccontextmanager
async def _answer_until(when: float) -> AsyncGenerator[None]:
    """Give a camera its time to answer, by the loop's clock."""
    try:
        async with asyncio.timeout_at(when):
            yield
    except TimeoutError as err:
        raise SnapcamNoAnswerError("no answer in time") from err


def _end[ResultT](
    future: asyncio.Future[ResultT], result: ResultT | SnapcamError
) -> None:
    """Give a future its result, or its error."""
    if isinstance(result, SnapcamError):
        future.set_exception(result)
    else:
        future.set_result(result)


def _forget(*futures: asyncio.Future[Any]) -> None:
    """Let go of futures nobody waits for, so that no error of theirs is reported."""
    for future in futures:
        if not future.cancel() and not future.cancelled():
            future.exception()
