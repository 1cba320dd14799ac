"""Home Assistant's MQTT, as far as cameras need it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..protocol import SnapcamNotConnectedError, TopicTemplate

QOS: Final = 1
SUBSCRIBE_TIMEOUT: Final = 10.0


@dataclass
class _Subscription:
    """A topic filter that cameras share."""

    up: TopicTemplate
    users: int = 0
    unsubscribe: CALLBACK_TYPE = lambda: None


class Broker:
    """Subscribe once for each topic filter, and publish now or never."""

    def __init__(
        self,
        hass: HomeAssistant,
        received: Callable[[ReceiveMessage, TopicTemplate], None],
    ) -> None:
        """Initialize with nothing subscribed.

        Args:
            hass: Home Assistant.
            received: Called with each message, and the topic it was subscribed to by.
        """
        self._hass = hass
        self._received = received
        self._subscriptions: dict[str, _Subscription] = {}

    @property
    def connected(self) -> bool:
        """Return whether the broker is connected."""
        return mqtt.is_connected(self._hass)

    async def async_subscribe(self, up: TopicTemplate) -> CALLBACK_TYPE:
        """Subscribe to a topic's filter, or share the subscription there is.

        Raises:
            SnapcamNotConnectedError: Home Assistant's MQTT integration is gone.
        """
        topic_filter = up.filter
        if (subscription := self._subscriptions.get(topic_filter)) is None:
            subscription = _Subscription(up)
            subscription.unsubscribe = await self._async_listen(subscription)
            self._subscriptions[topic_filter] = subscription
        subscription.users += 1

        @callback
        def unsubscribe() -> None:
            subscription.users -= 1
            if not subscription.users:
                del self._subscriptions[topic_filter]
                subscription.unsubscribe()

        return unsubscribe

    async def _async_listen(self, subscription: _Subscription) -> CALLBACK_TYPE:
        """Have MQTT pass on what arrives for a subscription."""
        topic_filter = subscription.up.filter

        @callback
        def received(msg: ReceiveMessage) -> None:
            # A reloaded MQTT entry has copies of its subscriptions that cannot be
            # ended from outside.
            if self._subscriptions.get(topic_filter) is subscription:
                self._received(msg, subscription.up)

        try:
            return await mqtt.async_subscribe(
                self._hass, topic_filter, received, qos=QOS, encoding=None
            )
        except HomeAssistantError as err:
            raise SnapcamNotConnectedError(str(err)) from err

    async def async_wait_subscribed(self, up: TopicTemplate) -> None:
        """Wait until the broker passes on what cameras publish on a topic.

        Raises:
            SnapcamNotConnectedError: The broker does not confirm it in time.
        """
        confirmed = asyncio.Event()
        stop = mqtt.async_on_subscribe_done(self._hass, up.filter, QOS, confirmed.set)
        try:
            async with asyncio.timeout(SUBSCRIBE_TIMEOUT):
                await confirmed.wait()
        except TimeoutError as err:
            raise SnapcamNotConnectedError("the subscription is not confirmed") from err
        finally:
            stop()

    async def async_ask(self, up: TopicTemplate, topic: str, payload: bytes) -> None:
        """Publish a command to a camera, as soon as its answer can be heard.

        Args:
            up: The topic it answers on.
            topic: The topic it listens on.
            payload: The command.

        Raises:
            SnapcamNotConnectedError: The broker is not connected.
        """
        if self.connected:
            await self.async_wait_subscribed(up)
        await self.async_publish(topic, payload)

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish a message to a camera, now or never.

        Raises:
            SnapcamNotConnectedError: The broker is not connected. Nothing is queued:
                a relay must not switch minutes after somebody gave up.
        """
        if not self.connected:
            raise SnapcamNotConnectedError("the broker is not connected")
        try:
            await mqtt.async_publish(self._hass, topic, payload, qos=0, retain=False)
        except HomeAssistantError as err:
            raise SnapcamNotConnectedError(str(err)) from err
