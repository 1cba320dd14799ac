"""What a message costs: processor time of the whole `hass` process."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from itertools import count, islice
from pathlib import Path
import random
import sys
import time

import aiomqtt

from tests.live.cameras import Cameras
from tests.simulator.http import post
from tests.simulator.links import PostError

from .answers import Answers, SpoiledError, repeated
from .meter import Meter
from .report import Results
from .scenarios import MQTT_CAMERA, MQTT_IMAGE, SN, SN_ONE, Scenario, scenarios
from .stage import Stage, add_camera, discover, heartbeat, restart, set_up

ROUNDS = 5
SECONDS = 4.0


class Sender:
    """Send messages, and measure what they cost."""

    def __init__(self, client: aiomqtt.Client, meter: Meter) -> None:
        """Initialize with who sends, and what is measured."""
        self._client = client
        self._meter = meter
        self._numbers = count(1)
        self.answers = Answers()

    async def listen(self) -> None:
        """Collect the answers that cameras get."""
        async for message in self._client.messages:
            self.answers.take(bytes(message.payload))

    async def cost(self, scenario: Scenario) -> float:
        """Return the microseconds of processor time for each message.

        Raises:
            SpoiledError: Not all of them were answered.
        """
        await self._meter.until_quiet()
        await self._client.publish("sync", "on" if scenario.synced else "off")
        before, started = self._meter.seconds(), time.monotonic()
        sent = int(scenario.per_second * SECONDS)
        due = await self._send(scenario, sent)
        # What came before it has been handled, too, when this one is answered.
        last = next(self._numbers)
        await self._client.publish(f"answer/{SN}/up", heartbeat(last, SN))
        await self.answers.wait([*due, f"{last:06}"])
        await self._meter.until_quiet()
        return self._meter.net(before, started) / sent * 1e6

    async def _send(self, scenario: Scenario, messages: int) -> list[str]:
        """Send messages at a steady pace; return which answers are due."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        numbers = list(islice(self._numbers, messages))
        for sent, number in enumerate(numbers):
            due = sent // scenario.at_once * scenario.at_once / scenario.per_second
            if (pause := started + due - loop.time()) > 0:
                await asyncio.sleep(pause)
            message = scenario.message(number)
            if scenario.posted:
                await self._post(scenario.to, message)
            else:
                await self._client.publish(scenario.to, message)
        return [f"{number:06}" for number in numbers if scenario.answered]

    async def _post(self, address: str, message: str) -> None:
        """Post a message, and take the answer."""
        try:
            self.answers.take(
                await post(address, message.encode(), content_type="application/json")
            )
        except PostError as err:
            raise SpoiledError(str(err)) from None


async def run(folder: Path) -> Results:
    """Return the microseconds for each message, by scenario and round."""
    async with set_up(folder) as stage, AsyncExitStack() as stack:
        cameras = Cameras(stage.broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        await restart(stage.home)
        addresses = {
            SN: await add_camera(stage.home, cameras, SN),
            SN_ONE: await add_camera(stage.home, cameras, SN_ONE, keep_count=1),
        }
        await add_others(stage)
        await stage.client.subscribe("+/+/down")
        meter = Meter(stage.home.pid)
        sender = Sender(stage.client, meter)
        listening = asyncio.create_task(sender.listen())
        stack.callback(listening.cancel)
        await meter.until_quiet()
        await meter.calibrate()
        return await measure(sender, scenarios(addresses))


async def add_others(stage: Stage) -> None:
    """Add what it is compared with."""
    await discover(
        stage.client,
        "binary_sensor",
        "alive",
        state_topic="bench/alive",
        value_template="{{ 'ON' if value_json.operate == 'heartbeat' else 'OFF' }}",
        expire_after=150,
    )
    await discover(
        stage.client,
        "camera",
        "picture",
        topic=f"bench/{MQTT_CAMERA}",
        image_encoding="b64",
    )
    await discover(
        stage.client,
        "image",
        "image",
        image_topic=f"bench/{MQTT_IMAGE}",
        content_type="image/jpeg",
        image_encoding="b64",
    )


async def measure(sender: Sender, listed: list[Scenario]) -> Results:
    """Send each kind of message in each round, in an order that is drawn."""
    results: Results = {scenario.name: [] for scenario in listed}
    for number in range(ROUNDS + 1):
        for scenario in random.sample(listed, len(listed)):
            cost = await repeated(scenario.name, partial(sender.cost, scenario))
            # The first round is for caches to fill.
            if number:
                results[scenario.name].append(cost)
            print(f"round {number}  {scenario.name}", file=sys.stderr)
    return results
