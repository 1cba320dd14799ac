"""Run simulated cameras from the command line."""

import argparse
import asyncio
from dataclasses import replace
import logging
import re
import signal
import sys

from .camera import SimulatedCamera
from .dialects import Dialect
from .faults import Faults, describe_faults
from .mqtt import DOWN, UP, Broker, run_camera

FIRST_SN = "200000000001"
UPGRADE_DOWNTIME = 5.0

_LOGGER = logging.getLogger(__package__)


def main() -> None:
    """Run the cameras until Ctrl-C or SIGTERM."""
    options = parse_arguments()
    logging.basicConfig(
        stream=sys.stdout,
        format="%(asctime)s  %(message)s",
        datefmt="%H:%M:%S",
        level=logging.WARNING,
    )
    _LOGGER.setLevel(logging.INFO)
    asyncio.run(simulate(options))
    _LOGGER.info("stopped")


async def simulate(options: argparse.Namespace) -> None:
    """Run the cameras until a signal asks to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(
                run_camera(
                    make_camera(sn, options),
                    Broker(
                        host=options.broker,
                        port=options.port,
                        username=options.username,
                        password=options.password,
                        cafile=options.cafile,
                    ),
                    up=options.up,
                    down=options.down,
                    snapshot_every=options.snapshot_every,
                )
            )
            for sn in options.sn
        ]
        await stop.wait()
        for task in running:
            task.cancel()


def make_camera(sn: str, options: argparse.Namespace) -> SimulatedCamera:
    """Return one camera as the options want it."""
    camera = SimulatedCamera(
        sn=sn,
        hb_interval=options.hb_interval,
        picture_size=options.size,
        faults=replace(options.faults),
    )
    camera.strict_clock = options.strict_clock
    camera.upgrade_downtime = UPGRADE_DOWNTIME
    camera.version = options.firmware_version
    camera.next_version = options.next_version
    return camera


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line, with `sn` and `faults` worked out."""
    parser = argparse.ArgumentParser(
        prog="script/simulate",
        description="Simulate snapshot cameras on an MQTT broker, until Ctrl-C.",
        epilog=f"faults:\n{describe_faults()}\n\nexample:\n  script/simulate"
        " --count 3 --snapshot-every 30 --fault clock_offset=600 --fault duplicate",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_broker_arguments(parser)
    _add_camera_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        dialect = [f"dialect={options.dialect}"] if options.dialect else []
        options.faults = Faults.parse([*options.fault, *dialect])
        options.sn = number_cameras(options.sn, options.count)
    except ValueError as err:
        parser.error(str(err))
    return options


def number_cameras(sns: list[str], count: int | None) -> list[str]:
    """Return the SNs as given, or so many of them counted up from the first.

    Raises:
        ValueError: An SN comes twice, or cannot be counted up.
    """
    if len(set(sns)) < len(sns):
        raise ValueError("An SN is given twice")
    if count is None:
        return sns
    number = re.search(r"\d+$", sns[0])
    if len(sns) > 1 or number is None:
        raise ValueError("--count needs exactly one --sn, which ends in a digit")
    digits = number.group()
    return [
        f"{sns[0].removesuffix(digits)}{int(digits) + i:0{len(digits)}}"
        for i in range(count)
    ]


def picture_size(text: str) -> tuple[int, int]:
    """Return the size that a text like 640x360 gives."""
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size like 640x360")
    return int(match[1]), int(match[2])


def above_zero(text: str) -> int:
    """Return a whole number of at least one."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _add_broker_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the broker is and what is said where."""
    add = parser.add_argument_group("broker").add_argument
    shown = "default: %(default)s"
    add("--broker", default="127.0.0.1", metavar="HOST", help=shown)
    add("--port", type=above_zero, default=1883, metavar="N", help=shown)
    add("--username", metavar="NAME", help="log in with this name")
    add("--password", metavar="TEXT", help="and this password")
    cafile = "connect by TLS, and check the broker by the certificates in this file"
    add("--cafile", metavar="FILE", help=cafile)
    add("--up", default=UP, metavar="TOPIC", help=f"cameras publish here ({shown})")
    add("--down", default=DOWN, metavar="TOPIC", help=f"cameras listen here ({shown})")


def _add_camera_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which cameras there are and what they do."""
    add = parser.add_argument_group("cameras").add_argument
    ways = f"how the cameras write their messages: {', '.join(Dialect)}"
    add("--dialect", choices=list(Dialect), metavar="DIALECT", help=ways)
    sns = f"serial numbers, one camera each (default: {FIRST_SN})"
    add("--sn", nargs="+", default=[FIRST_SN], metavar="SN", help=sns)
    count = "simulate N cameras, their SNs counted up from the one given"
    add("--count", type=above_zero, metavar="N", help=count)
    interval = "time between heartbeats until the server sets it (default: 60)"
    add("--hb-interval", type=above_zero, default=60, metavar="SECONDS", help=interval)
    every = "upload a snapshot this often (default: only when asked)"
    add("--snapshot-every", type=above_zero, metavar="SECONDS", help=every)
    size = "size of the pictures (default: 640x360)"
    add("--size", type=picture_size, default=(640, 360), metavar="WxH", help=size)
    version = "tell this version of the firmware (default: tell none)"
    add("--firmware-version", metavar="TEXT", help=version)
    version = "and this one after an upgrade (default: the same as before)"
    add("--next-version", metavar="TEXT", help=version)
    strict = "refuse requests more than five minutes off the camera's clock"
    add("--strict-clock", action="store_true", help=strict)
    fault = "what every camera does wrong, see below; may be repeated"
    add("--fault", action="append", default=[], metavar="NAME[=VALUE]", help=fault)


if __name__ == "__main__":
    main()
