"""The picture that take_snapshot waits for."""

import asyncio

import pytest

from custom_components.snapcam.protocol import (
    SnapcamError,
    SnapcamNoAnswerError,
    SnapcamNoPictureError,
    SnapcamPictureError,
)

from ...common import JPEG
from ...files import jpeg
from ...simulator import Faults, PictureFault
from .common import MOMENT, Line, answer_to, with_picture

OTHER_JPEG = jpeg(b" another picture ")


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
    with pytest.raises(SnapcamNoPictureError):
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
