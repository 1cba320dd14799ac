"""What a camera tells people."""

from collections.abc import MutableMapping
import logging
from typing import Any, override

_LOGGER = logging.getLogger(__name__)


class CameraLog(logging.LoggerAdapter[logging.Logger]):
    """Puts the SN in front of what a camera tells people."""

    def __init__(self, sn: str) -> None:
        """Remember the SN."""
        super().__init__(_LOGGER)
        self._sn = sn

    @override
    def process(
        self, msg: str, kwargs: MutableMapping[str, Any]
    ) -> tuple[str, MutableMapping[str, Any]]:
        """Return the message with the SN."""
        return f"{self._sn}  {msg}", kwargs
