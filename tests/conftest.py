"""A Home Assistant with a broker, and simulated cameras connected to it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
import os
from pathlib import Path
import threading
from typing import Any
from unittest.mock import Mock

from aiohttp.test_utils import TestClient
from homeassistant.components.mqtt import CONF_BIRTH_MESSAGE, CONF_DISCOVERY
from homeassistant.components.mqtt.util import EnsureJobAfterCooldown
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
    MqttMockPahoClient,
)
from yarl import URL

# The plugin's own custom_components would hide ours from Home Assistant's loader.
import custom_components.snapcam  # noqa: F401

from .broker import Broker
from .const import INTERNAL_URL, SN, TOPICS
from .simulator import PostError, SimulatedCamera

type SetUpCamera = Callable[..., Awaitable[ConfigEntry]]


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    prompt_subscriptions: None, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load the integration; it ends before MQTT's timers do."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave asyncio's debug mode off, which takes more than half of all tests' time.

    It keeps the stack of each callback; Home Assistant itself checks the thread.
    """


@pytest.fixture(autouse=True, scope="session")
def patient_end() -> Generator[None]:
    """Let threads end by themselves, however busy the machine is.

    Home Assistant interrupts one that takes longer than a second or less. That one does
    not wake the next, as it should, and the others wait for ever.
    """
    executor = "homeassistant.util.executor"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(f"{executor}._JOIN_ATTEMPTS", 1)
        patched.setattr(f"{executor}.EXECUTOR_SHUTDOWN_TIMEOUT", 30)
        yield


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk that others keep busy; what a sync is for, the live tests try."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each Home Assistant a configuration directory of its own."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def prompt_subscriptions(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Have MQTT subscribe at once, also while the time stands still.

    What it has put off is due hours after the test if the time was hours ahead.
    """
    for name in ("SUBSCRIBE_COOLDOWN", "INITIAL_SUBSCRIBE_COOLDOWN"):
        monkeypatch.setattr(f"homeassistant.components.mqtt.client.{name}", -1)
    cooldowns: list[EnsureJobAfterCooldown] = []
    initialize = EnsureJobAfterCooldown.__init__

    def note(cooldown: EnsureJobAfterCooldown, *args: Any) -> None:
        initialize(cooldown, *args)
        cooldowns.append(cooldown)

    monkeypatch.setattr(EnsureJobAfterCooldown, "__init__", note)
    yield
    for cooldown in cooldowns:
        cooldown._async_cancel_timer()


@pytest.fixture
def mqtt_config_entry_options() -> dict[str, Any]:
    """Have MQTT look for no entities of its own: a hundred subscriptions to each test.

    The integration has nothing to do with them; the live tests have them.
    """
    return {CONF_BIRTH_MESSAGE: {}, CONF_DISCOVERY: False}


@pytest.fixture
def mqtt_client(mqtt_client_mock: MqttMockPahoClient) -> Generator[MqttMockPahoClient]:
    """Close the socket of MQTT's client after the test, which its timer waits for."""
    yield mqtt_client_mock
    mqtt_client_mock.on_socket_close(
        mqtt_client_mock, None, Mock(fileno=Mock(return_value=-1))
    )


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Give each Home Assistant a folder for media of its own."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    return folder


@pytest.fixture
def hanging_folder(media: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Have the folder for media hang, whoever lists it, until the test ends."""
    answers, listdir = threading.Event(), os.listdir

    def hang(path: Path) -> list[str]:
        if media in Path(path).parents:
            answers.wait()
        return listdir(path)

    monkeypatch.setattr(os, "listdir", hang)
    yield
    answers.set()


@pytest.fixture
async def broker(
    hass: HomeAssistant,
    media: Path,
    mqtt_client: MqttMockPahoClient,
    mqtt_mock: MqttMockHAClient,
) -> Broker:
    """Return the broker Home Assistant is connected to."""
    # A real one has this before all else; it knows what voice assistants may have.
    assert await async_setup_component(hass, "homeassistant", {})
    return Broker(hass, mqtt_client, mqtt_mock)


@pytest.fixture
async def camera(hass: HomeAssistant, broker: Broker) -> SimulatedCamera:
    """Return a camera that is connected to the broker, and silent as yet."""
    return broker.connect(SimulatedCamera(sn=SN))


@pytest.fixture
def config_entry() -> MockConfigEntry:
    """Return the entry of the camera, not set up."""
    return MockConfigEntry(
        domain="snapcam", unique_id=SN, title="Gate", data={"sn": SN, **TOPICS}
    )


@pytest.fixture
async def entry(
    hass: HomeAssistant, broker: Broker, config_entry: MockConfigEntry
) -> AsyncGenerator[MockConfigEntry]:
    """Return the entry of the camera, set up before the camera is heard."""
    config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(config_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return config_entry


@pytest.fixture
async def http(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> TestClient:
    """Return the way to Home Assistant's web server for somebody without a log-in."""
    hass.config.internal_url = INTERNAL_URL
    return await hass_client_no_auth()


@pytest.fixture
def posting(camera: SimulatedCamera, http: TestClient) -> SimulatedCamera:
    """Return the camera, which can reach Home Assistant's web server, and only that."""

    async def post(address: str, body: bytes, /, *, content_type: str) -> bytes:
        url = URL(address)
        if url.origin() != URL(INTERNAL_URL):
            raise PostError("no route")
        response = await http.post(
            url.path, data=body, headers={"Content-Type": content_type}
        )
        return await response.read()

    camera.post = post
    return camera


@pytest.fixture
async def online(
    hass: HomeAssistant,
    broker: Broker,
    camera: SimulatedCamera,
    entry: MockConfigEntry,
) -> SimulatedCamera:
    """Return the camera after its first heartbeat, with nothing recorded yet."""
    await camera.send_heartbeat()
    await broker.settle()
    camera.received.clear()
    camera.answers.clear()
    broker.published.clear()
    return camera


@pytest.fixture
def issues(hass: HomeAssistant) -> Callable[[], set[str]]:
    """Return a way to see the repair issues of the integration."""
    registry = ir.async_get(hass)
    return lambda: {issue for domain, issue in registry.issues if domain == "snapcam"}
