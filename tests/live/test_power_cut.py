"""The power goes: what was answered is on the disk, and what was offered."""

from functools import partial
from hashlib import sha256
import random

import pytest

from tests.live.cameras import Cameras, Installed, until_heard
from tests.live.conftest import STEP, choose_delivery, install, until_stored
from tests.live.disk import NEEDS_FUSE, mount
from tests.live.home import Home
from tests.live.pictures import Stream, digest, kill_amid, listed, on_disk, shown
from tests.live.process import until

pytestmark = [*STEP, NEEDS_FUSE, pytest.mark.timeout(300)]

PICTURES = 25
"""After so many of each camera the power goes."""

PACKAGE = random.Random(1).randbytes(1_000_000)
VERSION = "1.4.2-dark"
HEARTBEAT = 15


async def test_power_cut_spares_every_picture_with_a_receipt(
    home: Home, cameras: Cameras
) -> None:
    """What a disk forgets was not answered: no picture is missing, and none is empty."""
    streaming: list[tuple[Installed, Stream]] = []
    for sn, delivery in (
        ("200000000093", "mqtt"),
        ("200000000094", "http_home_assistant"),
    ):
        installed = await install(home, cameras, sn, f"Dark by {delivery}")
        await choose_delivery(home, installed, delivery)
        await until_stored(home, installed)
        streaming.append((installed, Stream(installed.camera)))
    await home.stop()
    async with mount(home.media, home.log.with_name("disk.log")) as disk:
        await home.start()
        await home.until_running()
        for installed, _ in streaming:
            # What is sent before Home Assistant listens gets no answer.
            await until_heard(installed.camera)
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


async def test_power_cut_spares_a_package_that_was_offered(
    home: Home, cameras: Cameras
) -> None:
    """It is there whole as soon as the offer is: the camera downloads and installs it."""
    installed = await install(
        home, cameras, "200000000095", "Dark dock", hb_interval=HEARTBEAT
    )
    update = installed.entities["update.firmware"]
    folder = home.config / "snapcam"
    folder.mkdir(exist_ok=True)
    async with mount(folder, home.log.with_name("packages.log")) as disk:
        camera = installed.entities["camera.snapshot"]
        await home.offer_firmware(camera, PACKAGE, VERSION)
        # Home Assistant itself takes a second to write an offer down.
        await until(partial(home.has_stored, VERSION), "the offer is not stored")
        await home.kill()
        disk.cut_power()
        await home.start()
        await home.until_running()
        await home.api.until_state(update, "on", seconds=2 * HEARTBEAT)
        await home.api.act("update.install", update)
        firmware = installed.camera.firmware
        assert firmware is not None
        assert firmware.sha256 == sha256(PACKAGE).hexdigest()
        await home.api.until_state(update, "off")
