"""The messages that are measured, to whom they go, and what is compared."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .report import Ratio
from .stage import heartbeat, picture, upload

SN = "200000000001"
"""Keeps its pictures as every camera does."""

SN_ONE = "200000000002"
"""Keeps one picture."""

HEARTBEATS_PER_SECOND = 300
SIZES = {"20 kB": (20_000, 40), "200 kB": (200_000, 20), "2 MB": (2_000_000, 3)}
"""The bytes of a picture, and how many are sent in a second."""

AT_ONCE = 20
STREAM = f"200 kB, {AT_ONCE} at once"

IGNORED = "heartbeat: nothing done"
ANSWERED = "heartbeat: only answered"
BINARY_SENSOR = "heartbeat: MQTT binary_sensor"
HEARTBEAT = "heartbeat: SnapCam"
MQTT_CAMERA = "MQTT camera"
MQTT_IMAGE = "MQTT image"
LEAST = "the least there is to do"
MQTT, HTTP = "SnapCam by MQTT", "SnapCam by HTTP"
MQTT_ONE, HTTP_ONE = f"{MQTT}, history off", f"{HTTP}, history off"
MQTT_UNSYNCED = f"{MQTT}, nothing synced"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of message to one listener."""

    name: str
    to: str
    """A topic, or the address it is posted to."""
    per_second: int
    message: Callable[[int], str]
    answered: bool = False
    at_once: int = 1
    """How many are sent without a pause."""
    synced: bool = True
    """Whether a sync does anything meanwhile."""

    @property
    def posted(self) -> bool:
        """Return whether it goes by HTTP."""
        return self.to.startswith("http://")


def bare(_number: int, data: str) -> str:
    """Return a picture as an MQTT camera takes it."""
    return data


def scenarios(addresses: dict[str, str]) -> list[Scenario]:
    """Return what is measured."""
    listed = heartbeats()
    for size, (length, per_second) in SIZES.items():
        data = base64.b64encode(picture(length)).decode()
        listed += pictures(size, per_second, data, addresses)
    return listed + streams()


def heartbeats() -> list[Scenario]:
    """Return who hears heartbeats."""
    return [
        Scenario(
            name=name,
            to=to,
            per_second=HEARTBEATS_PER_SECOND,
            message=partial(heartbeat, sn=SN),
            answered=answered,
        )
        for name, to, answered in (
            (IGNORED, f"ignore/{SN}/up", False),
            (ANSWERED, f"answer/{SN}/up", True),
            (BINARY_SENSOR, "bench/alive", False),
            (HEARTBEAT, f"snapcam/{SN}/up", True),
        )
    ]


def pictures(
    size: str, per_second: int, data: str, addresses: dict[str, str]
) -> list[Scenario]:
    """Return who gets pictures of one size."""
    listed = [
        Scenario(
            name=f"{size}: {name}",
            to=f"bench/{name}",
            per_second=per_second,
            message=partial(bare, data=data),
        )
        for name in (MQTT_CAMERA, MQTT_IMAGE)
    ]
    return listed + [
        Scenario(
            name=f"{size}: {name}",
            to=to,
            per_second=per_second,
            message=partial(upload, sn=sn, data=data),
            answered=True,
        )
        for name, to, sn in (
            (LEAST, f"least/{SN}/up", SN),
            (MQTT, f"snapcam/{SN}/up", SN),
            (HTTP, addresses[SN], SN),
            (MQTT_ONE, f"snapcam/{SN_ONE}/up", SN_ONE),
            (HTTP_ONE, addresses[SN_ONE], SN_ONE),
        )
    ]


def streams() -> list[Scenario]:
    """Return who gets pictures that wait for each other."""
    length, per_second = SIZES["200 kB"]
    data = base64.b64encode(picture(length)).decode()
    return [
        Scenario(
            name=f"{STREAM}: {name}",
            to=to,
            per_second=per_second,
            message=partial(upload, sn=SN, data=data),
            answered=True,
            at_once=AT_ONCE,
            synced=synced,
        )
        for name, to, synced in (
            (LEAST, f"least/{SN}/up", True),
            (MQTT, f"snapcam/{SN}/up", True),
            (MQTT_UNSYNCED, f"snapcam/{SN}/up", False),
        )
    ]


def ratios() -> list[Ratio]:
    """Return what is compared, and what it should be at most."""
    compared = [
        Ratio(HEARTBEAT, ANSWERED, 1.15),
        Ratio(HEARTBEAT, IGNORED),
        Ratio(HEARTBEAT, BINARY_SENSOR),
    ]
    for size in SIZES:
        off, on, least = (0.9, 1.4, 1.1) if size == "200 kB" else (None, None, None)
        for name, target in ((MQTT_ONE, off), (HTTP_ONE, off), (MQTT, on), (HTTP, on)):
            compared.append(Ratio(f"{size}: {name}", f"{size}: {MQTT_CAMERA}", target))
        compared += [
            Ratio(f"{size}: {MQTT}", f"{size}: {MQTT_IMAGE}"),
            Ratio(f"{size}: {MQTT}", f"{size}: {LEAST}", least),
            Ratio(f"{size}: {LEAST}", f"{size}: {MQTT_CAMERA}"),
        ]
    return [
        *compared,
        Ratio(f"{STREAM}: {MQTT}", f"{STREAM}: {MQTT_UNSYNCED}", 1.2),
        Ratio(f"{STREAM}: {MQTT}", f"{STREAM}: {LEAST}"),
    ]
