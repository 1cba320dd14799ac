"""What a simulated camera can be told to get wrong."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from .dialects import Dialect


class PictureFault(StrEnum):
    """A way in which a picture is broken before it is encoded."""

    TRUNCATED = "truncated"
    NOT_AN_IMAGE = "not_an_image"
    EMPTY = "empty"


class Encoding(StrEnum):
    """A way in which base64 strays from the plain form."""

    DATA_URI = "data_uri"
    LINE_WRAPPED = "line_wrapped"
    URL_SAFE = "url_safe"
    UNPADDED = "unpadded"


class HttpBody(StrEnum):
    """A way in which a snapshot is posted; the page knows only the first."""

    JSON = "json"
    MULTIPART = "multipart"
    SPARE_FILES = "spare_files"
    FIELDS = "fields"
    BASE64 = "base64"
    RAW = "raw"


class UpgradeFault(StrEnum):
    """A way in which a camera upgrades its firmware, or does not."""

    REFUSE = "refuse"
    IGNORE = "ignore"
    DROP = "drop"
    NO_RESTART = "no_restart"
    VANISH = "vanish"
    RANGED = "ranged"


@dataclass(kw_only=True)
class Faults:
    """The faults of one camera, changed while it runs; none by default."""

    clock_offset: float = field(default=0, doc="its clock is this many seconds ahead")
    duplicate: bool = field(default=False, doc="it sends every message twice")
    picture: PictureFault | None = field(default=None, doc="its pictures are broken")
    picture_by_upload: bool = field(
        default=False, doc="it answers take_snapshot empty, then uploads the picture"
    )
    encoding: Encoding | None = field(default=None, doc="it writes base64 its own way")
    http_body: HttpBody = field(
        default=HttpBody.JSON, doc="its uploads by HTTP have this form"
    )
    ret: int = field(default=0, doc="it refuses every command with this ret")
    msg: str = field(default="refused", doc="the msg that goes with such a ret")
    upgrade: UpgradeFault | None = field(
        default=None,
        doc="when told to upgrade it refuses; or agrees and does nothing; or drops"
        "\nthe download half-way; or downloads, but never restarts; or never comes"
        "\nback from the restart; or downloads in two ranges, and all goes well",
    )
    dialect: Dialect | None = field(
        default=None, doc="it writes its messages in its own way"
    )
    silent: bool = field(default=False, doc="it obeys, but its answers are lost")
    answer_delay: float = field(default=0, doc="it answers this many seconds late")
    foreign_sn: str | None = field(default=None, doc="its messages carry this SN")
    integer_ids: bool = field(default=False, doc="its request ids are integers")
    flapping: tuple[float, float] | None = field(
        default=None, doc="it is online, then offline, for these seconds"
    )
    retain: bool = field(default=False, doc="it publishes its messages retained")

    @classmethod
    def parse(cls, settings: Iterable[str]) -> Self:
        """Read settings of the form NAME or NAME=VALUE.

        Raises:
            ValueError: A name or a value is not known; the text says which are.
        """
        known = {fault.name: fault for fault in fields(cls)}
        values: dict[str, Any] = {}
        for setting in settings:
            name, _, value = setting.partition("=")
            if name not in known:
                raise ValueError(
                    f"There is no fault {name!r}. Choose from: {', '.join(known)}"
                )
            values[name] = _read(known[name], value)
        return cls(**values)

    def spoil(self, picture: bytes) -> bytes:
        """Return the picture as the faulty camera takes it."""
        match self.picture:
            case PictureFault.TRUNCATED:
                return picture[: len(picture) * 2 // 3]
            case PictureFault.NOT_AN_IMAGE:
                return b"<html><body>500 Internal Server Error</body></html>"
            case PictureFault.EMPTY:
                return b""
            case None:
                return picture

    def encode(self, picture: bytes) -> str:
        """Return the picture in base64, as the faulty camera writes it."""
        match self.encoding:
            case Encoding.DATA_URI:
                return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
            case Encoding.LINE_WRAPPED:
                return base64.encodebytes(picture).decode()
            case Encoding.URL_SAFE:
                return base64.urlsafe_b64encode(picture).decode()
            case Encoding.UNPADDED:
                return base64.b64encode(picture).decode().rstrip("=")
            case None:
                return base64.b64encode(picture).decode()


def describe_faults() -> str:
    """Return one line of help for every fault."""
    rows = [(f.name, _READERS[f.type][0], f.doc) for f in fields(Faults)]
    width = max(len(name + value) for name, value, _ in rows)
    indent = f"\n{'':{width + 4}}"
    return "\n".join(
        f"  {name + value:{width}}  {(doc or '').replace('\n', indent)}"
        for name, value, doc in rows
    )


def _read(fault: Field[object], text: str) -> object:
    """Return the value of a fault from its text."""
    form, reader = _READERS[fault.type]
    try:
        return reader(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a value for the fault {fault.name}."
            f" Write it as: {fault.name}{form}"
        ) from None


def _read_flag(text: str) -> bool:
    """Return whether a fault that needs no value is on."""
    if text.lower() not in {"", "true", "false"}:
        raise ValueError
    return text.lower() != "false"


def _read_text(text: str) -> str:
    """Return a text that is not empty."""
    if not text:
        raise ValueError
    return text


def _read_pair(text: str) -> tuple[float, float]:
    """Return two numbers parted by a comma."""
    first, second = text.split(",")
    return float(first), float(second)


_READERS: dict[object, tuple[str, Callable[[str], object]]] = {
    bool: ("", _read_flag),
    int: ("=INTEGER", int),
    float: ("=NUMBER", float),
    str: ("=TEXT", _read_text),
    str | None: ("=TEXT", _read_text),
    PictureFault | None: (f"={'|'.join(PictureFault)}", PictureFault),
    Encoding | None: (f"={'|'.join(Encoding)}", Encoding),
    UpgradeFault | None: (f"={'|'.join(UpgradeFault)}", UpgradeFault),
    Dialect | None: ("=DIALECT", Dialect),
    HttpBody: (f"={'|'.join(HttpBody)}", HttpBody),
    tuple[float, float] | None: ("=SECONDS,SECONDS", _read_pair),
}
