"""What the fields of a message mean."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
import re
from typing import Final

from .messages import Fields, Response, parse_integer, parse_text

HB_INTERVAL_DEFAULT: Final = 60
HB_INTERVAL_MIN: Final = 15
HB_INTERVAL_MAX: Final = 360

_MAC: Final = re.compile(r"[0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5}", re.IGNORECASE)
_MAX_ADDRESS: Final = 2048
_MAX_SECONDS: Final = 2**31 - 1
_VERSION_FIELDS: Final = ("version", "fw_version", "sw_version", "firmware")


class UploadType(IntEnum):
    """How a device delivers its snapshots (II.1)."""

    HTTP = 0
    MQTT = 1


class CommandType(StrEnum):
    """The type of a control command (II.4)."""

    TAKE_SNAPSHOT = "take_snapshot"
    IO_CONTROL = "io_control"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceConfig:
    """The answer to get_dev_config (II.1); None is what a camera did not say."""

    mac: str | None = None
    """As the camera wrote it: the vendor's example has only three octets."""
    upload_type: int | None = None
    """One of `UploadType`, or what a camera invents."""
    upload_addr: str | None = None
    hb_interval: int | None = None
    """Seconds between heartbeats; never 0."""
    run_time: int | None = None
    """Seconds since the camera started."""
    version: str | None = None
    """The firmware's version: not in the vendor's page, but some may send it."""

    @classmethod
    def from_fields(cls, fields: Fields) -> DeviceConfig:
        """Read what a get_dev_config_rsp carries (II.1); nothing is required.

        Args:
            fields: The fields of the response.
        """
        return cls(
            mac=parse_text(fields.get("mac")) or None,
            upload_type=parse_integer(fields.get("upload_type")),
            upload_addr=_address(fields.get("upload_addr")),
            hb_interval=_positive(fields.get("hb_interval")),
            run_time=_not_negative(fields.get("run_time")),
            version=_version(fields),
        )

    @property
    def heartbeat_seconds(self) -> int:
        """Return the interval to expect heartbeats in: 60 s if none is known (I.1)."""
        return self.hb_interval or HB_INTERVAL_DEFAULT

    @property
    def network_mac(self) -> str | None:
        """Return the MAC as aa:bb:cc:dd:ee:ff if it is one a single device can have."""
        if self.mac is None or not _MAC.fullmatch(self.mac):
            return None
        digits = re.sub("[:-]", "", self.mac).lower()
        if int(digits, 16) == 0 or int(digits[:2], 16) & 1:
            return None
        return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def heartbeat_in_range(seconds: int) -> bool:
    """Return whether a heartbeat interval is one the vendor's page allows (I.1)."""
    return HB_INTERVAL_MIN <= seconds <= HB_INTERVAL_MAX


def take_snapshot_command() -> Fields:
    """Build the fields of a control_cmd that takes a snapshot (II.4)."""
    return {"cmd_data": {"type": CommandType.TAKE_SNAPSHOT}}


def io_control_command(*, io0: bool, io1: bool) -> Fields:
    """Build the fields of a control_cmd that sets both IO lines (II.4)."""
    return {
        "cmd_data": {"type": CommandType.IO_CONTROL, "io0": int(io0), "io1": int(io1)}
    }


def set_config_command(config: DeviceConfig) -> Fields:
    """Build the fields of a set_dev_config (II.2) from those a server may set.

    Args:
        config: What the camera is to have. What is None there is not sent, nor
            is a heartbeat interval outside the vendor's range.
    """
    interval = config.hb_interval or 0
    values = {
        "upload_type": config.upload_type,
        "upload_addr": config.upload_addr,
        "hb_interval": interval if heartbeat_in_range(interval) else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def upgrade_command(package_url: str) -> Fields:
    """Build the fields of an upgrade_dev (II.3).

    Args:
        package_url: The address the camera fetches its firmware from.
    """
    return {"package_url": package_url}


def snapshot_data(response: Response) -> object:
    """Return the picture in the answer to take_snapshot (II.4), still in base64.

    Returns:
        The `data` of its `cmd_data`; None when there is none: the picture then
        follows as an upload_snapshot.
    """
    cmd_data = response.fields.get("cmd_data")
    if not isinstance(cmd_data, dict) or cmd_data.get("type") == CommandType.IO_CONTROL:
        return None
    return cmd_data.get("data") or None


def _address(value: object) -> str | None:
    """Read an address; one that no camera can have meant is none."""
    return value if isinstance(value, str) and len(value) <= _MAX_ADDRESS else None


def _positive(value: object) -> int | None:
    """Read a number above 0."""
    return _not_negative(value) or None


def _not_negative(value: object) -> int | None:
    """Read a number of at least 0 and of a size that is good for seconds."""
    number = parse_integer(value)
    return number if number is not None and 0 <= number <= _MAX_SECONDS else None


def _version(fields: Fields) -> str | None:
    """Read the firmware's version from the first field that has one."""
    texts = (parse_text(fields.get(name)) for name in _VERSION_FIELDS)
    return next(filter(None, texts), None)
