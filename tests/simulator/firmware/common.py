"""What the tests of upgrades do again and again."""

from hashlib import sha256

import pytest

from tests.simulator import Firmware
from tests.simulator.workbench import SN, TOKEN, Bench, Message, ok

PACKAGE = bytes(range(256)) * 1024
FIRMWARE = Firmware(size=len(PACKAGE), sha256=sha256(PACKAGE).hexdigest())
ADDRESS = f"http://user:{TOKEN}@192.0.2.1/{TOKEN}/app.bin?key={TOKEN}"


async def upgrade(bench: Bench, address: str = ADDRESS) -> Message:
    """Run the camera for a while, switch its lines on and tell it to upgrade."""
    await bench.command(type="io_control", io0=1, io1=1)
    bench.time += 500
    return await bench.ask("upgrade_dev", package_url=address)


async def assert_not_upgraded(bench: Bench) -> None:
    """See the camera go on as before, and ready for another upgrade."""
    assert (bench.camera.io0, bench.camera.io1) == (1, 1)
    config = await bench.ask("get_dev_config")
    assert (config["run_time"], config["version"]) == (500, "1.0")
    assert bench.camera.under_way == []


async def assert_upgraded(bench: Bench) -> None:
    """See the camera restarted with the new firmware."""
    assert (bench.camera.io0, bench.camera.io1) == (0, 0)
    config = await bench.ask("get_dev_config")
    assert (config["run_time"], config["version"]) == (0, "2.0")
    assert bench.camera.firmware == FIRMWARE


async def assert_lost(
    bench: Bench, address: str, reason: str, log: pytest.LogCaptureFixture
) -> None:
    """See an upgrade fail for a reason, which keeps the secret."""
    assert await upgrade(bench, address) == ok("upgrade_dev_rsp")
    assert f"{SN}  firmware not installed from {reason}" in log.messages
    assert TOKEN not in log.text
    assert bench.camera.firmware is None
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)
