"""A cluster of RabbitMQ on this machine, and what is in front of it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import os
from pathlib import Path
from typing import Self

from tests.live.process import HOST, ROOT, Server, ServerError, free_port, listens

UNPACKED = ROOT / ".cache/rabbitmq/usr/lib"
NODES = 3
START_SECONDS = 120.0
CHUNK = 65536

CONFIGURATION = """\
listeners.tcp = none
mqtt.listeners.tcp.1 = {host}:{port}
mqtt.allow_anonymous = true
mqtt.max_packet_size_authenticated = 16777216
anonymous_login_user = guest
anonymous_login_pass = guest
"""


class Node:
    """One node of a cluster: it is on this machine, with files of its own."""

    def __init__(self, folder: Path, name: str, names: Sequence[str], epmd: int):
        """Initialize with the nodes there are, and where they ask for each other."""
        folder.mkdir()
        self.port = free_port()
        configuration = CONFIGURATION.format(host=HOST, port=self.port) + "".join(
            f"cluster_formation.classic_config.nodes.{number} = {other}\n"
            for number, other in enumerate(names, 1)
        )
        file = folder / "rabbitmq.conf"
        file.write_text(configuration)
        home = one(UNPACKED, "rabbitmq/lib/rabbitmq_server-*")
        self._server = erlang(
            name,
            "erlexec",
            *("-noinput", "-s", "rabbit", "boot", "-boot", "start_sasl"),
            *("-setcookie", "snapcam", "-start_epmd", "false"),
            *("-kernel", "prevent_overlapping_partitions", "false"),
            folder=folder,
            epmd=epmd,
            ERL_LIBS=home / "plugins",
            RABBITMQ_HOME=home,
            RABBITMQ_PLUGINS_DIR=home / "plugins",
            RABBITMQ_ENABLED_PLUGINS="rabbitmq_mqtt",
            RABBITMQ_ENABLED_PLUGINS_FILE=folder / "enabled_plugins",
            RABBITMQ_CONFIG_FILE=file,
            RABBITMQ_NODENAME=name,
            RABBITMQ_DIST_PORT=free_port(),
            RABBITMQ_MNESIA_BASE=folder / "data",
            RABBITMQ_LOG_BASE=folder,
            RABBITMQ_LOGS="-",
        )

    @property
    def pid(self) -> int:
        """Return its process."""
        return self._server.pid

    async def start(self) -> None:
        """Start it, or start it again, and wait until it takes connections."""
        await self._server.start(self._is_ready, START_SECONDS)

    async def stop(self) -> None:
        """Stop it."""
        await self._server.stop()

    async def kill(self) -> None:
        """End it without a warning."""
        await self._server.kill()

    async def _is_ready(self) -> bool:
        """Return whether it accepts connections; it has joined the others then."""
        return await listens(self.port)


class Cluster:
    """Nodes that find each other by themselves when they start."""

    def __init__(self, folder: Path) -> None:
        """Initialize with an empty folder.

        Raises:
            ServerError: RabbitMQ is not there.
        """
        if not UNPACKED.exists():
            raise ServerError("RabbitMQ is missing. Run: script/setup rabbitmq")
        epmd = free_port()
        self._epmd_port = epmd
        self._epmd = erlang("epmd", "epmd", folder=folder, epmd=epmd)
        names = [f"snapcam{number}@localhost" for number in range(1, NODES + 1)]
        self.nodes = [
            Node(folder / name.partition("@")[0], name, names, epmd) for name in names
        ]

    async def __aenter__(self) -> Self:
        """Start all nodes; none is left if one does not start."""
        try:
            await self._epmd.start(self._finds_nodes, START_SECONDS)
            async with asyncio.TaskGroup() as tasks:
                for node in self.nodes:
                    tasks.create_task(node.start())
        except BaseException:
            await self._kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End all: what they have stored is of no use to anybody."""
        await self._kill()

    async def _kill(self) -> None:
        """End all processes."""
        for node in self.nodes:
            await node.kill()
        await self._epmd.kill()

    async def _finds_nodes(self) -> bool:
        """Return whether nodes can ask for each other."""
        return await listens(self._epmd_port)


class Balancer:
    """One address for a cluster: who connects gets the first node that is there."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        """Initialize with the nodes, the nearest one first."""
        self.port = free_port()
        self._nodes = nodes
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        """Take connections."""
        self._server = await asyncio.start_server(self._connect, HOST, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        if self._server is not None:
            self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry what is sent in a connection until one of its ends is closed."""
        for node in self._nodes:
            with suppress(OSError):
                there_reader, there = await asyncio.open_connection(HOST, node.port)
                break
        else:
            writer.transport.abort()
            return
        ends = {writer, there}
        self._ends |= ends
        ways = [
            asyncio.create_task(carry(reader, there)),
            asyncio.create_task(carry(there_reader, writer)),
        ]
        try:
            # Half a connection is of no use to MQTT.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for end in ends:
                end.transport.abort()
            self._ends -= ends


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one direction of a connection until it is closed."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


def erlang(
    name: str,
    program: str,
    *arguments: str,
    folder: Path,
    epmd: int,
    **environment: object,
) -> Server:
    """Return a server of Erlang's that speaks to this machine only."""
    root = UNPACKED / "erlang"
    programs = one(root, "erts-*") / "bin"
    settings = {
        "PATH": f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": folder,
        "LANG": "C.UTF-8",
        "ROOTDIR": root,
        "BINDIR": programs,
        "EMU": "beam",
        "PROGNAME": "erl",
        "ERL_AFLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": epmd,
        **environment,
    }
    return Server(
        name,
        *("env", "-i", *(f"{key}={value}" for key, value in settings.items())),
        programs / program,
        *arguments,
        log=folder / f"{program}.log",
    )


def one(folder: Path, pattern: str) -> Path:
    """Return what is there once, whatever its version."""
    (found,) = folder.glob(pattern)
    return found
