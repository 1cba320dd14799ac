"""An upgrade of the firmware, after the camera has agreed to it."""

from hashlib import sha256

from .device import Device, Firmware
from .faults import UpgradeFault
from .links import Download, DownloadError
from .upload import host_of

# What firmware that downloads in two ranges looks at before it gets the rest.
HEADER_LENGTH = 4


async def upgrade(device: Device, download: Download, address: str) -> None:
    """Download a package and restart with it, or go on without it."""
    host, fault = host_of(address), device.faults.upgrade
    device.upgrade_over.clear()
    device.log.info("downloading firmware from %s", host)
    try:
        device.firmware = firmware = await _fetch(download, address, fault)
        device.log.info(
            "firmware downloaded: %d bytes, SHA-256 %s", firmware.size, firmware.sha256
        )
        await _restart(device, fault)
    except DownloadError as err:
        device.log.info("firmware not installed from %s: %s", host, err)
    finally:
        device.upgrade_over.set()


async def _fetch(
    download: Download, address: str, fault: UpgradeFault | None
) -> Firmware:
    """Download a package, and keep no more of it than its length and digest.

    Raises:
        DownloadError: It did not arrive whole.
    """
    digest, size, total = sha256(), 0, 0
    ranges = [(0, HEADER_LENGTH), (HEADER_LENGTH, None)]
    for start, stop in ranges if fault is UpgradeFault.RANGED else [(0, None)]:
        async with download(address, start=start, stop=stop) as body:
            total = body.total
            async for chunk in body.chunks:
                digest.update(chunk)
                size += len(chunk)
                if fault is UpgradeFault.DROP and size * 2 >= total:
                    raise DownloadError("dropped, as the fault upgrade wants it")
        if size == total:
            break
    if not size or size != total:
        raise DownloadError(f"{size} bytes came, {total} were announced")
    return Firmware(size=size, sha256=digest.hexdigest())


async def _restart(device: Device, fault: UpgradeFault | None) -> None:
    """Start the new firmware, unless a fault is in the way."""
    if fault is UpgradeFault.NO_RESTART:
        device.log.info("not restarting, as the fault upgrade wants it")
        return
    device.version = device.next_version or device.version
    if fault is UpgradeFault.VANISH:
        device.log.info("off for good, as the fault upgrade wants it")
        device.power_off()
        return
    await device.reboot(device.upgrade_downtime)
