"""The panel with no camera, with very many, and with very many pictures."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.broker import Broker
from tests.const import SN, TOPICS

from .common import DAYS, ask, subscribe, told


async def test_no_camera(
    hass: HomeAssistant, broker: Broker, hass_ws_client: WebSocketGenerator
) -> None:
    """Who has no camera yet is told so, and not that something is wrong."""
    assert await async_setup_component(hass, "snapcam", {})
    client = await hass_ws_client(hass)

    assert await subscribe(client) == []
    assert (await ask(client, "days"))["result"] == {"days": []}
    assert (await ask(client, "removed"))["result"] == {"cameras": []}


async def test_200_cameras(hass: HomeAssistant, client: MockHAClientWebSocket) -> None:
    """All are told at once, also those that could not be set up; one more is one more."""
    for number in range(200):
        sn = f"3{number:011}"
        MockConfigEntry(
            domain="snapcam", unique_id=sn, title=sn, data={"sn": sn, **TOPICS}
        ).add_to_hass(hass)
    cameras = await subscribe(client)

    assert len({camera["sn"] for camera in cameras}) == 201
    another = MockConfigEntry(
        domain="snapcam", unique_id="4", title="Attic", data={"sn": "4", **TOPICS}
    )
    another.add_to_hass(hass)
    assert await hass.config_entries.async_setup(another.entry_id)
    news = await told(client)
    assert {camera["name"] for camera in news["changed"]} == {"Attic"}


async def test_20000_pictures(client: MockHAClientWebSocket, media: Path) -> None:
    """A day of so many comes in pages, and each picture once."""
    folder = media / "snapcam" / SN / DAYS[0]
    folder.mkdir(parents=True)
    for number in range(20_000):
        minutes, seconds = divmod(number, 60)
        hours, minutes = divmod(minutes, 60)
        (folder / f"{hours:02}{minutes:02}{seconds:02}-000000.jpg").touch()
    names: list[str] = []
    more = True
    while more:
        before = {"before": names[-1]} if names else {}
        answer = await ask(client, "pictures", sn=SN, day=DAYS[0], **before)
        names += answer["result"]["pictures"]
        more = answer["result"]["more"]

    assert len(names) == len(set(names)) == 20_000
    assert names == sorted(names, reverse=True)
    assert (await ask(client, "days", sn=SN))["result"]["days"][0]["count"] == 20_000
