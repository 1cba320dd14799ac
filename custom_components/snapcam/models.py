"""What is known of a camera, as values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
import re
from typing import Any, Final

from homeassistant.util import dt as dt_util

from .const import CONF_FIRMWARE, UPLOAD_URL
from .protocol import HB_INTERVAL_DEFAULT, DeviceConfig
from .stored import Stored, parse_stored_time

# A boot time is now minus the uptime, and neither clock is exact.
BOOT_TOLERANCE: Final = timedelta(seconds=60)

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known of a picture, without its bytes."""

    captured_at: datetime
    content_type: str
    size: int
    """Of the picture, in bytes."""
    name: str | None = None
    """Below the folder of all pictures: `<sn>/<date>/<file>`; None if not stored."""
    request_id: str | None = None
    """Of the message it came with; None if that is not known any more."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that Home Assistant has, and serves to the camera itself."""

    filename: str
    """As the camera sees it, at the end of the address."""
    size: int
    sha256: str

    @classmethod
    def from_stored(cls, stored: Stored | None) -> Package | None:
        """Return the package that survived a restart; None if it cannot be read."""
        if stored is None:
            return None
        filename, sha256 = stored.text("filename"), stored.text("sha256")
        size = stored.integer("size")
        if filename is None or size is None or not _SHA256.fullmatch(sha256 or ""):
            return None
        return cls(filename=filename, size=size, sha256=sha256 or "")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A firmware that a camera may be updated to."""

    version: str
    notes: str = ""
    url: str | None = None
    """Where the camera is to fetch it, if Home Assistant does not have it."""
    package: Package | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Offer | None:
        """Return the offer in the options of an entry; None if there is none.

        One that cannot be installed, because another version wrote it, is none.
        """
        stored = Stored(options).below(CONF_FIRMWARE)
        version = stored.text("version") if stored else None
        if stored is None or not version:
            return None
        url, package = stored.text("url"), Package.from_stored(stored.below("package"))
        if url is None and package is None:
            return None
        notes = stored.text("notes") or ""
        return cls(version=version, notes=notes, url=url, package=package)


@dataclass(frozen=True, kw_only=True)
class Install:
    """An install of a firmware: under way, or the last one there was."""

    version: str
    token: str
    """The secret part of the package's address, while it is under way."""
    package: Package | None = None
    """What the camera is to fetch from us; None if it is somebody else's."""
    steps: tuple[tuple[str, str], ...] = ()
    """What has happened, and when."""
    ended: str | None = None
    """How it has ended; None while it is under way."""
    run_time: int | None = None
    """For how many seconds the camera had been on when it was asked, if known."""
    rollout: str | None = None
    """The roll-out it is part of; None if a person has started it."""

    def after(self, step: str) -> Install:
        """Return the install after another step."""
        return replace(self, steps=(*self.steps, (step, dt_util.utcnow().isoformat())))

    def at(self, step: str) -> datetime | None:
        """Return when a step was; None if it was not."""
        return parse_stored_time(dict(self.steps).get(step))

    @property
    def started_at(self) -> datetime:
        """Return when it began."""
        return datetime.fromisoformat(self.steps[0][1])

    @classmethod
    def from_stored(cls, stored: Stored | None) -> Install | None:
        """Return the install that survived a restart; None if it cannot be read."""
        if stored is None:
            return None
        version, token, steps = (
            stored.text("version"),
            stored.text("token"),
            _steps(stored),
        )
        if version is None or token is None or not steps:
            return None
        return cls(
            version=version,
            token=token,
            package=Package.from_stored(stored.below("package")),
            steps=steps,
            ended=stored.text("ended"),
            run_time=stored.integer("run_time"),
            rollout=stored.text("rollout"),
        )


@dataclass(frozen=True, kw_only=True)
class SnapcamData:
    """The state of one camera."""

    connected: bool = False
    """Whether Home Assistant is connected to the broker."""
    online: bool | None = None
    """Whether the camera is heard; None until one window has passed."""
    config: DeviceConfig | None = None
    io0: bool | None = None
    io1: bool | None = None
    """The IO lines as the camera last acknowledged them."""
    last_boot: datetime | None = None
    own_addr: str | None = None
    """The address of this Home Assistant that the camera was last told."""
    own_addr_said: str | None = None
    """What the camera made of it, when pictures came by it."""
    inherited: DeviceConfig | None = None
    """The settings of the camera whose place this one has taken, until it has them."""
    trial: DeviceConfig | None = None
    """The settings to put back unless the delivery that is tried is proven."""
    other_addr: str | None = None
    """Somebody else's address for snapshots, as the camera or a person told it."""
    release: tuple[tuple[str, bool], ...] = ()
    """IO lines in a pulse, each with the value it is to go back to."""
    installed_version: str | None = None
    """The firmware that was last seen to be installed."""
    install: Install | None = None
    snapshot: Snapshot | None = None

    @property
    def left_behind(self) -> SnapcamData:
        """Return what the camera that takes this one's place begins with."""
        return SnapcamData(
            inherited=self.inherited or self.trial or self.config,
            other_addr=self.other_addr,
        )

    @property
    def interval(self) -> int:
        """Return the seconds between heartbeats."""
        return self.config.heartbeat_seconds if self.config else HB_INTERVAL_DEFAULT

    def with_config(self, config: DeviceConfig, now: datetime) -> SnapcamData:
        """Return the state after the camera has told its configuration.

        A shorter run time, or a boot later than the one known, is a restart: nobody
        knows what that did to the IO lines.
        """
        data = replace(self, config=config)
        address = config.upload_addr
        if address and not (address == self.own_addr_said or is_own_address(address)):
            data = replace(data, other_addr=address)
        if config.run_time is None:
            return data
        boot = now - timedelta(seconds=config.run_time)
        known = (self.config.run_time if self.config else None) or 0
        later = self.last_boot is not None and boot - self.last_boot > BOOT_TOLERANCE
        if later or config.run_time < known:
            data = replace(data, io0=None, io1=None)
        return replace(data, last_boot=boot)

    def as_stored(
        self, last_seen: datetime | None, clock_offset: int | None
    ) -> dict[str, Any]:
        """Return what is to survive a restart, besides the pictures."""
        return {
            "config": asdict(self.config) if self.config else None,
            "io0": self.io0,
            "io1": self.io1,
            "last_boot": self.last_boot.isoformat() if self.last_boot else None,
            "last_seen": last_seen.isoformat() if last_seen else None,
            "clock_offset": clock_offset,
            "own_addr": self.own_addr,
            "own_addr_said": self.own_addr_said,
            "inherited": asdict(self.inherited) if self.inherited else None,
            "trial": asdict(self.trial) if self.trial else None,
            "other_addr": self.other_addr,
            "release": dict(self.release),
            "installed_version": self.installed_version,
            "install": asdict(self.install) if self.install else None,
        }

    @classmethod
    def from_stored(cls, stored: Stored) -> SnapcamData:
        """Return the state that survived a restart, as far as it can be read."""
        config, release = stored.below("config"), stored.below("release")
        trial, inherited = stored.below("trial"), stored.below("inherited")
        return cls(
            config=DeviceConfig.from_fields(config.values) if config else None,
            io0=stored.flag("io0"),
            io1=stored.flag("io1"),
            last_boot=stored.moment("last_boot"),
            own_addr=stored.text("own_addr"),
            own_addr_said=stored.text("own_addr_said"),
            inherited=DeviceConfig.from_fields(inherited.values) if inherited else None,
            trial=DeviceConfig.from_fields(trial.values) if trial else None,
            other_addr=stored.text("other_addr"),
            release=_release(release) if release else (),
            installed_version=stored.text("installed_version"),
            install=Install.from_stored(stored.below("install")),
        )


def is_own_address(address: str) -> bool:
    """Return whether an address is one of a Home Assistant: a secret, not to show."""
    return UPLOAD_URL.partition("{")[0] in address


def _steps(stored: Stored) -> tuple[tuple[str, str], ...]:
    """Read the steps of an install, each with its time."""
    listed = stored.values.get("steps")
    return tuple(
        (step, when)
        for step, when in (listed if isinstance(listed, list | tuple) else ())
        if isinstance(step, str) and parse_stored_time(when) is not None
    )


def _release(stored: Stored) -> tuple[tuple[str, bool], ...]:
    """Read the IO lines that are to go back."""
    lines = ((name, stored.flag(name)) for name in ("io0", "io1"))
    return tuple((name, on) for name, on in lines if on is not None)
