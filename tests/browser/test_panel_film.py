"""Videos in the panel: made of the day that is shown, played there, and given up."""

from datetime import datetime
import os
from pathlib import Path
import re
import shutil

import av
from playwright.async_api import Locator, expect

from tests.browser.panel import open_yesterday, yesterday
from tests.browser.window import Window
from tests.live import showcase
from tests.live.cameras import Installed
from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP

GONE_SN = "200000000077"
MANY = 1500


def film(window: Window) -> Locator:
    """Return what there is of videos."""
    return window.page.locator("snapcam-film")


async def test_video_of_a_day(window: Window, home: Home, gate: Installed) -> None:
    """The video of a day is one button away, plays at once, and is found later."""
    await open_yesterday(window)
    await window.button("Videos of this day").click()
    await window.see("There is no video of this day yet.")
    await window.look("none")
    await window.button("Make a video").press("Enter")
    video = film(window).locator("video")
    await expect(video).to_be_visible()
    await plays(video)
    await window.look("playing")
    (file,) = home.pictures(showcase.GATE).glob("timelapse/*")
    with av.open(file) as made:
        assert sum(1 for _ in made.decode(video=0)) == 6
    # The time axis is moved by the arrow keys, but not while the video is.
    await video.press("ArrowLeft")
    await expect(window.page.locator(".caption")).to_contain_text("6 of 6")
    async with window.page.expect_download() as saving:
        await window.button(re.compile("^Download the video")).click()
    download = await saving.value
    assert Path(await download.path()).read_bytes() == file.read_bytes()
    assert download.suggested_filename.endswith(".mp4")
    await open_yesterday(window)
    await window.button("Videos of this day").click()
    await window.page.emulate_media(color_scheme="dark")
    await window.button(re.compile("^Play the video")).click()
    await plays(film(window).locator("video"))
    await window.look("found-dark")
    await window.page.emulate_media(color_scheme="light")
    shutil.rmtree(file.parent)


async def plays(video: Locator) -> None:
    """Wait until a video plays."""
    await expect(video).to_have_js_property("videoWidth", 1280)
    # The whole video is shorter than a second.
    await expect(video).to_have_js_property("ended", value=True)
    assert await video.evaluate("video => video.currentTime > 0.5") is True


async def test_given_up(window: Window, home: Home, gate: Installed) -> None:
    """A video that is under way is seen by who comes back, and leaves nothing."""
    source = next(home.pictures(showcase.GATE).glob(f"{yesterday()}/*.jpg"))
    folder = home.pictures(GONE_SN)
    day = folder / yesterday()
    day.mkdir(parents=True)
    for number in range(MANY):
        moment = datetime.fromtimestamp(number * 40).astimezone()
        os.link(source, day / f"{moment:%H%M%S}-{number:06}.jpg")
    try:
        await window.open(f"/snapcam/{GONE_SN}/{yesterday()}")
        await window.button("Videos of this day").click()
        await window.button("Make a video").click()
        await window.see(re.compile(r"Making the video: [1-9]\d*%"))
        await window.look("making")
        await window.open("/snapcam")
        await window.open(f"/snapcam/{GONE_SN}/{yesterday()}")
        await window.button("Videos of this day").click()
        await window.see(re.compile(r"Making the video: [1-9]\d*%"))
        await window.button("Cancel").click()
        await window.see("There is no video of this day yet.")
        await expect(window.button("Make a video")).to_be_visible()
        assert [*folder.glob("timelapse/*")] == []
        await window.button("Make a video").click()
        await window.see(re.compile(r"Making the video: [1-9]\d*%"))
        command = "snapcam/cancel_film"
        await home.api.command(command, sn=GONE_SN, day=yesterday())
        await window.see(re.compile("The video was not made"))
        await window.look("stopped")
    finally:
        shutil.rmtree(folder)
