"""An upgrade of a simulated camera that is handed its package."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import pytest

from tests.simulator import Body, Faults, Firmware, UpgradeFault
from tests.simulator.firmware.common import (
    ADDRESS,
    FIRMWARE,
    PACKAGE,
    assert_lost,
    assert_not_upgraded,
    assert_upgraded,
    upgrade,
)
from tests.simulator.workbench import SN, TOKEN, Bench, ok

type Range = tuple[int, int | None]


WHOLE: Range = (0, None)


@dataclass
class Shelf:
    """A package that a camera is handed in chunks, and the ranges it asked for."""

    package: bytes = PACKAGE
    announced: int = len(PACKAGE)
    ranges: list[Range] = field(default_factory=list)
    handed_out: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Open the shelf."""
        self.is_open.set()

    @asynccontextmanager
    async def download(
        self, _address: str, /, *, start: int = 0, stop: int | None = None
    ) -> AsyncGenerator[Body]:
        """Hand out the package, or a range of it."""
        self.ranges.append((start, stop))
        yield Body(total=self.announced, chunks=self.chunks(self.package[start:stop]))

    async def chunks(self, content: bytes) -> AsyncIterator[bytes]:
        """Hand out 1024 bytes at a time."""
        await self.is_open.wait()
        for first in range(0, len(content), 1024):
            chunk = content[first : first + 1024]
            self.handed_out += len(chunk)
            yield chunk


@pytest.fixture
def shelf(bench: Bench) -> Shelf:
    """Return the shelf from which the camera is handed its packages."""
    shelf = Shelf()
    bench.camera.download = shelf.download
    return shelf


async def test_upgrade_dev_answers_downloads_and_restarts(
    bench: Bench, shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    """A restart begins the run time anew, drops the relays and tells a new version."""
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert shelf.ranges == [WHOLE]
    await assert_upgraded(bench)
    assert log.messages[-5:-1] == [
        f"{SN}  upgrade_dev: answered ret 0",
        f"{SN}  downloading firmware from 192.0.2.1",
        f"{SN}  firmware downloaded: 262144 bytes, SHA-256 {FIRMWARE.sha256}",
        f"{SN}  rebooting",
    ]
    assert TOKEN not in log.text


async def test_the_answer_is_there_before_the_download(
    bench: Bench, shelf: Shelf
) -> None:
    """A server learns at once that the camera agrees, however long the rest takes."""
    shelf.is_open.clear()
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(2)
    assert bench.messages[1] == ok("upgrade_dev_rsp")
    assert bench.camera.firmware is None
    assert not bench.camera.upgrade_over.is_set()
    shelf.is_open.set()
    await upgrading
    assert bench.camera.upgrade_over.is_set()


async def test_a_camera_without_versions_tells_none_after_an_upgrade(
    bench: Bench, shelf: Shelf
) -> None:
    """The page knows no version, so that a camera has one only when it is given one."""
    bench.camera.version = bench.camera.next_version = None
    await upgrade(bench)
    assert "version" not in await bench.ask("get_dev_config")
    bench.camera.version = "1.0"
    await upgrade(bench)
    assert (await bench.ask("get_dev_config"))["version"] == "1.0"


async def test_a_restart_takes_its_time(bench: Bench, shelf: Shelf) -> None:
    """The camera is deaf while it restarts, and sends a heartbeat when it is back."""
    bench.camera.upgrade_downtime = 0.05
    running = asyncio.create_task(bench.camera.run())
    await bench.wait_for_messages(1)
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(3)
    with pytest.raises(IndexError):
        await bench.ask("get_dev_config")
    await upgrading
    await bench.wait_for_messages(4)
    assert bench.messages[3]["operate"] == "heartbeat"
    running.cancel()
    await asyncio.wait([running])


async def test_one_upgrade_at_a_time(bench: Bench, shelf: Shelf) -> None:
    """A second one is refused from the moment the first is agreed to, others obeyed."""
    shelf.is_open.clear()
    bench.camera.faults.answer_delay = 0.01
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(1)
    await asyncio.sleep(0)
    second = await bench.ask("upgrade_dev", package_url=ADDRESS)
    assert bench.camera.under_way == ["upgrade_dev"]
    refused = ok("upgrade_dev_rsp") | {"ret": 3, "msg": "busy"}
    assert bench.messages[1:] == [ok("upgrade_dev_rsp"), refused]
    assert second == ok("upgrade_dev_rsp")
    assert (await bench.ask("get_dev_config"))["ret"] == 0
    shelf.is_open.set()
    await upgrading
    assert shelf.ranges == [WHOLE]
    await assert_upgraded(bench)
    assert await upgrade(bench) == ok("upgrade_dev_rsp")


async def test_an_upgrade_that_is_cut_off_leaves_the_camera_ready(
    bench: Bench, shelf: Shelf
) -> None:
    """A camera that loses its connection meanwhile is not busy for ever."""
    shelf.is_open.clear()
    upgrading = asyncio.create_task(upgrade(bench))
    await bench.wait_for_messages(2)
    upgrading.cancel()
    await asyncio.wait([upgrading])
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


@pytest.mark.parametrize(
    ("package", "announced", "reason"),
    [
        (PACKAGE[:-1], len(PACKAGE), "262143 bytes came, 262144 were announced"),
        (PACKAGE + b"x", len(PACKAGE), "262145 bytes came, 262144 were announced"),
        (b"", 0, "0 bytes came, 0 were announced"),
    ],
)
@pytest.mark.parametrize("fault", [None, UpgradeFault.RANGED])
async def test_a_package_of_another_length_is_not_installed(
    bench: Bench,
    shelf: Shelf,
    log: pytest.LogCaptureFixture,
    package: bytes,
    announced: int,
    reason: str,
    fault: UpgradeFault | None,
) -> None:
    """A package that is cut off, too long or empty would kill a camera."""
    shelf.package, shelf.announced = package, announced
    bench.camera.faults.upgrade = fault
    await assert_lost(bench, ADDRESS, f"192.0.2.1: {reason}", log)


async def test_a_camera_without_a_network_downloads_nothing(
    bench: Bench, log: pytest.LogCaptureFixture
) -> None:
    """A camera to which no network was given answers, and goes on."""
    await assert_lost(bench, ADDRESS, "192.0.2.1: no network", log)


async def test_fault_upgrade_refuse(bench: Bench, shelf: Shelf) -> None:
    """Only upgrades are refused, with the msg of refusals."""
    bench.camera.faults = Faults(upgrade=UpgradeFault.REFUSE, msg="not now")
    refused = ok("upgrade_dev_rsp") | {"ret": 4, "msg": "not now"}
    assert await upgrade(bench) == refused
    assert shelf.ranges == []
    assert not bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_ignore(bench: Bench, shelf: Shelf) -> None:
    """The camera agrees, and that is all."""
    bench.camera.faults.upgrade = UpgradeFault.IGNORE
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert shelf.ranges == []
    assert not bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_drop(
    bench: Bench, shelf: Shelf, log: pytest.LogCaptureFixture
) -> None:
    """The camera leaves at half the length, and says so."""
    bench.camera.faults.upgrade = UpgradeFault.DROP
    reason = "192.0.2.1: dropped, as the fault upgrade wants it"
    await assert_lost(bench, ADDRESS, reason, log)
    assert shelf.handed_out == len(PACKAGE) / 2


async def test_fault_upgrade_no_restart(bench: Bench, shelf: Shelf) -> None:
    """The package is there, and the old firmware goes on."""
    bench.camera.faults.upgrade = UpgradeFault.NO_RESTART
    assert await upgrade(bench) == ok("upgrade_dev_rsp")
    assert bench.camera.firmware == FIRMWARE
    assert bench.camera.upgrade_over.is_set()
    await assert_not_upgraded(bench)


async def test_fault_upgrade_vanish(bench: Bench, shelf: Shelf) -> None:
    """The camera is off until somebody switches it on, then it runs the new firmware."""
    bench.camera.faults.upgrade = UpgradeFault.VANISH
    running = asyncio.create_task(bench.camera.run())
    await bench.wait_for_messages(1)
    await upgrade(bench)
    assert bench.camera.upgrade_over.is_set()
    with pytest.raises(IndexError):
        await bench.ask("get_dev_config")
    assert len(bench.published) == 3
    bench.camera.power_on()
    await bench.wait_for_messages(4)
    assert bench.messages[3]["operate"] == "heartbeat"
    await assert_upgraded(bench)
    running.cancel()
    await asyncio.wait([running])


async def test_fault_upgrade_ranged(bench: Bench, shelf: Shelf) -> None:
    """The camera gets the first bytes, then the rest, and makes one package of them."""
    bench.camera.faults.upgrade = UpgradeFault.RANGED
    await upgrade(bench)
    assert shelf.ranges == [(0, 4), (4, None)]
    await assert_upgraded(bench)


async def test_a_package_within_the_first_range(bench: Bench, shelf: Shelf) -> None:
    """What is complete is not asked for again: a server would refuse that range."""
    bench.camera.faults.upgrade = UpgradeFault.RANGED
    shelf.package, shelf.announced = b"tiny", 4
    await upgrade(bench)
    assert shelf.ranges == [(0, 4)]
    assert bench.camera.firmware == Firmware(size=4, sha256=sha256(b"tiny").hexdigest())
