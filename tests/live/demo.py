"""A Home Assistant to try things out in, with two simulated cameras.

Everything is made anew at each start, below the folder demo.
"""

import argparse
import asyncio
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
import fcntl
from importlib.metadata import version
import os
from pathlib import Path
import shutil
import signal
import sys

from . import dashboard, flows
from .broker import MqttBroker
from .cameras import Cameras, until_heard
from .home import Home
from .process import ROOT, ServerError, free_port, is_free

FOLDER = ROOT / "demo"
PORT = 8123
PORTS_TRIED = 10
CAMERAS = {"200000000001": "Front gate", "200000000002": "Workshop"}
SNAPSHOT_SECONDS = 60.0
USER = "demo"


def main() -> int:
    """Run the demo until Ctrl-C or SIGTERM, and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, metavar="N")
    options = parser.parse_args()
    try:
        with claimed(FOLDER) as folder:
            asyncio.run(until_told_to_stop(folder, options.port))
    except ServerError as err:
        print(f"Failed: {err}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def claimed(folder: Path) -> Generator[Path]:
    """Empty a folder that no other demo uses.

    Raises:
        ServerError: Another demo uses it.
    """
    folder.mkdir(exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield folder
    except BlockingIOError:
        raise ServerError("the demo runs already. End that one with Ctrl-C.") from None
    finally:
        os.close(lock)


async def until_told_to_stop(folder: Path, port: int) -> None:
    """Run the demo until a signal asks to stop."""
    demo = asyncio.create_task(run(folder, port))
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({demo, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if demo.done():
        demo.result()
    say("Stopping")
    demo.cancel()
    await asyncio.wait({demo})
    say("Stopped")


async def run(folder: Path, port: int) -> None:
    """Start everything, and keep it running."""
    async with AsyncExitStack() as stack:
        broker = MqttBroker.below(folder)
        stack.push_async_callback(broker.stop)
        say(f"Starting an MQTT broker on port {broker.camera_port}")
        await broker.start()

        home = Home(folder, choose_port(port), name="SnapCam demo")
        stack.push_async_callback(home.close)
        say(f"Starting Home Assistant {version('homeassistant')}")
        await home.start()
        say("Setting it up")
        await home.api.create_owner("Demo", USER, USER)
        await home.until_running()
        await flows.add_mqtt(home.api, broker.home_port)

        cameras = Cameras(broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        entities = {
            name: await add_camera(home, cameras, sn, name)
            for sn, name in CAMERAS.items()
        }
        say("Making the dashboard")
        await dashboard.create(home.api, entities)
        welcome(home.api.url, broker.camera_port)
        await home.run()


async def add_camera(
    home: Home, cameras: Cameras, sn: str, name: str
) -> dict[str, str]:
    """Switch a camera on, add it, have it send a picture; return its entities."""
    say(f"Adding camera {sn}, {name}")
    camera = await cameras.start(sn, snapshot_every=SNAPSHOT_SECONDS)
    await flows.add_camera(home.api, sn, name)
    await until_heard(camera)
    await camera.wait_answer(await camera.send_snapshot())
    entities = await home.api.entities(sn)
    # Nobody knows the lines until they are set, and a demo should not begin like that.
    await home.api.act("switch.turn_off", entities["switch.io0"])
    return entities


def choose_port(wanted: int) -> int:
    """Return the port that is wanted, or another one if somebody uses it."""
    ports = range(wanted, wanted + PORTS_TRIED)
    port = next((port for port in ports if is_free(port)), None) or free_port()
    if port != wanted:
        say(f"Port {wanted} is in use, so it is port {port}")
    return port


def welcome(url: str, broker_port: int) -> None:
    """Tell people what to do now."""
    print(f"""
  Open         {url}
  Log in       not needed on this machine; else user {USER}, password {USER}
  More cameras script/simulate --port {broker_port} --sn 200000000003
  End it       Ctrl-C
""")


def say(text: str) -> None:
    """Tell people what goes on."""
    print(f"==> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
