"""Messages on their way between the broker and the cameras."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
import logging
from typing import Final, Protocol

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DEFAULT_DOWN, DOMAIN
from ..protocol import (
    FROM_DEVICE,
    DeviceConfig,
    Dialect,
    Message,
    Picture,
    Request,
    Response,
    Ret,
    SnapcamMessageError,
    SnapcamNotConnectedError,
    TopicTemplate,
    encode_message,
    parse_message,
    same_sn,
)
from .broker import Broker
from .client import SnapcamClient
from .discovery import Newcomers

_LOGGER = logging.getLogger(__name__)

LOG_INTERVAL: Final = 3600.0
STORING_AT_ONCE: Final = 4
"""Cameras that read or write what they remember, when all of them start or stop: more
would only fill Home Assistant's pool of threads."""

FIRST_PICTURES_AT_ONCE: Final = 4
"""New cameras that take their first picture: a thousand may be added at once."""

MAX_LOGGED_TOPICS: Final = 100

HUB: HassKey[SnapcamHub] = HassKey(DOMAIN)


class Camera(Protocol):
    """What receives the messages of one serial number."""

    sn: str
    spelling: str
    """How the camera's topics spell it."""
    up: TopicTemplate
    down: TopicTemplate

    def async_spelled(self, sn: str, spelling: str) -> None:
        """Follow how the camera spells its serial number, and how its topics do."""

    def async_handle_request(self, request: Request) -> None:
        """Handle what the camera asks."""

    def async_handle_response(self, response: Response) -> bool:
        """Take a response, unless it answers nothing that was asked."""

    def async_handle_wrong_sn(self, sn: str, topic: str) -> None:
        """Note that a message has a serial number that does not belong there."""

    def async_handle_unreadable(self, error: SnapcamMessageError) -> None:
        """Note that a message on a topic of its own cannot be read."""

    def async_set_connected(self, connected: bool) -> None:
        """Follow the connection to the broker."""


@dataclass(frozen=True, kw_only=True)
class Probed:
    """A camera that has answered the config flow."""

    config: DeviceConfig
    at: datetime
    """When it has answered."""
    client: SnapcamClient[Picture]
    """Asks it for more, until it is released."""
    release: CALLBACK_TYPE
    """Ends the subscription it was heard on, once its entry has one."""


class SnapcamHub:
    """Pass messages on by serial number, for all cameras."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize the hub, with nothing subscribed."""
        self._hass = hass
        self.broker = Broker(hass, self._async_message_received)
        self._cameras: dict[str, Camera] = {}
        self._by_letters: dict[str, dict[str, Camera]] = {}
        self._newcomers = Newcomers(hass)
        self._logged: dict[str, float] = {}
        self.storing = asyncio.Semaphore(STORING_AT_ONCE)
        """To be held by a camera that reads or writes what it remembers."""
        self.first_pictures = asyncio.Semaphore(FIRST_PICTURES_AT_ONCE)
        """To be held by a new camera that takes its first picture."""
        self.new: set[str] = set()
        """The cameras that a config flow has just added, until they are set up."""
        self.probed: dict[str, Probed] = {}
        """What the config flow heard of cameras that are about to be set up."""
        self.dropped: Counter[str] = Counter()
        """How many messages were dropped, by reason."""
        mqtt.async_subscribe_connection_status(hass, self._async_connection_changed)

    async def async_add_camera(self, camera: Camera) -> CALLBACK_TYPE:
        """Pass a camera its messages until the returned function is called."""
        unsubscribe = await self.broker.async_subscribe(camera.up)
        self._cameras[camera.sn] = camera
        self._by_letters.setdefault(camera.sn.lower(), {})[camera.sn] = camera
        self._newcomers.async_forget(camera.sn)
        camera.async_set_connected(self.broker.connected)

        @callback
        def remove() -> None:
            if self._cameras.get(camera.sn) is camera:
                del self._cameras[camera.sn]
                del self._by_letters[camera.sn.lower()][camera.sn]
            unsubscribe()

        return remove

    @callback
    def async_forget_probed(self, sn: str) -> None:
        """Let go of a camera that has answered the config flow."""
        if (probed := self.probed.pop(sn, None)) is not None:
            probed.release()

    @asynccontextmanager
    async def async_search(
        self, up: TopicTemplate, heard: Callable[[str, TopicTemplate], None]
    ) -> AsyncGenerator[None]:
        """Report unknown cameras on a topic and on all in use, instead of offering them.

        Args:
            up: The topic to search besides those in use.
            heard: Called with the serial number and the topic's template.

        Raises:
            SnapcamNotConnectedError: Home Assistant's MQTT integration is gone.
        """
        unsubscribe = await self.broker.async_subscribe(up)
        try:
            with self._newcomers.reported_to(heard):
                yield
        finally:
            unsubscribe()

    @callback
    def async_answer(self, camera: Camera, request: Request, ret: Ret) -> Response:
        """Answer a request of a camera in the background; return the answer."""
        response = Response(
            operate=request.operate,
            request_id=request.request_id,
            sn=request.sn if same_sn(request.sn, camera.sn) else camera.sn,
            ret=ret,
            msg=ret.text,
        )
        self._hass.async_create_background_task(
            self._async_answer(
                camera.down.topic(camera.spelling), encode_message(response)
            ),
            "snapcam answer",
            eager_start=True,
        )
        return response

    async def _async_answer(self, topic: str, payload: bytes) -> None:
        """Publish an answer; a camera that misses it sends again."""
        with suppress(SnapcamNotConnectedError):
            await self.broker.async_publish(topic, payload)

    @callback
    def _async_connection_changed(self, connected: bool) -> None:
        """Tell all cameras that the broker is there, or gone."""
        for camera in list(self._cameras.values()):
            camera.async_set_connected(connected)

    @callback
    def _async_message_received(self, msg: ReceiveMessage, up: TopicTemplate) -> None:
        """Take a message from the broker; nothing may be raised from here.

        Home Assistant would log the whole payload.
        """
        if msg.retain:
            self.dropped["retained"] += 1
            return
        try:
            message = self._parse(msg)
            if isinstance(message, Response):
                self._async_route_response(message, msg.topic, up)
            else:
                self._async_route_request(message, msg.topic, up)
        except SnapcamMessageError as err:
            self._async_drop(msg.topic, str(err))
        except Exception:
            _LOGGER.exception("Could not handle a message on %s", msg.topic)

    def _parse(self, msg: ReceiveMessage) -> Message:
        """Read a message; who has the topic to itself has sent it.

        Raises:
            SnapcamMessageError: It cannot be read.
        """
        try:
            return parse_message(msg.payload)
        except SnapcamMessageError as err:
            if (camera := self._owner(msg.topic)) is not None:
                camera.async_handle_unreadable(err)
            raise

    @callback
    def _async_route_request(
        self, request: Request, topic: str, up: TopicTemplate
    ) -> None:
        """Pass a request on to its camera.

        Raises:
            SnapcamMessageError: It is not a camera's, or on another one's topic.
        """
        if request.operate not in FROM_DEVICE:
            raise SnapcamMessageError("a message that only Home Assistant sends")
        camera = self._cameras.get(request.sn)
        if camera is None or not camera.up.accepts(topic, request.sn):
            if (spelled := self._spelled(topic, request.sn)) is not None:
                odd = request.tolerated | {Dialect.SN_LETTERS}
                camera, request = spelled, replace(request, tolerated=odd)
        elif camera.spelling != camera.sn:
            camera.async_spelled(camera.sn, camera.sn)
        if camera is None and (sn := up.spelling(topic, request.sn)) is not None:
            self.dropped["unknown camera"] += 1
            self._newcomers.async_heard(sn, up, self.down_beside(up))
        elif camera is None or not camera.up.accepts(topic, camera.spelling):
            owner = self._owner(topic)
            if (concerned := owner or camera) is not None:
                concerned.async_handle_wrong_sn(request.sn, topic)
            # Whoever sent it listens where the topic's owner does, if anywhere.
            if owner is not None:
                self.async_answer(owner, request, Ret.WRONG_SN)
            raise SnapcamMessageError(Ret.WRONG_SN.text)
        elif camera.up == up:
            # By another subscription it comes a second time.
            camera.async_handle_request(request)

    @callback
    def _async_route_response(
        self, response: Response, topic: str, up: TopicTemplate
    ) -> None:
        """Pass a response on to the camera that was asked, if it may speak there.

        The request id decides, for some firmware answers with another serial number.
        """
        for camera in (self._cameras.get(response.sn), *self._speakers(topic, up)):
            if camera is not None and camera.up.accepts(topic, camera.spelling):
                if camera.async_handle_response(response):
                    return
        self.dropped["answers nothing"] += 1

    def _speakers(self, topic: str, up: TopicTemplate) -> Iterable[Camera | None]:
        """Return the cameras that may speak on a topic by a template."""
        if up.owns_topics:
            return (self._owner(topic),)
        return [camera for camera in self._cameras.values() if camera.up == up]

    def _owner(self, topic: str) -> Camera | None:
        """Return the camera that has a topic to itself: its name is a level of it."""
        named = chain.from_iterable(map(self._alike, topic.split("/")))
        return next(
            (x for x in named if x.up.owns_topics and x.up.accepts(topic, x.spelling)),
            None,
        )

    def _spelled(self, topic: str, sn: str) -> Camera | None:
        """Return the camera that has, but for small and large letters, a serial number.

        Two that differ by nothing else are as different as any.
        """
        alike = tuple(self._alike(sn))
        spelling = alike[0].up.spelling(topic, sn) if len(alike) == 1 else None
        if spelling is None:
            return None
        alike[0].async_spelled(sn, spelling)
        return alike[0]

    def _alike(self, sn: str) -> Iterable[Camera]:
        """Return the cameras that have a serial number but for its letters."""
        return self._by_letters.get(sn.lower(), {}).values()

    @callback
    def _async_drop(self, topic: str, reason: str) -> None:
        """Count a dropped message and log one for each topic and hour."""
        self.dropped[reason] += 1
        now = self._hass.loop.time()
        while self._logged and next(iter(self._logged.values())) <= now - LOG_INTERVAL:
            del self._logged[next(iter(self._logged))]
        if topic not in self._logged and len(self._logged) < MAX_LOGGED_TOPICS:
            self._logged[topic] = now
            _LOGGER.warning("Dropped a message on %s: %s", topic, reason)

    def down_beside(self, up: TopicTemplate) -> TopicTemplate:
        """Return where a camera would listen, told from one that speaks alike."""
        return self.known_down(up) or TopicTemplate(DEFAULT_DOWN)

    def known_down(self, up: TopicTemplate) -> TopicTemplate | None:
        """Return where a camera that speaks alike listens; None if there is none."""
        return next((x.down for x in self._cameras.values() if x.up == up), None)


@singleton(HUB)
@callback
def async_get_hub(hass: HomeAssistant) -> SnapcamHub:
    """Return the hub of this Home Assistant."""
    return SnapcamHub(hass)
