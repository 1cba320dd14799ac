"""The servers of the browser tests: made as for the live tests, with a browser."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os

from playwright.async_api import Browser, BrowserContext
import pytest
import pytest_asyncio

from tests.browser.chromium import new_profile, started
from tests.browser.window import FOLDER, Window, log_in
from tests.live import showcase
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, Installed
from tests.live.conftest import (
    bare_home,
    broker,
    cameras,
    configure_event_loop,
    enable_custom_integrations,
    enable_event_loop_debug,
    folder,
    network,
    shared,
    verify_cleanup,
)
from tests.live.flows import add_mqtt
from tests.live.home import Home
from tests.live.process import ServerError

__all__ = [
    "bare_home",
    "broker",
    "cameras",
    "configure_event_loop",
    "enable_custom_integrations",
    "enable_event_loop_debug",
    "folder",
    "network",
    "verify_cleanup",
]

READER = "xiaoming"


@pytest_asyncio.fixture(scope="package", loop_scope="package", autouse=True)
async def chromium(network: None) -> AsyncGenerator[Browser]:
    """Run the browser, or tell what is missing before anything else is started."""
    try:
        async with started() as browser:
            yield browser
    except ServerError as err:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(err))


@shared
async def home(bare_home: Home, broker: MqttBroker) -> Home:
    """Return a Home Assistant with a broker, and a second user who reads Chinese."""
    api = bare_home.api
    await add_mqtt(api, broker.home_port)
    created = await api.command(
        "config/auth/create", name="小明", group_ids=["system-admin"]
    )
    await api.command(
        "config/auth_provider/homeassistant/create",
        user_id=created["user"]["id"],
        username=READER,
        password=READER,
    )
    return bare_home


@shared
async def gate(home: Home, cameras: Cameras) -> Installed:
    """Return a camera of the showcase, whose first page is the wall."""
    return (await showcase.build(home, cameras))[showcase.GATE]


@shared
async def english(chromium: Browser, home: Home) -> AsyncGenerator[BrowserContext]:
    """Have the owner log in."""
    profile = await new_profile(chromium, "en-US")
    window = await Window.of(profile, home.api.url, "log-in")
    await log_in(window, "tester", "tester")
    await window.close()
    yield profile
    await profile.close()


@shared
async def chinese(chromium: Browser, home: Home) -> AsyncGenerator[BrowserContext]:
    """Have the user log in who reads Chinese."""
    profile = await new_profile(chromium, "zh-CN")
    window = await Window.of(profile, home.api.url, "log-in.zh-Hans")
    await log_in(window, READER, READER)
    await window.close()
    yield profile
    await profile.close()


@pytest_asyncio.fixture(loop_scope="package")
async def window(
    request: pytest.FixtureRequest, english: BrowserContext, home: Home
) -> AsyncGenerator[Window]:
    """Open a window; close it after the step, in which nothing may have been wrong."""
    async with opened(english, home, file_name(request)) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="package")
async def chinese_window(
    request: pytest.FixtureRequest, chinese: BrowserContext, home: Home
) -> AsyncGenerator[Window]:
    """Open a window of the user who reads Chinese."""
    async with opened(chinese, home, f"{file_name(request)}.zh-Hans") as window:
        yield window


@asynccontextmanager
async def opened(
    profile: BrowserContext, home: Home, name: str
) -> AsyncGenerator[Window]:
    """Open a window, close it, and tell where its pictures are."""
    window = await Window.of(profile, home.api.url, name)
    yield window
    print(f"What was seen last, and the console: {FOLDER / name}.png and .log")
    await window.close()


def file_name(request: pytest.FixtureRequest) -> str:
    """Return what the pictures of a step are called."""
    return str(request.node.name).removeprefix("test_")
