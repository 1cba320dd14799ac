"""Child processes, their ports, and waiting for what they do."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import cycle
import os
from pathlib import Path
from random import sample
import re
import signal
import socket

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30.0
POLL_SECONDS = 0.1

FIRST_PORT = 20_000
PORTS = 500
PLACES = cycle(sample(range(PORTS), PORTS))
WORKERS = 16


class ServerError(Exception):
    """Raised when a server does not do what it is there for; says what to look at."""


async def until[T](
    probe: Callable[[], Awaitable[T | None]], what: str, *, seconds: float = 10.0
) -> T:
    """Return what a probe finds, as soon as that is neither empty nor false.

    Raises:
        ServerError: It has found nothing for so many seconds.
    """
    try:
        async with asyncio.timeout(seconds):
            while not (found := await probe()):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise ServerError(f"Waited {seconds:g} s in vain: {what}") from None
    return found


def free_port() -> int:
    """Return a port that nobody listens on.

    It is none that the system gives to a connection by itself, so that it is still
    free when its server starts again, nor one of another process of these tests, nor
    one that was returned before, whose server may not have started yet.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker % WORKERS * PORTS
    return next(port for place in PLACES if is_free(port := first + place))


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


async def listens(port: int) -> bool:
    """Return whether a server accepts connections on a port."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


def reset_peak(pid: int) -> int:
    """Have the peak of a process's memory begin anew, and return its memory in KiB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return kib(pid, "VmRSS")


def kib(pid: int, name: str) -> int:
    """Return what the kernel says of a process's memory."""
    match = re.search(
        rf"^{name}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE
    )
    assert match is not None
    return int(match[1])


class Server:
    """A server in a process of its own, with a log that outlives its restarts."""

    def __init__(self, name: str, *command: str | Path, log: Path) -> None:
        """Initialize with what people call it, and the command that starts it."""
        self._name = name
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self.log = log

    @property
    def pid(self) -> int:
        """Return its process, which must run."""
        assert self._process is not None
        return self._process.pid

    async def start(self, ready: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """Start it, and wait until it is ready.

        Raises:
            ServerError: It ended, or is not ready in time.
        """
        with self.log.open("ab") as log:
            # A Ctrl-C is for us alone: we end our children in the right order.
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # Python looks for modules here first: not among those of the project.
                cwd=self.log.parent,
            )
        process = self._process

        async def ended_or_ready() -> bool:
            return process.returncode is not None or await ready()

        what = f"{self._name} is not ready. See {self.log}"
        await until(ended_or_ready, what, seconds=seconds)
        if process.returncode is not None:
            raise self.ended(process.returncode)

    async def wait(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        return await self._process.wait() if self._process else 0

    def ended(self, code: int) -> ServerError:
        """Return what to raise when it ends without being told to."""
        return ServerError(f"{self._name} ended with code {code}. See {self.log}")

    async def stop(self) -> None:
        """End it the polite way.

        Raises:
            ServerError: It had to be killed.
        """
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._end(signal.SIGTERM)
        except TimeoutError:
            await self.kill()
            raise ServerError(f"{self._name} did not stop. See {self.log}") from None

    def freeze(self) -> None:
        """Have the kernel give it no more time."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    async def kill(self) -> None:
        """End it without a warning, as a power cut does."""
        await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> None:
        """Send a signal, if it runs, and wait for its end."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            await self._process.wait()
