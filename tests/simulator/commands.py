"""What a camera does when the server asks: part two of the vendor's page."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from .device import Device, DeviceConfig
from .faults import UpgradeFault

CLOCK_TOLERANCE = 300
MALFORMED = 1
OUTSIDE_CLOCK_TOLERANCE = 2
BUSY = 3
UPGRADE_REFUSED = 4

type Message = dict[str, Any]


class RefusedError(Exception):
    """Raised when a camera does not do what it is asked."""

    def __init__(self, ret: int, msg: str) -> None:
        """Keep what the answer says."""
        super().__init__(msg)
        self.ret = ret
        self.msg = msg


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the answer carries, and what the camera does once it has answered."""

    fields: Message = field(default_factory=dict)
    afterwards: Literal["upgrade", "upload"] | None = None


def execute(device: Device, request: Message) -> Outcome:
    """Obey a request of the server.

    Raises:
        RefusedError: The request is malformed, too old, faulted to fail, or an
            upgrade during another one.
    """
    if device.faults.ret:
        raise RefusedError(device.faults.ret, device.faults.msg)
    if device.strict_clock:
        _check_timestamp(device, request)
    match request:
        case {"operate": "get_dev_config"}:
            return Outcome(fields=_describe(device))
        case {"operate": "set_dev_config"}:
            return _configure(device, request)
        case {"operate": "upgrade_dev", "package_url": str()}:
            return _agree_to_upgrade(device)
        case {"operate": "control_cmd", "cmd_data": {"type": str()} as command}:
            return _control(device, command)
    raise RefusedError(MALFORMED, "unknown operate or missing field")


def summarise(request: Message) -> str:
    """Return a request in a few words, without addresses."""
    match request:
        case {"operate": "control_cmd", "cmd_data": {**command}}:
            words = [f"{name}={value}" for name, value in command.items()]
        case {"operate": "set_dev_config"}:
            names = ("upload_type", "hb_interval")
            words = [f"{name}={request[name]}" for name in names if name in request]
        case _:
            words = []
    return " ".join([request["operate"], *words])


def _check_timestamp(device: Device, request: Message) -> None:
    """Refuse a request that is not within five minutes of the camera's clock."""
    match request:
        case {"timestamp": int() | float() as timestamp}:
            if abs(device.now - timestamp) > CLOCK_TOLERANCE:
                raise RefusedError(OUTSIDE_CLOCK_TOLERANCE, "timestamp out of range")
        case _:
            raise RefusedError(MALFORMED, "no timestamp")


def _describe(device: Device) -> Message:
    """Return the documented settings, and the version of a camera that tells it."""
    fields = asdict(device.config) | {"run_time": device.run_time}
    if device.version is not None:
        fields["version"] = device.version
    return fields


def _configure(device: Device, request: Message) -> Outcome:
    """Change the settings that are in the request, or none of them."""
    names = ("upload_type", "upload_addr", "hb_interval")
    changes = {name: request[name] for name in names if name in request}
    match replace(device.config, **changes):
        # A camera takes intervals outside 15-360: the vendor's own example sets 10.
        case (
            DeviceConfig(
                upload_type=0 | 1, upload_addr=str(), hb_interval=int(interval)
            ) as config
        ) if interval > 0:
            device.config = config
            return Outcome()
    raise RefusedError(MALFORMED, "bad value")


def _agree_to_upgrade(device: Device) -> Outcome:
    """Take on one upgrade at a time."""
    if "upgrade_dev" in device.under_way:
        raise RefusedError(BUSY, "busy")
    match device.faults.upgrade:
        case UpgradeFault.REFUSE:
            raise RefusedError(UPGRADE_REFUSED, device.faults.msg)
        case UpgradeFault.IGNORE:
            return Outcome()
    return Outcome(afterwards="upgrade")


def _control(device: Device, command: Message) -> Outcome:
    """Obey one command of the control set."""
    match command:
        case {"type": "take_snapshot"}:
            by_upload = device.config.by_http or device.faults.picture_by_upload
            data = "" if by_upload else device.faults.encode(device.take_picture())
            return Outcome(
                fields={"cmd_data": {"type": "take_snapshot", "data": data}},
                afterwards="upload" if by_upload else None,
            )
        case {"type": "io_control", "io0": 0 | 1 as io0, "io1": 0 | 1 as io1}:
            device.io0 = io0
            device.io1 = io1
            return Outcome(fields={"cmd_data": {"type": "io_control", "data": None}})
    raise RefusedError(MALFORMED, "unknown type or bad value")
