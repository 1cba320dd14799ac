"""The camera's hardware: power, clock, IO lines, lens, settings; it does not talk."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
import time
import zlib

from .faults import Faults
from .log import CameraLog
from .picture import draw_picture


def host_clock() -> float:
    """Return the time of this machine."""
    # Looked up at every call, so that a test which freezes the time freezes it here.
    return time.time()


@dataclass(kw_only=True)
class DeviceConfig:
    """The settings a camera keeps over a reboot, by the vendor's names."""

    mac: str
    upload_type: int = 1
    upload_addr: str = "http://192.0.2.1/snapshots"
    hb_interval: int = 60

    @property
    def by_http(self) -> bool:
        """Return whether snapshots go to the address, not to the broker."""
        return self.upload_type == 0


@dataclass(frozen=True, kw_only=True)
class Firmware:
    """What is kept of a package that was downloaded."""

    size: int
    sha256: str


class Device:
    """What a camera is, apart from the messages it exchanges."""

    strict_clock = False
    version: str | None = None
    next_version: str | None = None
    firmware: Firmware | None = None
    upgrade_downtime: float = 0

    def __init__(
        self,
        *,
        sn: str,
        clock: Callable[[], float] = host_clock,
        hb_interval: int = 60,
        mac: str | None = None,
        picture_size: tuple[int, int] = (640, 360),
        faults: Faults | None = None,
    ) -> None:
        """Switch the camera on; without a MAC it makes one from its SN."""
        mac = mac or f"02:00:{zlib.crc32(sn.encode()).to_bytes(4).hex(':')}"
        self.sn = sn
        self.config = DeviceConfig(mac=mac, hb_interval=hb_interval)
        self.faults = faults or Faults()
        self.picture_size = picture_size
        self.picture: bytes | None = None
        self.last_picture: bytes | None = None
        self.upgrade_over = asyncio.Event()
        self.under_way: list[str] = []
        self.io0 = 0
        self.io1 = 0
        self.log = CameraLog(sn)
        self._clock = clock
        self._powered = asyncio.Event()
        self._pictures = 0
        self.power_on()

    @property
    def now(self) -> float:
        """Return the time on the camera's own clock."""
        return self._clock() + self.faults.clock_offset

    @property
    def run_time(self) -> int:
        """Return the seconds since the camera was switched on or rebooted."""
        return int(self._clock() - self.booted_at)

    def take_picture(self, picture: bytes | None = None) -> bytes:
        """Return the given picture, else the one it is set to, else a drawn one."""
        self._pictures += 1
        if picture is None:
            picture = self.picture
        if picture is None:
            picture = self._draw_picture()
        self.last_picture = self.faults.spoil(picture)
        return self.last_picture

    async def reboot(self, downtime: float = 0) -> None:
        """Lose the IO lines, be deaf for some seconds, and start again."""
        self.log.info("rebooting")
        self.power_off()
        try:
            await asyncio.sleep(downtime)
        finally:
            # Also when the connection breaks meanwhile: it must not stay off for good.
            self.power_on()

    def power_off(self) -> None:
        """Fall silent, and drop the IO lines as a relay without power does."""
        self._powered.clear()
        self.io0 = self.io1 = 0

    def power_on(self) -> None:
        """Start, and count the run time from now."""
        self.booted_at = self._clock()
        self._powered.set()

    def _draw_picture(self) -> bytes:
        """Return what is in front of the lens now."""
        return draw_picture(
            sn=self.sn,
            taken_at=datetime.fromtimestamp(self.now, UTC).astimezone(),
            io0=self.io0,
            io1=self.io1,
            size=self.picture_size,
            counter=self._pictures,
        )
