"""How a camera delivers its snapshots: chosen, verified, put back, kept up to date."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call, pass_time, state, upload
from ..const import DELIVERY, HB_INTERVAL, IMAGE, INTERNAL_URL, SN, UP, UPLOAD_ADDR
from ..simulator import SimulatedCamera
from ..simulator.links import reach_nobody

NEW_URL = "http://192.168.1.99:8123"
OTHER = "http://192.168.1.20:8080/snapshots"


@pytest.fixture
async def entry(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the entry of the camera, with the entity that is hidden at first."""
    er.async_get(hass).async_update_entity(UPLOAD_ADDR, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    return entry


async def choose(hass: HomeAssistant, option: str) -> None:
    """Choose how the camera delivers."""
    await call(hass, "select.select_option", DELIVERY, option=option)


async def set_address(hass: HomeAssistant, value: str) -> None:
    """Set the address of somebody else."""
    await call(hass, "text.set_value", UPLOAD_ADDR, value=value)


def own_address(entry: MockConfigEntry, url: str = INTERNAL_URL) -> str:
    """Return the address of the camera at Home Assistant."""
    return f"{url}/api/snapcam/upload/{entry.data['token']}"


async def test_as_the_camera_says(
    hass: HomeAssistant, broker: Broker, online: SimulatedCamera
) -> None:
    """What is shown is what the camera says of itself."""
    assert state(hass, DELIVERY) == "mqtt"
    assert state(hass, UPLOAD_ADDR) == "http://192.0.2.1/snapshots"


async def test_to_home_assistant_and_back(
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    entry: MockConfigEntry,
    broker: Broker,
) -> None:
    """The camera is told the address, a picture proves it, and MQTT comes back."""
    await choose(hass, "http_home_assistant")
    assert state(hass, DELIVERY) == "http_home_assistant"
    assert online.config.upload_type == 0
    assert online.config.upload_addr == own_address(entry)
    taken_at = state(hass, IMAGE)
    assert taken_at != "unknown"
    # The other address is not forgotten.
    assert state(hass, UPLOAD_ADDR) == "http://192.0.2.1/snapshots"

    await choose(hass, "mqtt")
    assert state(hass, DELIVERY) == "mqtt"
    assert online.config.upload_type == 1
    await online.send_snapshot()
    await broker.settle()
    assert state(hass, IMAGE) > taken_at


async def test_space_around_an_address(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """What is pasted with a space around it is an address without."""
    await set_address(hass, f" {OTHER} ")

    assert online.config.upload_addr == OTHER
    assert state(hass, UPLOAD_ADDR) == OTHER


async def test_two_settings_at_once(
    hass: HomeAssistant, online: SimulatedCamera
) -> None:
    """Neither takes the other one back, though all settings are sent each time."""
    await asyncio.gather(
        call(hass, "number.set_value", HB_INTERVAL, value=30),
        choose(hass, "http_other"),
    )

    assert (online.config.hb_interval, online.config.upload_type) == (30, 0)


async def test_setting_while_a_delivery_is_tried(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    broker: Broker,
    posting: SimulatedCamera,
    online: SimulatedCamera,
) -> None:
    """What is put back when nothing comes is not what was changed meanwhile."""
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    setting = asyncio.create_task(call(hass, "number.set_value", HB_INTERVAL, value=30))
    await broker.settle()
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError):
        await choosing
    await setting

    assert (online.config.hb_interval, online.config.upload_type) == (30, 1)


async def test_nothing_comes(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A camera that cannot reach us gets its settings back, and a person the reason."""
    online.post = reach_nobody
    before = dict(vars(online.config))
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    assert online.config.upload_type == 0
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await choosing

    assert raised.value.translation_key == "not_delivered"
    assert raised.value.translation_placeholders == {
        "name": "Gate",
        "address": INTERNAL_URL,
    }
    assert vars(online.config) == before
    assert state(hass, DELIVERY) == "mqtt"


async def test_it_comes_by_mqtt_instead(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A picture that comes another way proves nothing."""
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    broker.send(upload(), UP)
    await broker.settle()
    assert state(hass, IMAGE) != "unknown"
    await pass_time(hass, broker, freezer, 21)
    with pytest.raises(HomeAssistantError) as raised:
        await choosing

    assert raised.value.translation_key == "not_delivered"
    assert state(hass, DELIVERY) == "mqtt"


async def test_settings_cannot_be_put_back(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    posting: SimulatedCamera,
    online: SimulatedCamera,
    broker: Broker,
) -> None:
    """A camera that is lost on the way is said to be in between."""
    online.post = reach_nobody
    choosing = asyncio.create_task(choose(hass, "http_home_assistant"))
    await broker.settle()
    online.faults.silent = True
    await pass_time(hass, broker, freezer, 21)
    await pass_time(hass, broker, freezer, 11)
    with pytest.raises(HomeAssistantError) as raised:
        await choosing

    assert raised.value.translation_key == "not_restored"


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


async def test_refuses_to_take_a_picture(
    hass: HomeAssistant, posting: SimulatedCamera, online: SimulatedCamera
) -> None:
    """The camera's own reason is what a person is told, and the settings are back."""
    handle = online.handle

    async def refuse_snapshots(payload: bytes) -> None:
        online.faults.ret = 5 * (b"take_snapshot" in payload)
        await handle(payload)

    online.handle = refuse_snapshots  # type: ignore[method-assign]
    with pytest.raises(HomeAssistantError) as raised:
        await choose(hass, "http_home_assistant")

    assert raised.value.translation_key == "refused"
    assert online.config.upload_type == 1


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


@pytest.mark.parametrize("upload_type", [2, None, "x"])
async def test_unknown_type(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: MockConfigEntry,
    upload_type: Any,
) -> None:
    """A way that only the camera knows is none of ours."""
    camera.config.upload_type = upload_type
    await camera.send_heartbeat()
    await broker.settle()

    assert state(hass, DELIVERY) == "unknown"
