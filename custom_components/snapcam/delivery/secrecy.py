"""The addresses of cameras, kept out of what others log."""

import logging
import re
import traceback
from typing import Final, override

from ..const import DOMAIN

LOGGERS: Final = ("aiohttp.server", "homeassistant.components.http.security_filter")
"""They quote what a request asks for, if it is malformed or looks like an attack."""

_SECRET: Final = re.compile(rf"(/api/{DOMAIN}/(?:upload|firmware)/)[^\s/?'\"]+")


class SecretFilter(logging.Filter):
    """Take the secret out of what is logged of a request."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record that has a secret in its text, or in that of its error."""
        text = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        told = "".join(traceback.format_exception(error)) if error else ""
        if _SECRET.search(f"{text}\n{told}"):
            if error is not None:
                text = f"{text}: {type(error).__name__}"
            record.msg, record.args = _SECRET.sub(r"\1…", text), ()
            record.exc_info = record.exc_text = None
        return True


_FILTER: Final = SecretFilter()


def keep_secrets() -> None:
    """Keep the addresses of cameras out of the log from now on."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
