"""Many simulated cameras that a firmware is rolled out to."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from yarl import URL

from ..broker import Broker
from ..const import TOPICS
from ..simulator import Body, SimulatedCamera
from ..simulator.camera import lose
from .common import PACKAGE

MINUTE = 60
HEARTBEATS_EVERY = 360
"""The longest there are: fewer messages for the same hours."""

type SetUpFleet = Callable[..., Awaitable[Fleet]]


@dataclass(kw_only=True)
class Fleet:
    """Cameras, and what can be seen of the roll-out to them."""

    hass: HomeAssistant
    broker: Broker
    freezer: FrozenDateTimeFactory
    http: TestClient
    media: Path
    cameras: list[SimulatedCamera] = field(default_factory=list)
    entries: list[MockConfigEntry] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    downloads: Counter[str] = field(default_factory=Counter)
    most_served: int = 0
    most_at_risk: int = 0
    _accepted: int = 0
    _served: int = 0

    async def set_up(self, count: int, offer: dict[str, Any] | None = None) -> None:
        """Set cameras up, and have each heard."""
        for number in range(count):
            camera = SimulatedCamera(sn=f"3{number:011}", hb_interval=HEARTBEATS_EVERY)
            camera.download = self._download_of(camera)
            self.cameras.append(self.broker.connect(camera))
            entry = MockConfigEntry(
                domain="snapcam",
                entry_id=f"entry{number}",
                unique_id=camera.sn,
                title=f"Camera {number + 1}",
                data={"sn": camera.sn, **TOPICS},
                options={"firmware": offer} if offer else {},
            )
            entry.add_to_hass(self.hass)
            self.entries.append(entry)
        await asyncio.gather(
            *(self.hass.config_entries.async_setup(x.entry_id) for x in self.entries)
        )
        await self.broker.settle()
        self.hass.bus.async_listen("snapcam_roll_out", self._note)
        await self.beat()

    @callback
    def _note(self, event: Event) -> None:
        """Note what is told of the roll-out, and how things are in this moment."""
        self.events.append(dict(event.data))
        self._look()

    def _download_of(self, camera: SimulatedCamera) -> Any:
        """Return the way in which a camera fetches from Home Assistant."""

        @asynccontextmanager
        async def download(
            address: str, /, *, start: int = 0, stop: int | None = None
        ) -> AsyncGenerator[Body]:
            self.downloads[camera.sn] += 1
            self._served += 1
            self.most_served = max(self.most_served, self._served)
            try:
                response = await self.http.get(URL(address).path)
                yield Body(
                    total=int(response.headers["Content-Length"]),
                    chunks=response.content.iter_any(),
                )
            finally:
                self._served -= 1

        return download

    async def beat(self, *numbers: int) -> None:
        """Have cameras send a heartbeat, or all; those that are there."""
        for number in numbers or range(len(self.cameras)):
            camera = self.cameras[number]
            if camera.publish is not lose and camera._powered.is_set():
                await camera.send_heartbeat()
        await self.broker.settle()

    async def lose(self, *numbers: int) -> None:
        """Have cameras be silent until they count as offline."""
        for number in numbers:
            self.broker.disconnect(self.cameras[number])
        await self.go_on(310, rounds=3)

    async def go_on(self, seconds: float = 5, rounds: int = 1) -> None:
        """Let time pass, and the cameras be heard after it, some times over."""
        for _ in range(rounds):
            await self.pass_time(seconds)
            await self.beat()
            await self.settle()

    async def next_wave(self) -> bool:
        """See a wave to its end; if it has stopped then, have it go on, and say so."""
        for seconds in (5, 10, *[310] * 4):
            # The loop's time is the frozen one: that is enough for its timers.
            self.freezer.tick(seconds)
            await self.settle()
            await self.beat(*(self.told[-20:] if seconds < MINUTE else ()))
            await self.settle()
            self._look()
            if not self.installing:
                break
        if stopped := self.events[-1]["status"] == "stopped":
            self._accepted = self.events[-1]["failed"]
            await self.act("resume_roll_out")
        return stopped

    @property
    def left(self) -> int:
        """Return how many cameras are left."""
        left: int = self.events[-1]["left"]
        return left

    @property
    def installing(self) -> int:
        """Return how many updates are in progress."""
        states = self.hass.states.async_all("update")
        return sum(x.attributes.get("in_progress", False) for x in states)

    def _look(self) -> None:
        """Note how many cameras are at risk: failed just now, or being updated."""
        failed = self.events[-1]["failed"] - self._accepted
        if failed:
            self.most_at_risk = max(self.most_at_risk, failed + self.installing)

    def table(self, kinds: dict[int, str]) -> str:
        """Return what came of each kind of camera."""
        rows = []
        for count, kind in sorted(
            (n, kind) for kind, n in Counter(kinds.values()).items()
        ):
            numbers = [number for number, it in kinds.items() if it == kind]
            told = sum(number in numbers for number in self.told)
            have = sum(self.version(number) == "2.0" for number in numbers)
            rows.append(f"{kind:28} {count:4} {told:4} {have:4}")
        return "\n".join((f"{'a camera that':28}  all told have it", *rows))

    async def pass_time(self, seconds: float = MINUTE) -> None:
        """Let time pass, and cameras that restart be over with it."""
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)
        await self.settle()

    async def settle(self) -> None:
        """Wait until packages are fetched and nothing more happens."""
        await self.broker.settle()
        while any(x.under_way for x in self.cameras):
            await asyncio.sleep(0)
        await self.broker.settle()

    async def roll_out(self, **data: Any) -> None:
        """Roll a firmware out to all cameras, unless others are named."""
        path = self.media / "fw.bin"
        if not path.exists():
            self.hass.config.allowlist_external_dirs = {str(self.media)}
            path.write_bytes(PACKAGE)
        package = {} if "package_url" in data else {"filename": str(path)}
        named = {} if data.keys() & {"area_id", "label_id"} else {"entity_id": "all"}
        await self.act(
            "roll_out_firmware", **{"version": "2.0", **package, **named, **data}
        )

    async def act(self, action: str, **data: Any) -> None:
        """Perform an action, and see what follows at once."""
        await self.hass.services.async_call("snapcam", action, data, blocking=True)
        await self.settle()

    def entity(self, number: int, domain: str = "camera", key: str = "snapshot") -> str:
        """Return an entity of a camera."""
        entity_id = er.async_get(self.hass).async_get_entity_id(
            domain, "snapcam", f"{self.cameras[number].sn}_{key}"
        )
        assert entity_id is not None
        return entity_id

    def version(self, number: int) -> str | None:
        """Return the version of a camera, as its update shows it."""
        update = self.hass.states.get(self.entity(number, "update", "firmware"))
        return update and update.attributes.get("installed_version")

    @property
    def told(self) -> list[int]:
        """Return the cameras that were told to install it, in this order."""
        numbers = {camera.sn: number for number, camera in enumerate(self.cameras)}
        return [numbers[x["sn"]] for x in self.broker.messages("upgrade_dev")]

    @property
    def statuses(self) -> list[str]:
        """Return how the roll-out was, one after the other."""
        return [status for status, _ in groupby(x["status"] for x in self.events)]

    @property
    def last(self) -> dict[str, int]:
        """Return how many cameras were how far when that was last told."""
        return {k: v for k, v in self.events[-1].items() if isinstance(v, int) and v}
