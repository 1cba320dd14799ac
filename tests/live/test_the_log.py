"""Nothing in all the other steps was worth an error, or told a secret; it runs last."""

import json
import re

from tests.live.conftest import STEP, Installed
from tests.live.home import Home

pytestmark = STEP

RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
BAD = re.compile(r" (ERROR|CRITICAL) |Traceback|helpers\.frame")

# There is no ffmpeg, the broker was stopped on purpose, and so was a camera's way to us.
# A camera that was set up before the broker is there says why it waits, in detail.
# There may be no internet, where Home Assistant looks for the brands of others: it tells
# that when the browser has left the page meanwhile.
EXPECTED = re.compile(
    r" DEBUG .* Full exception$"
    r"|\[(haffmpeg\.core|homeassistant\.components\.mqtt\.client)\]"
    r"|Error doing job: OSError exception in shielded future.*\n(.*\n)*OSError: .*name not found"
    r"|Error during service call to select\.select_option: Guest house did not deliver",
    re.MULTILINE,
)

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


def errors(home: Home) -> list[str]:
    """Return what a Home Assistant has logged that it should not have."""
    records = RECORD.split(home.log.read_text())
    return [r for r in records if BAD.search(r) and not EXPECTED.search(r)]
