"""The address that a camera posts to."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
import logging
from typing import Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, UPLOAD_URL
from ..protocol import Dialect, Ret, SnapcamMessageError, encode_message
from .addresses import is_local_request
from .bodies import TooLargeError, async_read_post
from .posts import PostingCamera, async_take_post, refusal

_LOGGER = logging.getLogger(__name__)

CAMERAS: HassKey[dict[bytes, PostingCamera]] = HassKey(f"{DOMAIN}_uploads")
"""The cameras that may post, by the digest of the secret in their addresses."""

LOG_SECONDS: Final = 3600.0

POSTS_AT_ONCE: Final = 4
"""Of one camera, which sends one after the other; each is held in memory."""


class SnapcamUploadView(HomeAssistantView):
    """Take what a camera posts. The address is the secret; there is no log-in."""

    url = UPLOAD_URL
    extra_urls = [f"{UPLOAD_URL}/{{rest:.*}}"]
    """Some firmware adds a name of its own to whatever address it has."""

    name = "api:snapcam:upload"
    requires_auth = False

    def __init__(self) -> None:
        """Initialize with nothing being read."""
        self._reading: Counter[str] = Counter()
        self._noted: dict[str, float] = {}

    async def post(
        self, request: web.Request, token: str, rest: str = ""
    ) -> web.Response:
        """Take a message, and answer it; what is behind the address is ignored."""
        hass = request.app[KEY_HASS]
        camera = _find_camera(hass, token)
        if camera is None:
            return _nobody()
        if not is_local_request(request):
            self._note_outside(hass, camera, request.remote)
            return _nobody()
        if self._reading[camera.sn] >= POSTS_AT_ONCE:
            return _reply(
                refusal(Ret.NOT_STORED, camera.sn), HTTPStatus.TOO_MANY_REQUESTS
            )
        self._reading[camera.sn] += 1
        try:
            return await self._async_take(request, camera, token)
        finally:
            self._reading[camera.sn] -= 1

    put = post

    def _note_outside(
        self, hass: HomeAssistant, camera: PostingCamera, remote: str | None
    ) -> None:
        """Count a post from outside, and log one an hour: it has the right secret."""
        camera.posts_from_outside += 1
        now = hass.loop.time()
        if now < self._noted.get(camera.sn, -LOG_SECONDS) + LOG_SECONDS:
            return
        self._noted[camera.sn] = now
        _LOGGER.warning(
            "Refused what was posted with the address of %s from %s, which is not in "
            "the local network",
            camera.name,
            remote,
        )

    @staticmethod
    async def _async_take(
        request: web.Request, camera: PostingCamera, token: str
    ) -> web.Response:
        """Read a message, and answer it."""
        try:
            post = await async_read_post(request)
        except TooLargeError:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return _reply(refusal(Ret.TOO_LARGE, camera.sn), status)
        except TimeoutError:
            status = HTTPStatus.REQUEST_TIMEOUT
            return _reply(refusal(Ret.MALFORMED, camera.sn), status)
        except SnapcamMessageError:
            return _reply(refusal(Ret.MALFORMED, camera.sn), HTTPStatus.OK)
        except (web.RequestPayloadError, OSError) as err:
            _LOGGER.debug("%s did not finish a post: %s", camera.name, err)
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if "rest" in request.match_info:
            behind = {Dialect.BEHIND_THE_ADDRESS}
            post = replace(post, tolerated=post.tolerated | behind)
        # It may have been reloaded meanwhile, or be gone.
        present = _find_camera(request.app[KEY_HASS], token)
        if present is None:
            return _nobody()
        response = await async_take_post(present, post)
        return _reply(encode_message(response), HTTPStatus.OK)


@callback
def async_accept_posts(
    hass: HomeAssistant, camera: PostingCamera, token: str
) -> CALLBACK_TYPE:
    """Take what a camera posts until the returned function is called."""
    key = _digest(token)
    hass.data.setdefault(CAMERAS, {})[key] = camera

    @callback
    def stop() -> None:
        del hass.data[CAMERAS][key]

    return stop


def _find_camera(hass: HomeAssistant, token: str) -> PostingCamera | None:
    """Return the camera an address is for."""
    return hass.data.get(CAMERAS, {}).get(_digest(token))


def _digest(token: str) -> bytes:
    """Return what stands for a token: how long it is looked for tells nothing of it."""
    return sha256(token.encode()).digest()


def _nobody() -> web.Response:
    """Return the answer at an address that no camera has.

    It is not 401, which would count as a failed log-in.
    """
    return _reply(refusal(Ret.UNKNOWN_CAMERA), HTTPStatus.NOT_FOUND)


def _reply(body: bytes, status: HTTPStatus) -> web.Response:
    """Return the protocol's answer; a refused sender need not send the rest."""
    response = web.Response(body=body, status=status, content_type="application/json")
    if status is not HTTPStatus.OK:
        response.force_close()
    return response
