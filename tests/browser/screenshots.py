"""Make the pictures of the documentation from the demo, in each of its languages."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import chain
import json
import os
from pathlib import Path
import re
import sys
from tempfile import TemporaryDirectory
import time
from typing import cast
from urllib.parse import quote

import numpy as np
from PIL import Image
from PIL.Image import Dither
from playwright.async_api import Browser, FloatRect, Locator, Page, expect

from tests.live import automations, dashboard, showcase
from tests.live.api import DOMAIN, device_id
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, Installed
from tests.live.flows import add_mqtt
from tests.live.home import INTEGRATION, Home
from tests.live.process import ROOT, ServerError, free_port, until
from tests.live.texts import CHINESE, ENGLISH, Texts

from .chromium import new_profile, started
from .window import SECONDS, Window

FOLDER = ROOT / "docs/images"
AUTOMATIONS = {"en": "A look around the workshop", "zh-Hans": "顺便看看车间"}
LOCALES = {"en": "en-US", "zh-Hans": "zh-CN"}
NEW_SN = "200000000003"
USER = "demo"
KEPT_COLORS = 64
MARGIN = 8.0

# Wherever and whenever this runs, it is that time of the day there.
HOUR = 10


type Color = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo that runs."""

    home: Home
    cameras: Cameras
    installed: dict[str, Installed]
    texts: Texts

    def translation(self, *keys: str) -> str:
        """Return one of the integration's own texts."""
        path = INTEGRATION / f"translations/{self.texts.language}.json"
        text = json.loads(path.read_text(encoding="utf-8"))
        for key in keys:
            text = text[key]
        return str(text)


async def show_dashboard(demo: Demo, window: Window) -> None:
    """Show the page of the demo."""
    await window.open(f"/{dashboard.URL_PATH}")
    await window.see(demo.texts.workshop)


async def show_device(demo: Demo, window: Window) -> None:
    """Show all there is of a camera."""
    device = await device_id(demo.home.api, demo.texts.gate)
    await window.open(f"/config/devices/device/{device}")
    await window.see(showcase.GATE)


async def show_search(demo: Demo, window: Window) -> None:
    """Show the camera that is found by searching."""
    menu = "config", "step", "user", "menu_options", "search"
    await window.open("/config/integrations/dashboard/add?domain=snapcam")
    dialog = window.page.get_by_role("dialog")
    await expect(dialog.or_(window.page.get_by_role("alertdialog"))).to_be_visible()
    await window.page.keyboard.press("Enter")
    await window.choose(demo.translation(*menu))
    await window.see(demo.translation("config", "step", "search", "title"))
    await demo.cameras.start(NEW_SN)
    await window.see(demo.translation("config", "step", "pick", "title"))
    await window.see(NEW_SN)


async def show_panel(demo: Demo, window: Window) -> None:
    """Show the pictures of a day in the panel."""
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    await window.open(f"/{DOMAIN}/{showcase.GATE}/{yesterday}")
    noon = window.page.get_by_role("button", name=re.compile(r"12:21:"))
    # The strip takes taps on the way to its buttons.
    await noon.focus()
    await window.page.keyboard.press("Enter")
    await window.see(re.compile(r"12:21:"))


def media_path(sn: str) -> str:
    """Return where the media browser shows the pictures of a camera."""
    root = f"media-source://{DOMAIN}"
    nodes = (f"app,{root}", f"image,{root}/{sn}")
    return "/".join(["/media-browser/browser", *(quote(node, "") for node in nodes)])


async def show_media(demo: Demo, window: Window) -> None:
    """Show the pictures of a day."""
    await window.open(media_path(showcase.GATE))
    yesterday = demo.translation("common", "yesterday")
    await window.text(re.compile(f"{yesterday} · ")).click()
    await window.see("12:21")


async def show_automation(demo: Demo, window: Window) -> None:
    """Show an automation in the editor, and its trigger beside it."""
    gate = demo.installed[showcase.GATE].entities
    workshop = demo.installed[showcase.WORKSHOP].entities
    await automations.add(
        demo.home.api,
        "screenshot",
        alias=AUTOMATIONS[demo.texts.language],
        triggers=[
            {
                "trigger": "snapcam.snapshot_received",
                "target": {"entity_id": gate["event.snapshot"]},
            }
        ],
        conditions=[
            {
                "condition": "snapcam.is_online",
                "target": {"entity_id": workshop["binary_sensor.connectivity"]},
                "options": {"behavior": "any"},
            }
        ],
        actions=[
            {
                "action": "snapcam.take_snapshot",
                "target": {"entity_id": workshop["camera.snapshot"]},
            }
        ],
    )
    await window.open("/config/automation/edit/screenshot")
    name = demo.translation("triggers", "snapshot_received", "name")
    row = window.page.get_by_role("heading", name=name)
    # The entity in it is a button of its own.
    await row.click(position={"x": 5, "y": 5})
    description = demo.translation("triggers", "snapshot_received", "description")
    await window.see(description)


async def show_firmware(demo: Demo, window: Window) -> None:
    """Show the update that is offered."""
    update = demo.installed[showcase.GATE].entities["update.firmware"]
    device = await device_id(demo.home.api, demo.texts.gate)
    path = f"/config/devices/device/{device}?more-info-entity-id={update}"
    await window.open(path)
    await window.see(showcase.NEW_VERSION)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture: what it shows, in a window of this size, at this scale."""

    show: Callable[[Demo, Window], Awaitable[None]]
    size: tuple[int, int] = (1280, 800)
    scale: float = 1
    dialog: bool = False
    """Whether it is of the dialog alone."""


PICTURES = {
    "dashboard": Picture(show=show_dashboard, size=(1280, 785)),
    "device": Picture(show=show_device, size=(1280, 1260)),
    "add-search": Picture(show=show_search, scale=1.5, dialog=True),
    "panel": Picture(show=show_panel, size=(1280, 800)),
    "media": Picture(show=show_media, size=(1280, 740)),
    "automation": Picture(show=show_automation, size=(1280, 620)),
    "firmware": Picture(show=show_firmware, scale=1.5, dialog=True),
    "phone": Picture(show=show_dashboard, size=(390, 844), scale=1.5),
}


@asynccontextmanager
async def running(texts: Texts) -> AsyncGenerator[Demo]:
    """Run the demo, without its terminal, in this process's time zone."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        broker = MqttBroker.below(folder)
        home = Home(folder, free_port(), name=texts.home, language=texts.language)
        api = home.api
        cameras = Cameras(broker.camera_port)
        try:
            await broker.start()
            await home.start()
            await api.create_owner(texts.owner, USER, USER, language=texts.language)
            await home.until_running()
            await api.command("config/core/update", time_zone=os.environ["TZ"])
            await add_mqtt(api, broker.home_port)
            installed = await showcase.build(home, cameras, texts)
            yield Demo(home=home, cameras=cameras, installed=installed, texts=texts)
        finally:
            await cameras.stop_all()
            await home.close()
            await broker.stop()


def file_name(name: str, texts: Texts) -> str:
    """Return what a picture is called in a language, without its suffix."""
    return name if texts is ENGLISH else f"{name}.{texts.language}"


async def take(browser: Browser, demo: Demo, name: str) -> bytes:
    """Return a picture as a file."""
    picture = PICTURES[name]
    locale = LOCALES[demo.texts.language]
    profile = await new_profile(browser, locale, size=picture.size, scale=picture.scale)
    file = file_name(name, demo.texts)
    window = await Window.of(profile, demo.home.api.url, f"screenshot-{file}")
    await picture.show(demo, window)
    clip = await around(window.page.get_by_role("dialog")) if picture.dialog else None
    content = await settled(window.page, clip)
    await window.close()
    await profile.close()
    return content


async def around(dialog: Locator) -> FloatRect:
    """Return where a dialog is, with something of what is behind it."""
    box = await dialog.bounding_box()
    assert box is not None
    return {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }


async def settled(page: Page, clip: FloatRect | None) -> bytes:
    """Return what a page looks like once nothing on it moves or comes any more."""
    await page.mouse.move(0, 0)
    await page.wait_for_load_state("networkidle")
    former = b""

    async def same() -> bytes | None:
        nonlocal former
        latest = await page.screenshot(animations="disabled", clip=clip)
        former, before = latest, former
        return latest if latest == before else None

    return await until(same, "the page does not come to rest", seconds=SECONDS)


def save(content: bytes, path: Path) -> None:
    """Keep a picture in as few bytes as look the same."""
    image = Image.open(BytesIO(content)).convert("RGB")
    reduced(image).save(path, optimize=True)
    width, height = image.size
    print(
        f"{path.relative_to(ROOT)}: {width} x {height}, {path.stat().st_size:,} bytes"
    )


def reduced(image: Image.Image) -> Image.Image:
    """Return a picture with 256 colors: the most frequent are kept, the others mixed."""
    counted = cast(list[tuple[int, Color]], image.getcolors(image.width * image.height))
    kept = [color for _, color in sorted(counted, reverse=True)[:KEPT_COLORS]]
    mixed = image.quantize(256 - KEPT_COLORS, kmeans=3).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(kept), *(mixed or [])])
    pixels = np.asarray(image)
    indices = np.array(image.quantize(palette=palette, dither=Dither.FLOYDSTEINBERG))
    # Plain areas would be spotted: to Pillow, what is nearly the same is the same.
    for index, color in enumerate(kept):
        indices[(pixels == color).all(axis=2)] = index
    result = Image.fromarray(indices)
    result.putpalette(palette.getpalette() or [])
    return result


def make_it_late_morning() -> None:
    """Set this process, and those it starts, to where it is late in the morning."""
    ahead = (HOUR - datetime.now(UTC).hour + 12) % 24 - 12
    # The signs in these names are the other way round.
    os.environ["TZ"] = f"Etc/GMT{-ahead:+d}"
    time.tzset()


async def make(names: list[str]) -> None:
    """Make the pictures with these names, in each language."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with started() as browser:
        for texts in (ENGLISH, CHINESE):
            async with running(texts) as demo:
                for name in names:
                    content = await take(browser, demo, name)
                    path = FOLDER / f"{file_name(name, texts)}.png"
                    await asyncio.to_thread(save, content, path)


def main() -> int:
    """Make all pictures, or those that are named."""
    make_it_late_morning()
    try:
        asyncio.run(make(sys.argv[1:] or [*PICTURES]))
    except ServerError as err:
        print(f"Failed: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
