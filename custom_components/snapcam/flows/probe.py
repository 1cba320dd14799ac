"""Ask a camera that is not set up yet whether it is there."""

import asyncio
from functools import partial
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..link.client import SnapcamClient
from ..link.hub import Probed, SnapcamHub, async_get_hub
from ..protocol import (
    DeviceConfig,
    Operate,
    Picture,
    Request,
    RequestId,
    Response,
    SnapcamError,
    SnapcamMessageError,
    SnapcamNoAnswerError,
    SnapcamRefusedError,
    TopicTemplate,
    decode_picture,
    snapshot_data,
)

ASK_SECONDS: Final = 2.0
"""How long to wait for an answer before asking on another topic."""

type Client = SnapcamClient[Picture]

type Answer = tuple[TopicTemplate, Client, DeviceConfig | None]
"""Where a camera listens, who asked it, and its configuration unless it refused."""


class SnapcamOtherLettersError(SnapcamNoAnswerError):
    """The camera is heard, but its serial number is spelled in other letters."""

    def __init__(self, sn: str) -> None:
        """Keep how it is spelled."""
        super().__init__("it is spelled in other letters")
        self.sn = sn


class ProbedCamera:
    """A serial number that is only listened to for the answer of a probe."""

    def __init__(
        self, hass: HomeAssistant, sn: str, up: TopicTemplate, down: TopicTemplate
    ) -> None:
        """Initialize the camera."""
        self.sn = self.spelling = sn
        self.up = up
        self.down = down
        self._hass = hass
        self._clients: list[Client] = []

    @callback
    def async_reach(self, down: TopicTemplate) -> Client:
        """Return what asks the camera on a topic, and hears its answers."""
        broker = async_get_hub(self._hass).broker
        client = SnapcamClient[Picture](
            self.sn,
            publish=partial(broker.async_ask, self.up, down.topic(self.sn)),
            clock=lambda: int(dt_util.utcnow().timestamp()),
        )
        self._clients.append(client)
        return client

    @callback
    def async_spelled(self, sn: str, spelling: str) -> None:
        """Tell the probe that the serial number is spelled in another way."""
        for client in self._clients:
            client.sn = sn
            if spelling != self.sn:
                client.fail(SnapcamOtherLettersError(spelling))

    @callback
    def async_handle_request(self, request: Request) -> None:
        """Leave it without an answer until the camera is set up.

        A picture that is uploaded may be the one that was asked for.
        """
        if request.operate is Operate.UPLOAD_SNAPSHOT:
            self._async_take(request.fields.get("data"), None)

    @callback
    def async_handle_response(self, response: Response) -> bool:
        """Take the answer."""
        if not any(client.handle_response(response) for client in self._clients):
            return False
        if (data := snapshot_data(response)) is not None:
            self._async_take(data, response.request_id)
        return True

    @callback
    def _async_take(self, data: object, request_id: RequestId | None) -> None:
        """Take in a picture if one is waited for; a large one takes its time."""
        if isinstance(data, str) and any(x.waits_for_picture for x in self._clients):
            self._hass.async_create_background_task(
                self._async_decode(data, request_id), f"snapcam picture of {self.sn}"
            )

    async def _async_decode(self, data: str, request_id: RequestId | None) -> None:
        """Hand a picture, or why it is none, to who waits for it."""
        picture: Picture | SnapcamError
        try:
            picture = await self._hass.async_add_executor_job(decode_picture, data)
        except SnapcamError as err:
            picture = err
        for client in self._clients:
            client.handle_snapshot(picture, request_id)

    @callback
    def async_handle_wrong_sn(self, sn: str, topic: str) -> None:
        """Leave it to when the camera is set up."""

    @callback
    def async_handle_unreadable(self, error: SnapcamMessageError) -> None:
        """Tell the probe that a message came."""
        for client in self._clients:
            client.handle_unreadable(error.reason)

    @callback
    def async_set_connected(self, connected: bool) -> None:
        """Leave it to the probe's time-out."""


async def async_probe(
    hass: HomeAssistant, sn: str, up: TopicTemplate, down: TopicTemplate
) -> None:
    """Ask a camera for its configuration, and keep the answer for its set-up.

    Raises:
        SnapcamError: It did not answer, refused, or could not be asked.
    """
    hub = async_get_hub(hass)
    camera = ProbedCamera(hass, sn, up, down)
    release = await hub.async_add_camera(camera)
    client = camera.async_reach(down)
    try:
        config = await client.get_config()
    except BaseException:
        release()
        raise
    _async_keep(hub, sn, client, config, release)


async def async_ask_each(
    hass: HomeAssistant, sn: str, up: TopicTemplate, downs: tuple[TopicTemplate, ...]
) -> TopicTemplate | None:
    """Ask a camera on one topic after the other, until it answers.

    Returns:
        Where it listens; what it has answered is kept for its set-up. None if it
        listens nowhere there.

    Raises:
        SnapcamError: It could not be asked.
    """
    if not downs:
        return None
    hub = async_get_hub(hass)
    camera = ProbedCamera(hass, sn, up, downs[0])
    release = await hub.async_add_camera(camera)
    try:
        await hub.broker.async_wait_subscribed(up)
        answer = await _async_first_answer(hass, camera, downs)
    except BaseException:
        release()
        raise
    if answer is None:
        release()
        return None
    down, client, config = answer
    if config is None:
        release()
    else:
        _async_keep(hub, sn, client, config, release)
    return down


@callback
def _async_keep(
    hub: SnapcamHub,
    sn: str,
    client: Client,
    config: DeviceConfig,
    release: CALLBACK_TYPE,
) -> None:
    """Keep what a camera has answered for its set-up."""
    hub.async_forget_probed(sn)
    hub.probed[sn] = Probed(
        config=config, at=dt_util.utcnow(), client=client, release=release
    )


async def _async_first_answer(
    hass: HomeAssistant, camera: ProbedCamera, downs: tuple[TopicTemplate, ...]
) -> Answer | None:
    """Return the first answer; one that is late counts while others are awaited."""
    answered: asyncio.Future[Answer] = hass.loop.create_future()

    async def ask(down: TopicTemplate) -> None:
        config: DeviceConfig | None = None
        client = camera.async_reach(down)
        try:
            config = await client.get_config()
        except SnapcamRefusedError, SnapcamMessageError:
            # It is there, and may have a reason, such as a clock of its own.
            pass
        except SnapcamError:
            return
        if not answered.done():
            answered.set_result((down, client, config))

    asking = []
    try:
        for down in downs:
            name = f"snapcam question to {camera.sn}"
            asking.append(hass.async_create_background_task(ask(down), name))
            await asyncio.wait([answered], timeout=ASK_SECONDS)
            if answered.done():
                return answered.result()
    finally:
        for task in asking:
            task.cancel()
    return None
