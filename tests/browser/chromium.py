"""The system's own Chromium."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import shutil

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.live.process import ServerError

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    # It may be run by root, and without a graphics card; and it shall be quiet.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MISSING = "Chromium is missing. On Debian: apt-get install chromium fonts-noto-cjk"
WINDOW = (1280, 800)


def find_chromium() -> str:
    """Return where Chromium is.

    Raises:
        ServerError: It is not installed.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise ServerError(MISSING)


@asynccontextmanager
async def started() -> AsyncGenerator[Browser]:
    """Run a browser.

    Raises:
        ServerError: There is none.
    """
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


async def new_profile(
    browser: Browser, locale: str, *, size: tuple[int, int] = WINDOW, scale: float = 1
) -> BrowserContext:
    """Return a fresh profile of somebody who speaks a language."""
    width, height = size
    return await browser.new_context(
        locale=locale,
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        reduced_motion="reduce",
        # It would fetch all of the frontend, beside what is looked at.
        service_workers="block",
    )
