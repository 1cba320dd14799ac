"""Nothing in all the other steps was worth an error; it runs as the last one."""

import re

from tests.live.conftest import STEP
from tests.live.home import Home

pytestmark = STEP

RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
BAD = re.compile(r" (ERROR|CRITICAL) |Traceback|helpers\.frame")

# There is no ffmpeg, the broker was stopped on purpose, and so was a camera's way to us.
EXPECTED = re.compile(
    r"\[(haffmpeg\.core|homeassistant\.components\.mqtt\.client)\]"
    r"|Error during service call to select\.select_option: Guest house did not deliver"
)


async def test_the_log_holds_no_error(home: Home) -> None:
    """No error, no exception and no use of a deprecated interface was logged."""
    records = RECORD.split(home.log.read_text())
    assert [r for r in records if BAD.search(r) and not EXPECTED.search(r)] == []
