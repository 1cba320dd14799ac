"""What a Home Assistant has logged."""

import re

from .home import Home

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


def errors(home: Home) -> list[str]:
    """Return what a Home Assistant has logged that it should not have."""
    records = RECORD.split(home.log.read_text())
    return [r for r in records if BAD.search(r) and not EXPECTED.search(r)]
