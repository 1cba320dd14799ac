"""Simulated cameras on a broker, as many as are wanted."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from tests.simulator import SimulatedCamera
from tests.simulator.camera import lose
from tests.simulator.mqtt import DOWN, UP, Broker, run_camera

from .process import until


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A camera that Home Assistant knows, and its entities by platform and key."""

    camera: SimulatedCamera
    entities: dict[str, str]


class Cameras:
    """The cameras that are switched on."""

    def __init__(self, port: int, **account: str) -> None:
        """Initialize with the port of their broker, and how they log in there."""
        self._broker = Broker(port=port, **account)
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(
        self,
        sn: str,
        *,
        hb_interval: int = 60,
        snapshot_every: float | None = None,
        up: str = UP,
        down: str = DOWN,
    ) -> SimulatedCamera:
        """Switch a new camera on; return it when it is on the broker."""
        camera = SimulatedCamera(sn=sn, hb_interval=hb_interval)
        self._running[sn] = asyncio.create_task(
            run_camera(
                camera, self._broker, up=up, down=down, snapshot_every=snapshot_every
            )
        )
        await until_connected(camera)
        return camera

    async def stop(self, sn: str) -> None:
        """Switch a camera off."""
        task = self._running.pop(sn)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def stop_all(self) -> None:
        """Switch all cameras off."""
        for sn in list(self._running):
            await self.stop(sn)


async def until_connected(camera: SimulatedCamera, *, seconds: float = 10.0) -> None:
    """Wait until a camera is on the broker, and hears what is sent to it."""

    async def connected() -> bool:
        return camera.publish is not lose

    await until(connected, f"{camera.sn} is not on the broker", seconds=seconds)


async def until_heard(camera: SimulatedCamera) -> None:
    """Wait until Home Assistant answers a camera's heartbeat."""

    async def answered() -> bool:
        try:
            await camera.wait_answer(await camera.send_heartbeat(), timeout=1)
        except TimeoutError:
            return False
        return True

    await until(answered, f"{camera.sn} gets no answers")
