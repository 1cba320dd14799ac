"""Hear cameras on any topic: nothing is answered, and no message is kept."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..protocol import (
    FROM_DEVICE,
    SN_PLACEHOLDER,
    Message,
    Request,
    SnapcamMessageError,
    SnapcamNotConnectedError,
    TopicTemplate,
    parse_message,
)

LISTEN_SECONDS: Final = 90.0
"""The vendor's default heartbeat interval, and half of it for one that is late."""

QUIET_SECONDS: Final = 10.0
"""Once a camera is heard, how long to wait for another one."""

MAX_TOPICS: Final = 1000
"""Somebody else's devices may have any number of topics."""

MAX_TOPIC_LENGTH: Final = 256

_NAMED: Final = '"operate"'
"""What no message of the protocol is without; other devices' messages mostly are."""

_NAMED_BYTES: Final = _NAMED.encode()


class Refusal(StrEnum):
    """Why a message that looks like the protocol's makes no camera."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NO_SN = "no_sn"
    NO_OPERATE = "no_operate"
    UNKNOWN_OPERATE = "unknown_operate"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    RETAINED = "retained"
    KNOWN = "known"
    """The camera is set up."""
    TOPIC = "topic"
    """The camera cannot be told from others by it, or it is too long."""


_REFUSALS: Final = {
    "not JSON": Refusal.NOT_JSON,
    "not a JSON object": Refusal.NOT_AN_OBJECT,
    "no valid sn": Refusal.NO_SN,
    "no operate": Refusal.NO_OPERATE,
    "unknown operate": Refusal.UNKNOWN_OPERATE,
    "too long": Refusal.TOO_LONG,
    "too many values": Refusal.TOO_LONG,
}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A camera on a topic: two of them may have one serial number."""

    sn: str
    topic: str
    kinds: set[str] = field(default_factory=set)
    """The messages it has sent, as they are called on the wire."""

    @property
    def up(self) -> TopicTemplate:
        """Return the template of the topic it speaks on."""
        return TopicTemplate.told_from(self.topic, self.sn)


class Listener:
    """Collect the cameras that speak on any topic."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize with nothing heard."""
        self._hass = hass
        self.heard: dict[tuple[str, str], Heard] = {}
        """By serial number and topic."""
        self.refused: dict[str, Refusal] = {}
        """By topic, what looked like the protocol's and is no camera."""
        self.is_silent = True
        """Whether there was no message at all, of whatever kind."""
        self.is_lost = False
        """Whether the connection to the broker was lost meanwhile."""
        self._listening = False
        self._news = asyncio.Event()

    async def async_listen(self, topic_filter: str) -> None:
        """Listen until no other camera follows, or the time is up.

        Raises:
            SnapcamNotConnectedError: Home Assistant's MQTT integration is gone.
        """
        stop = mqtt.async_subscribe_connection_status(
            self._hass, self._async_connection_changed
        )
        self._listening = True
        try:
            # Their messages are counted, and may get lost; a copy for each is enough.
            unsubscribe = await mqtt.async_subscribe(
                self._hass, topic_filter, self._async_received, qos=0, encoding=None
            )
            try:
                await self._async_until_quiet()
            finally:
                unsubscribe()
        except HomeAssistantError as err:
            raise SnapcamNotConnectedError(str(err)) from err
        finally:
            self._listening = False
            stop()

    async def _async_until_quiet(self) -> None:
        """Wait until nothing new is heard for a while, once something was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LISTEN_SECONDS):
                await self._news.wait()
                while not self.is_lost:
                    self._news.clear()
                    async with asyncio.timeout(QUIET_SECONDS):
                        await self._news.wait()

    @callback
    def _async_connection_changed(self, connected: bool) -> None:
        """End when the broker is gone: some close the connection for a filter."""
        if not connected:
            self.is_lost = True
            self._news.set()

    @callback
    def _async_received(self, msg: ReceiveMessage) -> None:
        """Take note of a message; nothing may be raised from here."""
        # A reloaded MQTT entry has copies of its subscriptions that cannot be ended.
        if not self._listening:
            return
        self.is_silent = False
        if not _looks_like_ours(msg.payload):
            return
        try:
            message = parse_message(msg.payload)
        except SnapcamMessageError as err:
            self._async_refuse(msg.topic, _refusal(err))
            return
        if _is_from_device(message):
            self._async_heard(message, msg.topic, retained=msg.retain)

    @callback
    def _async_heard(self, message: Message, topic: str, *, retained: bool) -> None:
        """Take note of what a camera has said."""
        entries = self._hass.config_entries
        entry = entries.async_entry_for_domain_unique_id(DOMAIN, message.sn)
        if retained:
            self._async_refuse(topic, Refusal.RETAINED)
        elif entry is not None and entry.source != SOURCE_IGNORE:
            self._async_refuse(topic, Refusal.KNOWN)
        elif SN_PLACEHOLDER in topic or len(topic) > MAX_TOPIC_LENGTH:
            self._async_refuse(topic, Refusal.TOPIC)
        elif (heard := self._async_find(message.sn, topic)) is not None:
            suffix = "" if isinstance(message, Request) else "_rsp"
            heard.kinds.add(message.operate + suffix)

    @callback
    def _async_find(self, sn: str, topic: str) -> Heard | None:
        """Return what is known of a camera on a topic; None if there is no room."""
        heard = self.heard.get((sn, topic))
        if heard is None and self._has_room:
            heard = self.heard[sn, topic] = Heard(sn=sn, topic=topic)
            self._news.set()
        return heard

    @callback
    def _async_refuse(self, topic: str, reason: Refusal) -> None:
        """Note why a topic has no camera, the first reason there was."""
        topic = topic[:MAX_TOPIC_LENGTH]
        if self._has_room:
            self.refused.setdefault(topic, reason)

    @property
    def _has_room(self) -> bool:
        """Return whether one more topic is remembered."""
        return len(self.heard) + len(self.refused) < MAX_TOPICS


def _looks_like_ours(payload: bytes | bytearray | str) -> bool:
    """Return whether a message may be of the protocol; somebody else may want texts."""
    if isinstance(payload, str):
        return _NAMED in payload
    return _NAMED_BYTES in payload


def _refusal(error: SnapcamMessageError) -> Refusal:
    """Return what people are told of a message that cannot be read."""
    return _REFUSALS.get(str(error), Refusal.UNREADABLE)


def _is_from_device(message: Message) -> bool:
    """Return whether a camera has sent it, rather than a server."""
    return isinstance(message, Request) is (message.operate in FROM_DEVICE)
