"""Many pictures: a camera that sends them, the disk, and the media browser."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

from tests.simulator import SimulatedCamera, pad_picture
from tests.simulator.camera import RequestId

from .api import Api
from .cameras import Installed
from .home import Home
from .process import until

PICTURE_BYTES = 200_000
IN_FLIGHT = 4
STREAM_SECONDS = 30.0

ROOT_NODE = "media-source://snapcam"


class Stream:
    """Pictures a camera sends, each another one, as fast as it gets its answers."""

    def __init__(self, camera: SimulatedCamera) -> None:
        """Initialize with what the camera sees now."""
        self._camera = camera
        self._scene = camera.take_picture()
        self._digests: dict[RequestId, str] = {}
        self.sent: set[str] = set()

    @property
    def stored(self) -> set[str]:
        """Return the digests of the pictures that were answered with success."""
        return {
            self._digests[answer["request_id"]]
            for answer in self._camera.answers
            if answer["ret"] == 0 and answer["request_id"] in self._digests
        }

    @property
    def in_flight(self) -> int:
        """Return how many pictures have no answer yet."""
        return len(self.sent) - len(self.stored)

    async def run(self, pictures: int | None = None) -> None:
        """Send so many pictures, or send until cancelled, with a few in flight."""
        numbers = islice(count(), pictures)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(IN_FLIGHT):
                tasks.create_task(self._send(numbers))

    async def _send(self, numbers: Iterator[int]) -> None:
        """Send one picture after the other."""
        for number in numbers:
            picture = pad_picture(self._scene, PICTURE_BYTES + number)
            name = digest(picture)
            self.sent.add(name)
            request_id = await self._camera.send_snapshot(picture)
            self._digests[request_id] = name
            await self._camera.wait_answer(request_id)


async def kill_amid(home: Home, streams: list[Stream], *, pictures: int) -> None:
    """Kill Home Assistant when so many pictures of each are stored, and more under way."""

    async def under_way() -> bool:
        return all(len(stream.stored) > pictures for stream in streams)

    async def silent() -> bool:
        return all(stream.in_flight == IN_FLIGHT for stream in streams)

    running = [asyncio.create_task(stream.run()) for stream in streams]
    await until(under_way, "the pictures do not arrive", seconds=STREAM_SECONDS)
    home.freeze()
    await until(silent, "there are no pictures without an answer")
    await home.kill()
    for task in running:
        task.cancel()
    await asyncio.wait(running)


def digest(content: bytes) -> str:
    """Return what two different pictures never share."""
    return sha256(content).hexdigest()


def on_disk(folder: Path) -> dict[str, str]:
    """Return the digests of all files of a camera by `<date>/<file>`."""
    return {
        str(path.relative_to(folder)): digest(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


async def shown(api: Api, installed: Installed) -> bytes:
    """Return the picture of a camera that is shown."""
    path = f"/api/image_proxy/{installed.entities['image.snapshot']}"
    content, _ = await api.download(path)
    return content


async def listed(api: Api, sn: str) -> set[str]:
    """Return the pictures of a camera in the media browser as `<date>/<file>`."""
    node = f"{ROOT_NODE}/{sn}"
    folders = await children(api, node)
    found: set[str] = set()
    for folder in folders:
        for child in await children(api, folder):
            # A day of many pictures is shown by its hours.
            if child.rpartition("/")[2].startswith("h"):
                folders.append(child)
            else:
                found.add(child.removeprefix(f"{node}/"))
    return found


async def children(api: Api, node: str) -> list[str]:
    """Return what the media browser shows below a node."""
    found = await api.command("media_source/browse_media", media_content_id=node)
    return [child["media_content_id"] for child in found["children"]]


async def upload(camera: SimulatedCamera, picture: bytes | None = None) -> int:
    """Have a camera send a picture, and return how that is answered."""
    answer = await camera.wait_answer(await camera.send_snapshot(picture))
    ret: int = answer["ret"]
    return ret


async def assert_shown(home: Home, installed: Installed) -> None:
    """Assert that what the camera has sent last is shown."""
    path = f"/api/camera_proxy/{installed.entities['camera.snapshot']}"
    shown, _ = await home.api.download(path)
    assert digest(shown) == digest(installed.camera.last_picture or b"")
