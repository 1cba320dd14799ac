"""Measure what a message costs a real Home Assistant, beside what others cost.

Prints the processor time of the whole `hass` process for each message, without what
it needs when idle, and ratios within one run: machines differ, ratios hardly do.
"""

import asyncio
import base64
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import json
import os
from pathlib import Path
import random
import shutil
from statistics import median
import sys
import time

import aiomqtt

from tests.live import flows
from tests.live.broker import MqttBroker
from tests.live.cameras import Cameras, until_heard
from tests.live.home import Home
from tests.live.process import HOST, ROOT, free_port
from tests.simulator import draw_picture, pad_picture
from tests.simulator.http import post

SN = "200000000001"
"""Keeps its pictures as every camera does."""

SN_ONE = "200000000002"
"""Keeps one picture."""

ROUNDS = 5
SECONDS = 5.0
IDLE_SECONDS = 10.0
PICTURE_BYTES = 200_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of message to one listener."""

    name: str
    to: str
    """A topic, or the address it is posted to."""
    per_second: int
    message: Callable[[int], str]
    answered: bool = False


def heartbeat(number: int, sn: str = SN) -> str:
    """Return a heartbeat."""
    return json.dumps(
        {
            "operate": "heartbeat",
            "request_id": f"{number:06}",
            "timestamp": int(time.time()),
            "sn": sn,
        }
    )


def scenarios(addresses: dict[str, str]) -> list[Scenario]:
    """Return what is measured."""
    picture = pad_picture(
        draw_picture(
            sn=SN,
            taken_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
            io0=0,
            io1=0,
            size=(1280, 720),
            counter=0,
        ),
        PICTURE_BYTES,
    )
    data = base64.b64encode(picture).decode()

    def upload(number: int, sn: str) -> str:
        envelope = json.loads(heartbeat(number, sn))
        return json.dumps(envelope | {"operate": "upload_snapshot", "data": data})

    def snapshot(name: str, to: str, sn: str) -> Scenario:
        return Scenario(
            name=f"200 kB snapshot, {name}",
            to=to,
            per_second=20,
            message=partial(upload, sn=sn),
            answered=True,
        )

    return [
        Scenario(
            name="heartbeat, ignored",
            to=f"ignore/{SN}/up",
            per_second=300,
            message=heartbeat,
        ),
        Scenario(
            name="heartbeat, only answered",
            to=f"answer/{SN}/up",
            per_second=300,
            message=heartbeat,
            answered=True,
        ),
        Scenario(
            name="heartbeat, MQTT binary_sensor",
            to="bench/alive",
            per_second=300,
            message=heartbeat,
        ),
        Scenario(
            name="heartbeat, SnapCam",
            to=f"snapcam/{SN}/up",
            per_second=300,
            message=heartbeat,
            answered=True,
        ),
        Scenario(
            name="200 kB snapshot, MQTT camera",
            to="bench/picture",
            per_second=20,
            message=lambda _: data,
        ),
        snapshot("SnapCam", f"snapcam/{SN}/up", SN),
        snapshot("SnapCam HTTP", addresses[SN], SN),
        snapshot("SnapCam, one kept", f"snapcam/{SN_ONE}/up", SN_ONE),
        snapshot("SnapCam HTTP, one kept", addresses[SN_ONE], SN_ONE),
    ]


RATIOS = [
    ("heartbeat, SnapCam", "heartbeat, only answered"),
    ("heartbeat, SnapCam", "heartbeat, MQTT binary_sensor"),
    *(
        (f"200 kB snapshot, {name}", "200 kB snapshot, MQTT camera")
        for name in (
            "SnapCam",
            "SnapCam HTTP",
            "SnapCam, one kept",
            "SnapCam HTTP, one kept",
        )
    ),
]

DISCOVERED = {
    "homeassistant/binary_sensor/bench/config": {
        "name": "Alive",
        "unique_id": "bench_alive",
        "state_topic": "bench/alive",
        "value_template": "{{ 'ON' if value_json.operate == 'heartbeat' else 'OFF' }}",
        "expire_after": 150,
    },
    "homeassistant/camera/bench/config": {
        "name": "Picture",
        "unique_id": "bench_picture",
        "topic": "bench/picture",
        "image_encoding": "b64",
    },
}


class Meter:
    """The processor time of a process."""

    def __init__(self, pid: int) -> None:
        """Initialize with the process."""
        self._tasks = Path(f"/proc/{pid}/task")
        self._idle_share = 0.0

    def seconds(self) -> float:
        """Return what all its threads have used."""
        files = self._tasks.glob("*/schedstat")
        return sum(int(file.read_text().split()[0]) for file in files) / 1e9

    async def calibrate(self) -> None:
        """Measure what it uses when nothing happens."""
        before = self.seconds()
        await asyncio.sleep(IDLE_SECONDS)
        self._idle_share = (self.seconds() - before) / IDLE_SECONDS

    def net(self, before: float, started: float) -> float:
        """Return what it used since then, without what it uses when idle."""
        elapsed = time.monotonic() - started
        return self.seconds() - before - self._idle_share * elapsed


async def send(
    client: aiomqtt.Client, scenario: Scenario, first: int, answers: list[bytes]
) -> int:
    """Send messages at a steady pace; return how many."""
    count = int(scenario.per_second * SECONDS)
    loop = asyncio.get_running_loop()
    started = loop.time()
    for number in range(count):
        message = scenario.message(first + number)
        if scenario.to.startswith("http://"):
            body, content_type = message.encode(), "application/json"
            answers.append(await post(scenario.to, body, content_type=content_type))
        else:
            await client.publish(scenario.to, message)
        await asyncio.sleep(started + number / scenario.per_second - loop.time())
    return count


async def listen(client: aiomqtt.Client, answers: list[bytes]) -> None:
    """Collect the answers that cameras get."""
    async for message in client.messages:
        payload = bytes(message.payload)
        if b"_rsp" in payload:
            answers.append(payload)


async def add_camera(home: Home, cameras: Cameras, sn: str, **options: object) -> str:
    """Add a camera; return the address at which Home Assistant takes its pictures."""
    camera = await cameras.start(sn, hb_interval=360)
    entry = await flows.add_camera(home.api, sn, sn)
    await until_heard(camera)
    delivery = (await home.api.entities(sn))["select.delivery"]
    await home.api.act("select.select_option", delivery, option="http_home_assistant")
    await flows.set_options(home.api, entry["result"]["entry_id"], **options)
    return camera.config.upload_addr


async def measure(
    client: aiomqtt.Client, meter: Meter, answers: list[bytes], listed: list[Scenario]
) -> dict[str, list[float]]:
    """Return the microseconds for each message, by scenario and round."""
    results: dict[str, list[float]] = {scenario.name: [] for scenario in listed}
    sent = 0
    for number in range(ROUNDS + 1):
        for scenario in random.sample(listed, len(listed)):
            answers.clear()
            before, started = meter.seconds(), time.monotonic()
            count = await send(client, scenario, sent, answers)
            sent += count
            await asyncio.sleep(1)
            good = sum(b'"ret":0' in answer for answer in answers)
            if scenario.answered and good != count:
                raise RuntimeError(
                    f"{scenario.name}: {good} of {count} answered, {answers[-1]!r}"
                )
            # The first round is for caches to fill.
            if number:
                results[scenario.name].append(meter.net(before, started) / count * 1e6)
            print(f"round {number}  {scenario.name}", file=sys.stderr)
    return results


async def run(folder: Path) -> dict[str, list[float]]:
    """Start everything, measure, and stop everything."""
    async with AsyncExitStack() as stack:
        broker = MqttBroker.below(folder)
        await broker.start()
        stack.push_async_callback(broker.stop)
        home = Home(folder, free_port(), name="Bench")
        shutil.copytree(
            Path(__file__).with_name("answering"),
            home.config / "custom_components/answering",
        )
        with (home.config / "configuration.yaml").open("a") as file:
            file.write("answering:\n")
        await home.start()
        stack.push_async_callback(home.close)
        await home.api.create_owner("Bench", "bench", "bench")
        await home.until_running()
        await flows.add_mqtt(home.api, broker.home_port)
        await home.stop()
        await home.start()
        await home.until_running()
        await home.api.request(
            "POST",
            "/api/services/logger/set_level",
            {"custom_components.snapcam": "warning"},
        )
        cameras = Cameras(broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        addresses = {
            SN: await add_camera(home, cameras, SN),
            SN_ONE: await add_camera(home, cameras, SN_ONE, keep_count=1),
        }
        client = await stack.enter_async_context(
            aiomqtt.Client(HOST, broker.camera_port)
        )
        for topic, entity in DISCOVERED.items():
            await client.publish(topic, json.dumps(entity))
        await client.subscribe("+/+/down")
        answers: list[bytes] = []
        counting = asyncio.create_task(listen(client, answers))
        stack.callback(counting.cancel)
        meter = Meter(home.pid)
        await asyncio.sleep(5)
        await meter.calibrate()
        return await measure(client, meter, answers, scenarios(addresses))


def report(results: dict[str, list[float]]) -> None:
    """Print the table, and the ratios."""
    print(
        f"{'µs of processor time for each message':40}{'median':>9}{'min':>9}{'max':>9}"
    )
    for name, values in results.items():
        print(f"{name:40}{median(values):9.0f}{min(values):9.0f}{max(values):9.0f}")
    print()
    for ours, other in RATIOS:
        ratio = median(results[ours]) / median(results[other])
        print(f"{ours:40}: {other.partition(', ')[2]:24} {ratio:5.2f}")


if __name__ == "__main__":
    working = ROOT / "build/bench"
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    report(asyncio.run(run(working)))
