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

from . import flows, showcase
from .broker import MqttBroker
from .cameras import Cameras
from .home import Home
from .process import ROOT, ServerError, free_port, is_free
from .texts import ENGLISH, LANGUAGES, Texts

FOLDER = ROOT / "demo"
PORT = 8123
PORTS_TRIED = 10
HIGHEST_PORT = 65535
USER = "demo"
ANOTHER_SN = "200000000003"


def main(folder: Path) -> int:
    """Run the demo until Ctrl-C or SIGTERM, and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--port", type=port_number, default=PORT, metavar="N")
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH.language)
    options = parser.parse_args()
    texts = LANGUAGES[options.language]
    try:
        with claimed(folder, texts):
            asyncio.run(until_told_to_stop(folder, options.port, texts))
    except ServerError as err:
        print(texts.failed.format(reason=err), file=sys.stderr)
        return 1
    return 0


def port_number(text: str) -> int:
    """Return the port a text means.

    Raises:
        ArgumentTypeError: It means none.
    """
    if not text.isdecimal() or not 1 <= int(text) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"not a port from 1 to {HIGHEST_PORT}: {text}")
    return int(text)


@contextmanager
def claimed(folder: Path, texts: Texts) -> Generator[None]:
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
        yield
    except BlockingIOError:
        raise ServerError(texts.runs_already) from None
    finally:
        os.close(lock)


async def until_told_to_stop(folder: Path, port: int, texts: Texts) -> None:
    """Run the demo until a signal asks to stop."""
    demo = asyncio.create_task(run(folder, port, texts))
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({demo, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if demo.done():
        demo.result()
    say(texts.stopping)
    demo.cancel()
    await asyncio.wait({demo})
    say(texts.stopped)


async def run(folder: Path, wanted: int, texts: Texts) -> None:
    """Start everything, and keep it running."""
    async with AsyncExitStack() as stack:
        broker = MqttBroker.below(folder)
        stack.push_async_callback(broker.stop)
        say(texts.starting_broker, port=broker.camera_port)
        await broker.start()

        port = choose_port(wanted)
        if port != wanted:
            say(texts.other_port, wanted=wanted, port=port)
        home = Home(
            folder,
            port,
            name=texts.home,
            language=texts.language,
        )
        stack.push_async_callback(home.close)
        say(texts.starting_home, version=version("homeassistant"))
        await home.start()
        await home.api.create_owner(texts.owner, USER, USER, language=texts.language)
        await home.until_running()

        say(texts.setting_up)
        await flows.add_mqtt(home.api, broker.home_port)
        cameras = Cameras(broker.camera_port)
        stack.push_async_callback(cameras.stop_all)
        await showcase.build(home, cameras, texts)
        welcome = texts.welcome.format(
            url=home.api.url, user=USER, port=broker.camera_port, sn=ANOTHER_SN
        )
        print(welcome, flush=True)
        await home.run()


def choose_port(wanted: int) -> int:
    """Return the port that is wanted, or another one if that cannot be had."""
    ports = range(wanted, min(wanted + PORTS_TRIED, HIGHEST_PORT + 1))
    return next((port for port in ports if is_free(port)), None) or free_port()


def say(text: str, **values: object) -> None:
    """Tell people what goes on."""
    print(f"==> {text.format(**values)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(FOLDER))
