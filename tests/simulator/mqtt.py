"""Simulated cameras on a real broker, each with a connection of its own."""

import asyncio
from dataclasses import dataclass
from typing import NoReturn

import aiomqtt

from .camera import SimulatedCamera
from .http import download, post
from .links import lose

UP = "snapcam/{sn}/up"
DOWN = "snapcam/{sn}/down"
FIRST_RETRY = 1.0
LONGEST_RETRY = 30.0
REFUSED_SUBSCRIPTION = 0x80


@dataclass(frozen=True, kw_only=True)
class Broker:
    """Where the broker is, and how to log in."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    cafile: str | None = None
    """The certificates to check the broker's by; without them there is no TLS."""


async def run_camera(
    camera: SimulatedCamera,
    broker: Broker,
    *,
    up: str = UP,
    down: str = DOWN,
    snapshot_every: float | None = None,
) -> NoReturn:
    """Keep a camera connected until cancelled; it outlives its connections."""
    up, down = (topic.replace("{sn}", camera.sn) for topic in (up, down))
    address = f"{broker.host}:{broker.port}"
    retry = FIRST_RETRY
    camera.post, camera.download = post, download
    while True:
        pause = retry
        try:
            async with _connect(camera, broker) as client:
                retry = pause = FIRST_RETRY
                camera.log.info("connected to %s", address)
                async with asyncio.timeout(_flap(camera, 0)):
                    await _talk(camera, client, up, down, snapshot_every)
        except* aiomqtt.MqttError as errors:
            retry = min(retry * 2, LONGEST_RETRY)
            camera.log.info("no connection to %s: %s", address, _reason(errors))
        except* TimeoutError:
            pause = _flap(camera, 1) or FIRST_RETRY
            camera.log.info("disconnected, as the fault flapping wants it")
        camera.publish = lose
        camera.log.info("offline, reconnecting in %g s", pause)
        await asyncio.sleep(pause)


def _connect(camera: SimulatedCamera, broker: Broker) -> aiomqtt.Client:
    """Return the connection of one camera, still to be opened."""
    tls = aiomqtt.TLSParameters(ca_certs=broker.cafile) if broker.cafile else None
    return aiomqtt.Client(
        broker.host,
        broker.port,
        username=broker.username,
        password=broker.password,
        tls_params=tls,
        identifier=f"snapcam-simulator-{camera.sn}",
        protocol=aiomqtt.ProtocolVersion.V311,
    )


async def _talk(
    camera: SimulatedCamera,
    client: aiomqtt.Client,
    up: str,
    down: str,
    snapshot_every: float | None,
) -> None:
    """Carry messages both ways until the connection breaks."""

    async def publish(payload: bytes, /, *, retain: bool) -> None:
        await client.publish(up, payload, qos=1, retain=retain)

    if REFUSED_SUBSCRIPTION in await client.subscribe(down, qos=1):
        raise aiomqtt.MqttError(f"The broker refused the subscription to {down}")
    camera.publish = publish
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(camera.run(snapshot_every=snapshot_every))
        async for message in client.messages:
            # Not awaited: a late answer or a reboot must not hold up what comes next.
            tasks.create_task(camera.handle(message.payload))


def _flap(camera: SimulatedCamera, phase: int) -> float | None:
    """Return how long the camera is to be online (0) or offline (1)."""
    return camera.faults.flapping[phase] if camera.faults.flapping else None


def _reason(errors: BaseException) -> BaseException:
    """Return the first plain error of a group."""
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return errors
