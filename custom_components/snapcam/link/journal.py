"""The last messages of a camera and Home Assistant, without anything secret."""

from collections import Counter, deque
from collections.abc import Iterable
from itertools import islice
import logging
import time
from typing import Any, Final, NamedTuple, override

from homeassistant.util import dt as dt_util

from ..protocol import Dialect, Message, Operate, Response, Ret, parse_text, same_sn

_LOGGER = logging.getLogger(__name__)

CAMERA: Final = "camera"
HOME_ASSISTANT: Final = "home_assistant"

ENVELOPES_KEPT: Final = 20
FIELDS_KEPT: Final = 10

# A camera may invent any number of codes, which are counted as one.
_OTHER: Final = -1
_COUNTED: Final = frozenset((*Ret, None))


class Kind(NamedTuple):
    """What is counted together."""

    by: str
    operate: Operate
    is_response: bool
    ret: int | None

    @property
    def message(self) -> str:
        """Return the message's name as on the wire: a response ends with `_rsp`."""
        return f"{self.operate}_rsp" if self.is_response else self.operate

    @override
    def __str__(self) -> str:
        """Return what people call it."""
        name = f"{self.by}: {self.message}"
        if self.ret is None:
            return name
        return f"{name} {'other' if self.ret == _OTHER else self.ret}"


class Envelope(NamedTuple):
    """A message without what it carries."""

    at: float
    kind: Kind
    own_sn: bool
    """Whether it names the camera it is from, or for."""
    timestamp: int | None
    fields: tuple[str, ...]
    """The names of what it carries."""

    def as_dict(self) -> dict[str, Any]:
        """Return it, to be read by people."""
        return {
            "at": dt_util.utc_from_timestamp(self.at).isoformat(),
            "by": self.kind.by,
            "message": self.kind.message,
            "own_sn": self.own_sn,
            "timestamp": self.timestamp,
            "ret": self.kind.ret,
            "fields": self.fields,
        }


class Journal:
    """Count the messages of one camera, and keep the last envelopes.

    There are many of them, so they are only written out for who reads them.
    """

    def __init__(self, sn: str) -> None:
        """Initialize with nothing said."""
        self._sn = sn
        self.envelopes: deque[Envelope] = deque(maxlen=ENVELOPES_KEPT)
        self._counts: Counter[Kind] = Counter()
        self.tolerated: Counter[str] = Counter()
        self.unreadable: Counter[str] = Counter()

    def heard(self, message: Message) -> None:
        """Note a message of the camera, and what had to be tolerated to read it."""
        self._note(CAMERA, message)
        self.note_tolerated(message.tolerated)

    def note_tolerated(self, dialects: Iterable[Dialect]) -> None:
        """Note what had to be tolerated; each kind is told of once."""
        for dialect in dialects:
            if dialect not in self.tolerated:
                _LOGGER.info("%s is understood in spite of: %s", self._sn, dialect)
            self.tolerated[dialect] += 1

    def missed(self, reason: str) -> None:
        """Note a message of the camera that cannot be read."""
        self.unreadable[reason] += 1

    def said(self, message: Message) -> None:
        """Note a message to the camera."""
        self._note(HOME_ASSISTANT, message)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, to be read by people."""
        counts = sorted((str(kind), count) for kind, count in self._counts.items())
        return {
            "counts": dict(counts),
            "tolerated": dict(sorted(self.tolerated.items())),
            "unreadable": dict(self.unreadable),
            "envelopes": [envelope.as_dict() for envelope in self.envelopes],
        }

    def _note(self, by: str, message: Message) -> None:
        """Count a message, and keep its envelope for a while."""
        if isinstance(message, Response):
            timestamp, ret = None, message.ret
        else:
            timestamp, ret = message.timestamp, None
        kind = Kind(by, message.operate, isinstance(message, Response), ret)
        fields = message.fields
        names = tuple(map(parse_text, islice(fields, FIELDS_KEPT))) if fields else ()
        self.envelopes.append(
            Envelope(time.time(), kind, same_sn(message.sn, self._sn), timestamp, names)
        )
        self._counts[kind if ret in _COUNTED else kind._replace(ret=_OTHER)] += 1
