"""Ask a camera that is not set up yet whether it is there."""

from functools import partial

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..link.client import SnapcamClient
from ..link.hub import Probed, async_get_hub
from ..protocol import Request, Response, TopicTemplate


class ProbedCamera:
    """A serial number that is only listened to for the answer of a probe."""

    def __init__(
        self, hass: HomeAssistant, sn: str, up: TopicTemplate, down: TopicTemplate
    ) -> None:
        """Initialize the camera."""
        self.sn = sn
        self.up = up
        self.down = down
        self.client = SnapcamClient[None](
            sn,
            publish=partial(async_get_hub(hass).broker.async_ask, up, down.topic(sn)),
            clock=lambda: int(dt_util.utcnow().timestamp()),
        )

    @callback
    def async_handle_request(self, request: Request) -> None:
        """Leave it without an answer until the camera is set up."""

    @callback
    def async_handle_response(self, response: Response) -> bool:
        """Take the answer."""
        return self.client.handle_response(response)

    @callback
    def async_handle_wrong_sn(self, sn: str, topic: str) -> None:
        """Leave it to when the camera is set up."""

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
    try:
        config = await camera.client.get_config()
    except BaseException:
        release()
        raise
    hub.async_forget_probed(sn)
    hub.probed[sn] = Probed(config=config, release=release)
