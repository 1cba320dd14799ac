"""How soon pictures are seen in the panel, by a real browser, and what that takes."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import gzip
import os
from pathlib import Path
import sys

from playwright.async_api import Browser, CDPSession, Page

from tests.browser.chromium import new_profile, started
from tests.browser.window import Window
from tests.live.home import INTEGRATION, Home

from .report import Ratio, Results
from .scale import add_entries
from .stage import picture, set_up

SNS = [f"4000{number:08}" for number in range(60)]
ROUNDS = 5
PICTURE_BYTES = 200_000
A_DAY = 1440
STEPS = 30
STEP_PAUSE = 0.3
"""Somebody who looks at pictures takes so many seconds for each, at least."""

READ_SECONDS = 2.0
"""Nobody leaves the wall sooner."""

WALL = "first wall of 60 cameras, ms"
WALL_AGAIN = "the wall again, ms"
DAY = "first thumbnails of a day of 1,440 pictures, ms"
NEXT = "next picture, ms"
FRAME = "a frame while scrolling through the day, p95, ms"
HEAP = "JavaScript heap after the day, MB"
SIZE = "all modules, kB gzipped"
TARGETS = {WALL: 1000, DAY: 300, NEXT: 60, FRAME: 1000 / 60 * 1.2, HEAP: 80, SIZE: 40}
LIMIT = "at most: "

FRONTEND = INTEGRATION / "panel/frontend"

# Each part of the panel is in a shadow root of another one.
VIEW = """
const find = (root, tag) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.localName === tag) return element;
    const found = element.shadowRoot && find(element.shadowRoot, tag);
    if (found) return found;
  }
};
const inside = (tag, selector) => {
  const root = find(document, tag)?.shadowRoot;
  return root ? [...root.querySelectorAll(selector)] : [];
};
const seen = (images) => images.every((image) => image.naturalWidth > 0);
const frame = () => new Promise(requestAnimationFrame);
const until = async (act, done, what) => {
  const started = performance.now();
  act();
  while (!done()) {
    await frame();
    if (performance.now() - started > 30000) throw new Error(`waited in vain: ${what()}`);
  }
  return performance.now() - started;
};
const go = (path) => {
  history.pushState(null, "", path);
  dispatchEvent(new CustomEvent("location-changed"));
};
"""

OPEN = (
    "async ([path, count]) => {"
    + VIEW
    + """
  const ready = {
    wall: () => inside("snapcam-wall", "li img"),
    day: () => inside("snapcam-strip", ".cell").filter((cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return right > 0 && left < innerWidth;
    }).map((cell) => cell.querySelector("img")),
  }[count > 1 ? "wall" : "day"];
  return until(
    () => go(path),
    () => ready().length >= count && seen(ready()),
    () => `${ready().filter((image) => image.naturalWidth).length} of ${count} pictures`,
  );
}"""
)

STEP = (
    "async () => {"
    + VIEW
    + """
  const [image] = inside("snapcam-stage", "img");
  const former = image.src;
  return until(
    () => dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" })),
    () => image.src !== former && image.complete,
    () => `the picture after ${image.alt}`,
  );
}"""
)

SCROLL = (
    "async () => {"
    + VIEW
    + """
  const [scroller] = inside("snapcam-strip", ".scroller");
  const frames = [];
  let last = performance.now();
  const end = last + 5000;
  while (last < end) {
    scroller.scrollLeft -= 60;
    await frame();
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)];
}"""
)


def ratios() -> list[Ratio]:
    """Return what is compared with what it should be at most."""
    return [Ratio(what, LIMIT + what, 1.0) for what in TARGETS]


async def run(folder: Path) -> Results:
    """Return what the panel takes, by what that is."""
    results: Results = {SIZE: [modules_kb()]}
    async with set_up(folder) as stage, started() as browser:
        await stage.home.stop()
        add_entries(stage.home, SNS)
        await asyncio.to_thread(fill, stage.home)
        await stage.home.start()
        await stage.home.until_running()
        for number in range(ROUNDS):
            await look(browser, stage.home, results)
            print(f"round {number}", file=sys.stderr)
    return results | {LIMIT + what: [float(most)] for what, most in TARGETS.items()}


def modules_kb() -> float:
    """Return what a browser loads of the panel, all of it together."""
    files = FRONTEND.glob("*.js")
    return sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000


def fill(home: Home) -> None:
    """Give each camera a picture of yesterday, and one of them a whole day of them."""
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    content = picture(PICTURE_BYTES)
    for sn in SNS:
        folder = home.pictures(sn) / f"{yesterday:%Y-%m-%d}"
        folder.mkdir(parents=True)
        (folder / "235900-000000.jpg").write_bytes(content)
    folder = home.pictures(SNS[0]) / f"{yesterday:%Y-%m-%d}"
    for minute in range(A_DAY - 1):
        name = f"{minute // 60:02}{minute % 60:02}00-000000.jpg"
        os.link(folder / "235900-000000.jpg", folder / name)


async def look(browser: Browser, home: Home, results: Results) -> None:
    """Look at the wall and at a day, as somebody who has never been there."""

    def note(what: str, value: float) -> None:
        results.setdefault(what, []).append(value)

    profile = await new_profile(browser, "en-US")
    window = await Window.of(profile, home.api.url, "bench")
    # The only user there is need not log in from this machine.
    await window.open("/config/dashboard")
    await window.page.locator("ha-config-dashboard").wait_for()
    page = window.page
    devtools = await profile.new_cdp_session(page)
    note(WALL, await page.evaluate(OPEN, ["/snapcam", len(SNS)]))
    await asyncio.sleep(READ_SECONDS)
    note(DAY, await page.evaluate(OPEN, [f"/snapcam/{SNS[0]}", 1]))
    await look_at_the_day(page, note)
    note(HEAP, await heap_mb(devtools))
    note(WALL_AGAIN, await page.evaluate(OPEN, ["/snapcam", len(SNS)]))
    await profile.close()


async def look_at_the_day(page: Page, note: Callable[[str, float], None]) -> None:
    """Go from picture to picture, and through all of them."""
    await page.locator("snapcam-stage img").first.wait_for()
    for _ in range(STEPS):
        await asyncio.sleep(STEP_PAUSE)
        note(NEXT, await page.evaluate(STEP))
    note(FRAME, await page.evaluate(SCROLL))


async def heap_mb(devtools: CDPSession) -> float:
    """Return what JavaScript keeps in memory."""
    await devtools.send("HeapProfiler.collectGarbage")
    usage = await devtools.send("Runtime.getHeapUsage")
    return float(usage["usedSize"]) / 1e6
