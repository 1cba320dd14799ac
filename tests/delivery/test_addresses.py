"""The addresses that cameras deliver to: ours, and those of others."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time, state
from ..const import DELIVERY, IMAGE, INTERNAL_URL, SN, UPLOAD_ADDR
from ..simulator import SimulatedCamera
from ..simulator.links import reach_nobody
from .common import choose, own_address

NEW_URL = "http://192.168.1.99:8123"


OTHER = "http://192.168.1.20:8080/snapshots"


async def set_address(hass: HomeAssistant, value: str) -> None:
    """Set the address of somebody else."""
    await call(hass, "text.set_value", UPLOAD_ADDR, value=value)


async def test_space_around_an_address(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """What is pasted with a space around it is an address without."""
    await set_address(hass, f" {OTHER} ")

    assert online.config.upload_addr == OTHER
    assert state(hass, UPLOAD_ADDR) == OTHER


@pytest.mark.parametrize(
    "internal_url", [None, "https://home.example", "https://192.168.1.10:8123"]
)
async def test_no_address(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
    internal_url: str | None,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Without a plain address in the local network a person is told how to get one."""
    hass.config.internal_url = internal_url
    hass.config.api.use_ssl = True
    with pytest.raises(HomeAssistantError) as raised:
        await choose(hass, "http_home_assistant")

    assert raised.value.translation_key == "no_lan_address"
    assert issue_registry.async_get_issue("snapcam", "no_lan_address") is not None
    assert broker.messages("set_dev_config") == []

    hass.config.internal_url = INTERNAL_URL
    await choose(hass, "http_home_assistant")
    assert issue_registry.async_get_issue("snapcam", "no_lan_address") is None


async def test_issue_goes_with_the_reason(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Once there is an address the issue goes, without another try."""
    hass.config.internal_url = None
    hass.config.api.use_ssl = True
    with pytest.raises(HomeAssistantError):
        await choose(hass, "http_home_assistant")
    await hass.config.async_update(internal_url=INTERNAL_URL)
    await hass.async_block_till_done()

    assert issue_registry.async_get_issue("snapcam", "no_lan_address") is None


async def test_behind_a_proxy(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """Where a proxy speaks https, cameras use Home Assistant's own port."""
    hass.config.internal_url = "https://home.example"
    hass.config.api.use_ssl = False
    hass.config.api.local_ip = "192.168.1.10"
    hass.config.api.port = 8123
    await choose(hass, "http_home_assistant")

    assert online.config.upload_addr == own_address(entry)


NAMES = [
    "http://homeassistant.local:8123",
    "http://HomeAssistant.local.",
    "http://localhost:8123",
    "http://127.0.0.1:8123",
    "http://[::1]:8123",
]
"""Of Home Assistant, for people and their browsers."""


@pytest.mark.parametrize("url", NAMES)
async def test_a_name_that_no_camera_knows(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    url: str,
) -> None:
    """Cameras have no mDNS: they are told the address in the local network instead."""
    hass.config.internal_url = url
    hass.config.api.local_ip = "192.168.1.10"
    hass.config.api.port = 8123
    await choose(hass, "http_home_assistant")

    assert online.config.upload_addr == own_address(entry)


async def test_home_assistant_listens_to_its_own_machine_alone(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
) -> None:
    """Its address there is the one that works, if any: behind the other is nothing."""
    hass.config.internal_url = url = "http://127.0.0.1:8123"
    hass.config.api.host, hass.config.api.local_ip = "127.0.0.1", "192.168.1.10"
    choosing = hass.async_create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    assert online.config.upload_addr == own_address(entry, url)

    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError):
        await choosing


@pytest.mark.parametrize("url", NAMES)
async def test_only_a_name(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
    issue_registry: ir.IssueRegistry,
    url: str,
) -> None:
    """Where Home Assistant does not know its address the person is asked for it."""
    hass.config.internal_url = url
    hass.config.api.local_ip = "127.0.0.1"
    with pytest.raises(HomeAssistantError):
        await choose(hass, "http_home_assistant")

    assert issue_registry.async_get_issue("snapcam", "no_lan_address") is not None
    assert broker.messages("set_dev_config") == []


async def test_a_name_that_the_router_knows(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
) -> None:
    """Any other name is told as a person has set it."""
    hass.config.internal_url = url = "http://local.fritz.box:8123"
    choosing = hass.async_create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    assert online.config.upload_addr == own_address(entry, url)

    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError):
        await choosing


@pytest.mark.parametrize(("url", "token"), [(NEW_URL, None), (INTERNAL_URL, "new")])
async def test_our_address_changes(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
    url: str,
    token: str | None,
) -> None:
    """A camera that delivers to us is told when our address is another one."""
    await choose(hass, "http_home_assistant")
    online.config.upload_addr = own_address(entry, url)
    data = {**entry.data, "token": token or entry.data["token"]}
    hass.config_entries.async_update_entry(entry, data=data)
    await hass.config_entries.async_reload(entry.entry_id)
    await online.send_heartbeat()
    await broker.settle()
    await online.wait_answer(await online.send_snapshot())
    await broker.settle()

    assert online.config.upload_addr == own_address(entry)
    assert state(hass, DELIVERY) == "http_home_assistant"


async def test_new_address_does_not_arrive_at_once(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
) -> None:
    """A camera that could not be told a new secret is still ours, and told again."""
    await choose(hass, "http_home_assistant")
    former, post = online.config.upload_addr, online.post
    online.post = reach_nobody
    data = {**entry.data, "token": "new"}
    hass.config_entries.async_update_entry(entry, data=data)
    await hass.config_entries.async_reload(entry.entry_id)
    await online.send_heartbeat()
    await broker.settle()
    assert online.config.upload_addr == own_address(entry)
    await pass_time(hass, broker, freezer, 21)
    assert online.config.upload_addr == former
    assert state(hass, DELIVERY) == "http_home_assistant"

    online.post = post
    for _ in range(10):
        await pass_time(hass, broker, freezer, 60)
        await online.send_heartbeat()
        await broker.settle()
    await online.wait_answer(await online.send_snapshot())
    await broker.settle()
    assert online.config.upload_addr == own_address(entry)
    assert state(hass, DELIVERY) == "http_home_assistant"


async def test_our_address_changes_meanwhile(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
    entry: MockConfigEntry,
) -> None:
    """A new address in Home Assistant's settings is passed on at once."""
    await choose(hass, "http_home_assistant")
    taken_at = state(hass, IMAGE)
    post = online.post

    async def post_there(address: str, body: bytes, /, *, content_type: str) -> bytes:
        there = address.replace(NEW_URL, INTERNAL_URL)
        return await post(there, body, content_type=content_type)

    online.post = post_there
    await hass.config.async_update(internal_url=NEW_URL)
    while state(hass, IMAGE) == taken_at:
        await asyncio.sleep(0)
    await broker.settle()

    assert online.config.upload_addr == own_address(entry, NEW_URL)


async def test_to_somebody_else(
    hass: HomeAssistant, posting: SimulatedCamera, online: SimulatedCamera
) -> None:
    """The other address is set, chosen, and told apart from ours."""
    await set_address(hass, OTHER)
    assert (online.config.upload_type, online.config.upload_addr) == (1, OTHER)
    assert state(hass, UPLOAD_ADDR) == OTHER
    await choose(hass, "http_other")
    assert (online.config.upload_type, online.config.upload_addr) == (0, OTHER)
    assert state(hass, DELIVERY) == "http_other"


async def test_other_address_is_kept(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
) -> None:
    """While the camera delivers to us, the other address is only remembered."""
    await choose(hass, "http_home_assistant")
    await set_address(hass, OTHER)
    assert online.config.upload_addr == own_address(entry)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state(hass, UPLOAD_ADDR) == OTHER

    await choose(hass, "http_other")
    assert online.config.upload_addr == OTHER


@pytest.mark.parametrize(
    "value", ["", "192.168.1.20", "ftp://host/", "http://", "http://["]
)
async def test_bad_address(
    hass: HomeAssistant, online: SimulatedCamera, broker: Broker, value: str
) -> None:
    """What is no address is not sent."""
    with pytest.raises(ServiceValidationError) as raised:
        await set_address(hass, value)

    assert raised.value.translation_key == "invalid_upload_addr"
    assert broker.messages("set_dev_config") == []


async def test_no_other_address(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """Without another address there is nothing to choose."""
    camera.config.upload_addr = ""
    await camera.send_heartbeat()
    await broker.settle()
    with pytest.raises(ServiceValidationError) as raised:
        await choose(hass, "http_other")

    assert raised.value.translation_key == "no_upload_addr"


async def test_long_address(
    hass: HomeAssistant, broker: Broker, camera: SimulatedCamera, entry: MockConfigEntry
) -> None:
    """An address that is too long for a state is used, but not shown."""
    camera.config.upload_addr = f"http://192.168.1.20/{'x' * 300}"
    await camera.send_heartbeat()
    await broker.settle()
    assert state(hass, UPLOAD_ADDR) == "unknown"
    await choose(hass, "http_other")
    assert camera.config.upload_type == 0
    assert SN not in camera.config.upload_addr
