"""The broker between a Home Assistant under test and simulated cameras."""

import asyncio
from dataclasses import dataclass
import json
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockMqttReasonCode,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    MqttMockPahoClient,
)

from custom_components.snapcam.pictures.disk import async_get_disk

from .const import TOPICS
from .simulator import SimulatedCamera
from .simulator.camera import lose


@dataclass(frozen=True, kw_only=True)
class Published:
    """A message of Home Assistant as the broker got it."""

    topic: str
    payload: bytes
    qos: int
    retain: bool

    @property
    def message(self) -> dict[str, Any]:
        """Return the message."""
        message: dict[str, Any] = json.loads(self.payload)
        return message


class Broker:
    """Pass messages between Home Assistant's MQTT client and cameras."""

    def __init__(
        self,
        hass: HomeAssistant,
        client: MqttMockPahoClient,
        component: MqttMockHAClient,
    ) -> None:
        """Listen to what Home Assistant publishes."""
        self._hass = hass
        self._client = client
        self.component = component
        self._cameras: list[tuple[str, SimulatedCamera]] = []
        self._echo = client.publish.side_effect
        self.published: list[Published] = []
        client.publish.side_effect = self._publish

    def connect(
        self,
        camera: SimulatedCamera,
        up: str = TOPICS["up"],
        down: str = TOPICS["down"],
    ) -> SimulatedCamera:
        """Connect a camera that publishes and listens on these topics."""

        async def publish(payload: bytes, /, *, retain: bool) -> None:
            self.send(payload, up.format(sn=camera.sn), retain=retain)

        camera.publish = publish
        self._cameras.append((down.format(sn=camera.sn), camera))
        return camera

    def disconnect(self, camera: SimulatedCamera) -> None:
        """Cut a camera's connection."""
        camera.publish = lose
        self._cameras = [pair for pair in self._cameras if pair[1] is not camera]

    def send(
        self, message: bytes | str | dict[str, Any], topic: str, *, retain: bool = False
    ) -> None:
        """Publish a message to Home Assistant."""
        payload = json.dumps(message) if isinstance(message, dict) else message
        async_fire_mqtt_message(self._hass, topic, payload, qos=1, retain=retain)

    async def settle(self) -> None:
        """Wait until nothing more happens, unless time passes.

        Home Assistant's own way of waiting would wait for a command's time-out.
        """
        hass, loop, idle_rounds = self._hass, self._hass.loop, 0
        # In the first idle round the loop may still find a timer that is due.
        while idle_rounds < 3:
            await asyncio.sleep(0)
            running = (
                hass._tasks | hass._background_tasks | async_get_disk(hass).running
            )
            if jobs := {job for job in running if not isinstance(job, asyncio.Task)}:
                await asyncio.wait(jobs)
            idle_rounds = 0 if jobs or loop._ready else idle_rounds + 1

    async def go_down(self) -> None:
        """Cut the connection to Home Assistant."""
        self.component.connected = False
        self._client.on_disconnect(None, None, 0, MockMqttReasonCode())
        await self.settle()

    async def come_back(self) -> None:
        """Let Home Assistant connect again."""
        self.component.connected = True
        self._client.on_connect(None, None, 0, MockMqttReasonCode())
        await self.settle()

    def messages(self, operate: str) -> list[dict[str, Any]]:
        """Return what Home Assistant has published of one kind."""
        messages = [published.message for published in self.published]
        return [message for message in messages if message["operate"] == operate]

    def _publish(
        self, topic: str, payload: bytes, qos: int, retain: bool, properties: object
    ) -> object:
        """Take a message from Home Assistant to the cameras that listen."""
        self.published.append(
            Published(topic=topic, payload=payload, qos=qos, retain=retain)
        )
        for down, camera in self._cameras:
            if topic == down:
                self._hass.async_create_background_task(
                    camera.handle(payload), f"camera {camera.sn}"
                )
        return self._echo(topic, payload, qos, retain, properties)
