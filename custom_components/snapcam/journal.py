"""What a camera and Home Assistant have lately said, as far as it is nobody's secret."""

from collections import Counter, deque
from itertools import islice
import time
from typing import Any, Final, NamedTuple

from homeassistant.util import dt as dt_util

from .protocol import Message, Response, Ret, parse_text

ENVELOPES_KEPT: Final = 20
FIELDS_KEPT: Final = 10

_KNOWN: Final = frozenset(Ret)


class Envelope(NamedTuple):
    """A message without what it carries."""

    at: float
    by: str
    message: str
    """As on the wire: a response ends with `_rsp`."""
    own_sn: bool
    """Whether it names the camera it is from, or for."""
    timestamp: int | None
    ret: int | None
    fields: tuple[str, ...]
    """The names of what it carries."""


class Journal:
    """Count the messages of one camera, and keep the last envelopes."""

    def __init__(self, sn: str) -> None:
        """Initialize with nothing said."""
        self._sn = sn
        self._envelopes: deque[Envelope] = deque(maxlen=ENVELOPES_KEPT)
        self._counts: Counter[str] = Counter()

    def heard(self, message: Message) -> None:
        """Note a message of the camera."""
        self._note("camera", message)

    def said(self, message: Message) -> None:
        """Note a message to the camera."""
        self._note("home_assistant", message)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, to be read by people."""
        return {
            "counts": dict(sorted(self._counts.items())),
            "envelopes": [
                envelope._asdict()
                | {"at": dt_util.utc_from_timestamp(envelope.at).isoformat()}
                for envelope in self._envelopes
            ],
        }

    def _note(self, by: str, message: Message) -> None:
        """Count a message, and keep its envelope for a while."""
        name, timestamp, ret = message.operate.value, None, None
        if isinstance(message, Response):
            name, ret = f"{name}_rsp", message.ret
        else:
            timestamp = message.timestamp
        self._envelopes.append(
            Envelope(
                at=time.time(),
                by=by,
                message=name,
                own_sn=message.sn == self._sn,
                timestamp=timestamp,
                ret=ret,
                fields=tuple(map(parse_text, islice(message.fields, FIELDS_KEPT))),
            )
        )
        if ret is not None:
            # A camera may invent any number of codes.
            name = f"{name} {ret if ret in _KNOWN else 'other'}"
        self._counts[f"{by}: {name}"] += 1
