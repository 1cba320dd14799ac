"""Nothing in all the other steps was worth an error, or told a secret; it runs last."""

import json
import re

from tests.live.conftest import STEP, Installed
from tests.live.home import Home
from tests.live.log import errors

pytestmark = STEP

# An address with its secret, and how JPEG, PNG and WebP begin in base64.
SECRET = re.compile(r"/api/snapcam/(upload|firmware)/\w|/9j/|iVBORw0KGgo|UklGR")


async def test_the_log_holds_no_error(home: Home) -> None:
    """No error, no exception and no use of a deprecated interface was logged."""
    assert errors(home) == []


async def test_no_secret_is_told(home: Home, brokerless: Installed) -> None:
    """Neither the log nor a state has an address with its secret, or a picture in it."""
    address, _, token = brokerless.camera.config.upload_addr.rpartition("/")
    assert address == f"{home.api.url}/api/snapcam/upload"
    states = await home.api.request("GET", "/api/states")
    told = home.log.read_text() + json.dumps(states)
    assert token not in told
    assert not SECRET.search(told)
