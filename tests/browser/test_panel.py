"""The panel: the wall of all cameras, and the pictures of one."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
import re

from playwright.async_api import expect

from tests.browser.panel import (
    STAGE,
    STRIP,
    caption,
    loaded,
    open_yesterday,
    shown,
    tile,
    yesterday,
)
from tests.browser.window import Window
from tests.live import showcase
from tests.live.api import device_id
from tests.live.cameras import Cameras, Installed
from tests.live.conftest import STEP, install
from tests.live.home import Home
from tests.pictures.images import encode, scene, with_object

pytestmark = STEP

ENGLISH = re.compile(r"[A-Za-z]{2,}")

CAPTION = re.compile("Front gate · Yesterday")

# A camera with this interval is taken to be silent after three of them.
INTERVAL = 15
SILENT_MILLISECONDS = 90_000


async def test_wall(window: Window, gate: Installed) -> None:
    """It is in the side bar; a picture that is taken there shows up by itself."""
    await window.open("/")
    await window.page.locator('ha-sidebar a[href="/snapcam"]').click()
    gate_tile = tile(window, "Front gate")
    picture = gate_tile.get_by_role("img")
    await loaded(picture)
    former = str(await picture.get_attribute("src"))
    await window.look("before")
    await window.button("Take a picture: Front gate").click()
    await expect(picture).not_to_have_attribute("src", former)
    await expect(gate_tile).to_contain_text("Now")
    await loaded(picture)


async def test_camera_that_is_off(
    window: Window, home: Home, cameras: Cameras, gate: Installed
) -> None:
    """What went wrong is said on the tile; later, that the camera is silent.

    Those come first, and there is a way to see them alone.
    """
    await install(home, cameras, "200000000041", "Zoo", hb_interval=INTERVAL)
    await cameras.stop("200000000041")
    await window.open("/snapcam")
    await window.button("Take a picture: Zoo").click()
    await expect(tile(window, "Zoo")).to_contain_text("Taking a picture…")
    await expect(tile(window, "Zoo")).to_contain_text("Zoo did not answer in time")
    await window.look("error")
    await window.open("/snapcam")
    tiles = window.page.locator("snapcam-wall").get_by_role("listitem")
    await expect(tiles.first).to_contain_text("Zoo", timeout=SILENT_MILLISECONDS)
    await expect(tiles.first).to_contain_text("Silent for")
    await window.see(re.compile("1 of . silent"))
    await window.button("Silent only").click()
    await expect(tiles).to_have_count(1)
    await window.look("silent")


async def test_silent_by_area_and_label(
    window: Window, home: Home, cameras: Cameras, gate: Installed
) -> None:
    """Each area and label says how many are silent there; the choice is in the address.

    So it is still there after a look at a camera, and can be shared.
    """
    sn, api = "200000000042", home.api
    await install(home, cameras, sn, "Zebras", hb_interval=INTERVAL)
    await cameras.stop(sn)
    area = (await api.command("config/area_registry/create", name="Zoo"))["area_id"]
    label = (await api.command("config/label_registry/create", name="4G"))["label_id"]
    await api.command(
        "config/device_registry/update",
        device_id=await device_id(api, "Zebras"),
        area_id=area,
        labels=[label],
    )
    await window.open("/snapcam")
    areas = window.page.get_by_role("combobox", name="Area")
    labels = window.page.get_by_role("combobox", name="Label")
    for choice, name in ((areas, "Zoo"), (labels, "4G")):
        await expect(choice).to_contain_text(
            f"{name} · 1 of 1 silent", timeout=SILENT_MILLISECONDS
        )
    await areas.focus()
    await window.page.keyboard.type("Zoo")
    await labels.select_option(label)
    tiles = window.page.locator("snapcam-wall").get_by_role("listitem")
    await expect(tiles).to_have_count(1)
    await window.see("1 of 1 silent")
    await expect(window.page).to_have_url(re.compile(r"/snapcam\?area=zoo&label=4g$"))
    await window.look("chosen")
    await tiles.get_by_role("link").click()
    await window.button("Back to the wall").click()
    await expect(tiles).to_have_count(1)
    await window.page.reload()
    await expect(tiles).to_have_count(1)
    await expect(areas).to_have_value(area)


async def test_pictures(window: Window, gate: Installed) -> None:
    """Yesterday's pictures are two taps away, the next one by any means, and back."""
    await window.open("/snapcam")
    await tile(window, "Front gate").get_by_role("link").click()
    await window.button(re.compile("^Yesterday")).click()
    await expect(caption(window)).to_contain_text(CAPTION)
    await loaded(shown(window))
    await window.look("day")
    await window.button("Earlier picture").click()
    await expect(caption(window)).to_contain_text("5 of 6")
    await window.page.keyboard.press("ArrowLeft")
    await expect(caption(window)).to_contain_text("4 of 6")
    await swipe(window, 300)
    await expect(caption(window)).to_contain_text("3 of 6")
    await swipe(window, -300)
    await expect(caption(window)).to_contain_text("4 of 6")
    await window.page.keyboard.press("Home")
    await expect(caption(window)).to_contain_text("1 of 6")
    await window.page.keyboard.press("ArrowRight")
    await expect(caption(window)).to_contain_text("2 of 6")
    await window.page.locator(f"{STRIP} .cell").last.click()
    await expect(caption(window)).to_contain_text("6 of 6")
    await window.button("Later picture").click()
    await expect(caption(window)).to_contain_text("Today")
    await window.page.go_back()
    await loaded(tile(window, "Front gate").get_by_role("img"))


async def test_links(window: Window, gate: Installed) -> None:
    """Each picture has an address, which leads to it again."""
    await open_yesterday(window)
    await window.button("Earlier picture").click()
    address = re.compile(rf"/snapcam/{showcase.GATE}/{yesterday()}/19\d{{4}}-\d{{6}}$")
    await expect(window.page).to_have_url(address)
    url = window.page.url
    await window.open("/snapcam")
    await loaded(tile(window, "Front gate").get_by_role("img"))
    await window.page.goto(url)
    await expect(caption(window)).to_contain_text("5 of 6")
    await window.open("/snapcam/999999999999")
    await window.see("There is no camera with this number, and no picture of one.")


async def test_only_what_changed(window: Window, home: Home, gate: Installed) -> None:
    """The line of a day shows what is new; those pictures alone can be seen, by keyboard."""
    day = f"{datetime.now().astimezone() - timedelta(days=3):%Y-%m-%d}"
    await asyncio.to_thread(hang_up_changes, home.pictures(showcase.GATE) / day)
    page, changes = window.page, window.page.locator(f"{STRIP} .change")
    await window.open(f"/snapcam/{showcase.GATE}/{day}")
    await expect(caption(window)).to_contain_text("12 of 12")
    await expect(changes).to_have_count(3)
    await expect(window.button(re.compile("shows something new"))).to_have_count(3)
    await loaded(shown(window))
    await window.look("all")
    await window.button("Only what changed").focus()
    await page.keyboard.press("Enter")
    await expect(caption(window)).to_contain_text("3 of 3")
    pressed = window.page.get_by_role("button", name="Only what changed", pressed=True)
    await expect(pressed).to_be_visible()
    await page.keyboard.press("Home")
    await expect(caption(window)).to_contain_text("1 of 3")
    await page.emulate_media(color_scheme="dark")
    await loaded(shown(window))
    await window.look("changed")
    await pressed.click()
    await expect(caption(window)).to_contain_text("1 of 12")


async def test_zoom(window: Window, gate: Installed) -> None:
    """Two taps and the wheel show a part of the picture, the next picture all of it."""
    await open_yesterday(window)
    box = await window.page.locator(STAGE).bounding_box()
    assert box is not None
    await window.page.mouse.dblclick(box["x"] + 200, box["y"] + 100)
    await expect(shown(window)).to_have_css("transform", re.compile(r"matrix\(2\.5,"))
    await window.page.mouse.wheel(0, -100)
    await expect(shown(window)).to_have_css("transform", re.compile(r"matrix\(3\."))
    await window.look("zoomed")
    await window.page.keyboard.press("Escape")
    await expect(shown(window)).to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")


async def test_compare(window: Window, gate: Installed) -> None:
    """Two pictures lie over each other, and a slider says where they meet."""
    await open_yesterday(window)
    await window.button("Compare").click()
    await window.see(re.compile("^Left: Yesterday"))
    await window.page.keyboard.press("ArrowLeft")
    await expect(caption(window)).to_contain_text("5 of 6")
    other = window.page.locator(f"{STAGE} img").last
    await loaded(other)
    assert await other.get_attribute("alt") != await shown(window).get_attribute("alt")
    slider = window.page.get_by_role("slider", name="Where the two pictures meet")
    await slider.fill("0.25")
    stage = window.page.locator(STAGE)
    await expect(stage).to_have_attribute("style", re.compile("--split: 25%"))
    await window.look("quarter")
    await window.button("Compare").click()
    await expect(other).not_to_be_visible()


async def test_slideshow(window: Window, gate: Installed) -> None:
    """A day plays from its first picture to its last, and ends there."""
    await open_yesterday(window)
    await window.button("Play the day").click()
    await window.page.get_by_label("Pictures a second").select_option("24")
    await expect(window.button("Pause")).to_be_visible()
    await expect(window.button("Play the day")).to_be_visible()
    await expect(caption(window)).to_contain_text("6 of 6")


async def test_download(window: Window, gate: Installed) -> None:
    """A picture is saved by a name that says camera and time."""
    await open_yesterday(window)
    async with window.page.expect_download() as download:
        await window.button("Download").click()
    file = await download.value
    assert re.fullmatch(
        rf"Front gate {yesterday()} 22\d{{4}}\.jpg", file.suggested_filename
    )
    assert (await file.path()).read_bytes().startswith(b"\xff\xd8")


async def test_keep_and_delete(
    window: Window, home: Home, cameras: Cameras, gate: Installed
) -> None:
    """A picture is kept by a star, and deleted once that is confirmed."""
    installed = await install(home, cameras, "200000000042", "Yard")
    await installed.camera.wait_answer(await installed.camera.send_snapshot())
    await window.open("/snapcam/200000000042")
    await expect(caption(window)).to_contain_text("2 of 2")
    await window.button("Keep this picture").click()
    await expect(window.button("Let this picture go")).to_be_visible()
    await expect(window.page.locator(f"{STRIP} .cell .star")).to_have_count(1)
    folder = home.pictures("200000000042")
    assert len(list(folder.glob("*/*.kept.jpg"))) == 1
    await window.look("kept")
    window.page.once("dialog", lambda dialog: dialog.accept())
    await window.button("Delete this picture").click()
    await expect(caption(window)).to_contain_text("1 of 1")
    await loaded(shown(window))
    assert len(list(folder.glob("*/*.jpg"))) == 1
    assert not list(folder.glob("*/*.kept.jpg"))


async def test_chinese(home: Home, chinese_window: Window, gate: Installed) -> None:
    """On a phone, in Chinese, nothing is English and nothing is wider than the phone."""
    window = chinese_window
    await window.page.set_viewport_size({"width": 390, "height": 844})
    await window.page.emulate_media(color_scheme="dark")
    await window.open("/snapcam")
    await loaded(tile(window, "Front gate").get_by_role("img"))
    await window.look("wall")
    await window.open(f"/snapcam/{showcase.GATE}/{yesterday()}")
    await loaded(shown(window))
    await window.see(re.compile("昨天"))
    await window.button("仅看有变化的图片").click()
    await expect(window.button(re.compile("有新内容")).first).to_be_visible()
    await loaded(shown(window))
    await window.look("pictures")
    panel = window.page.locator("snapcam-panel")
    assert await panel.evaluate("panel => panel.scrollWidth <= innerWidth")
    text = await window.read(panel)
    entries = await home.api.request("GET", "/api/config/config_entries/entry")
    names = " ".join(entry["title"] for entry in entries)
    assert set(ENGLISH.findall(text)) <= set(ENGLISH.findall(names))


def hang_up_changes(folder: Path) -> None:
    """Put a day's pictures of one view on the disk, something new in two of them."""
    folder.mkdir()
    for number in range(12):
        picture = scene() if number not in (7, 10) else with_object(0.03, 240)(scene())
        path = folder / f"{8 + number:02}1500-000000.jpg"
        path.write_bytes(encode(picture, 75 + number))


async def swipe(window: Window, pixels: int) -> None:
    """Swipe over the large picture."""
    box = await window.page.locator(STAGE).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await window.page.mouse.move(x, y)
    await window.page.mouse.down()
    await window.page.mouse.move(x + pixels, y, steps=5)
    await window.page.mouse.up()
