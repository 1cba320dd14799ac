"""A camera that can fetch packages, and one that is offered to it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import ClientTimeout
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from ..broker import Broker
from ..common import pass_time
from ..const import INTERNAL_URL
from ..simulator import Body, SimulatedCamera
from ..simulator.links import DownloadError
from .common import offer
from .fleet import Fleet, SetUpFleet


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return where packages are kept."""
    return Path(hass.config.path("snapcam", "firmware"))


@pytest.fixture
def fetching(camera: SimulatedCamera, http: TestClient) -> SimulatedCamera:
    """Return the camera, which can fetch from Home Assistant's web server."""

    @asynccontextmanager
    async def download(
        address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AsyncGenerator[Body]:
        url = URL(address)
        last = "" if stop is None else stop - 1
        response = await http.get(
            url.path,
            headers={"Range": f"bytes={start}-{last}"},
            timeout=ClientTimeout(),
        )
        if response.status != HTTPStatus.PARTIAL_CONTENT:
            raise DownloadError(f"HTTP status {response.status}")
        total = int(response.headers["Content-Range"].partition("/")[2])
        yield Body(total=total, chunks=response.content.iter_any())

    camera.download = download
    return camera


@pytest.fixture
async def offered(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    fetching: SimulatedCamera,
    online: SimulatedCamera,
    media: Path,
) -> SimulatedCamera:
    """Return a camera that is online, and offered a package of ours."""
    await offer(hass, media)
    freezer.tick(5)
    return online


@pytest.fixture
def wait(
    hass: HomeAssistant,
    broker: Broker,
    online: SimulatedCamera,
    freezer: FrozenDateTimeFactory,
) -> Callable[[float], Awaitable[None]]:
    """Return the way to let time pass, with a heartbeat every minute of it."""

    async def wait(seconds: float) -> None:
        for _ in range(int(seconds // 60)):
            await online.send_heartbeat()
            await broker.settle()
            await pass_time(hass, broker, freezer, 60)

    return wait


@pytest.fixture
async def fleet_of(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    media: Path,
    hass_client_no_auth: ClientSessionGenerator,
) -> SetUpFleet:
    """Return the way to set up cameras that a firmware can be rolled out to."""

    async def set_up(count: int, offer: dict[str, Any] | None = None) -> Fleet:
        # The web server takes no more pages once it has a client.
        for component in (
            "snapcam",
            "camera",
            "image",
            "diagnostics",
            "websocket_api",
            REPAIRS,
        ):
            assert await async_setup_component(hass, component, {})
        await hass.async_block_till_done()
        hass.config.internal_url = INTERNAL_URL
        http: TestClient = await hass_client_no_auth()
        fleet = Fleet(hass=hass, broker=broker, freezer=freezer, http=http, media=media)
        await fleet.set_up(count, offer)
        return fleet

    return set_up
