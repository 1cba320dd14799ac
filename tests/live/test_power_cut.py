"""The power goes in the midst of two streams: what was answered is on the disk."""

import pytest

from tests.live.cameras import Cameras, Installed
from tests.live.conftest import STEP, choose_delivery, install, until_stored
from tests.live.disk import NEEDS_FUSE, mount
from tests.live.home import Home
from tests.live.pictures import Stream, digest, kill_amid, listed, on_disk, shown

pytestmark = [*STEP, NEEDS_FUSE, pytest.mark.timeout(300)]

PICTURES = 25
"""After so many of each camera the power goes."""


async def test_power_cut_spares_every_picture_with_a_receipt(
    home: Home, cameras: Cameras
) -> None:
    """What a disk forgets was not answered: no picture is missing, and none is empty."""
    streaming: list[tuple[Installed, Stream]] = []
    for sn, delivery in (
        ("200000000041", "mqtt"),
        ("200000000042", "http_home_assistant"),
    ):
        installed = await install(home, cameras, sn, f"Dark by {delivery}")
        await choose_delivery(home, installed, delivery)
        await until_stored(home, installed)
        streaming.append((installed, Stream(installed.camera)))
    await home.stop()
    async with mount(home.media, home.log.with_name("disk.log")) as disk:
        await home.start()
        await home.until_running()
        before = [
            set(on_disk(home.pictures(i.camera.sn)).values()) for i, _ in streaming
        ]
        await kill_amid(home, [stream for _, stream in streaming], pictures=PICTURES)
        disk.cut_power()
        await home.start()
        await home.until_running()
        for (installed, stream), former in zip(streaming, before, strict=True):
            sn = installed.camera.sn
            files = on_disk(home.pictures(sn))
            kept = set(files.values()) - former
            assert len(stream.stored) > PICTURES
            assert stream.stored <= kept <= stream.sent
            assert await listed(home.api, sn) == files.keys()
            assert digest(await shown(home.api, installed)) == files[max(files)]
        await home.stop()
    await home.start()
    await home.until_running()
