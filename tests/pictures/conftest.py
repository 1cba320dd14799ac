"""What the tests of pictures need more than once."""

from aiohttp import ClientResponse
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from .thumbnails import Get


@pytest.fixture
async def get(entry: MockConfigEntry, hass_client: ClientSessionGenerator) -> Get:
    """Return how somebody who has logged in gets a thumbnail, by a path left as it is."""
    client = await hass_client()

    async def get(name: str) -> ClientResponse:
        url = f"{client.make_url('/')}api/snapcam/thumbnail/{name}"
        return await client.session.get(URL(url, encoded=True))

    return get
