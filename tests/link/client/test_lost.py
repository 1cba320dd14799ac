"""Commands whose connection or caller is lost."""

import asyncio
from collections.abc import Awaitable, Callable
import gc
from weakref import WeakSet

import pytest

from custom_components.snapcam.link.client import SnapcamClient
from custom_components.snapcam.protocol import SnapcamError, SnapcamNotConnectedError

from ...common import JPEG
from ...const import SN
from ...simulator import Faults
from .common import (
    MOMENT,
    NOW,
    Client,
    Command,
    Line,
    answer_to,
    every_command,
    with_picture,
)


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
