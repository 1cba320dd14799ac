"""A line between two places that can be cut, as mobile networks do it."""

import asyncio
from contextlib import suppress

from .process import HOST


class Line:
    """Carry what is sent from a port of our own to another one and back."""

    def __init__(self, port: int, to: int) -> None:
        """Initialize with both ports, and nobody at the one of our own."""
        self.port = port
        self._to = to
        self._server: asyncio.Server | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self._is_cut = False
        self.carried = 0
        """The bytes that have arrived, of both directions."""

    async def mend(self) -> None:
        """Take connections; those from before are gone for good."""
        self._drop()
        self._is_cut = False
        self._server = await asyncio.start_server(self._connect, HOST, self.port)

    async def cut(self) -> None:
        """Lose all that is sent, without telling anybody; take no new connections."""
        self._is_cut = True
        if self._server is not None:
            self._server.close()
            self._server = None

    async def close(self) -> None:
        """End it."""
        await self.cut()
        self._drop()

    def _drop(self) -> None:
        """Close all connections."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry what is sent in a connection until one of its ends is closed."""
        self._ends.append(writer)
        with suppress(OSError):
            there_reader, there = await asyncio.open_connection(HOST, self._to)
            self._ends.append(there)
            with suppress(asyncio.CancelledError):
                await asyncio.gather(
                    self._carry(reader, there), self._carry(there_reader, writer)
                )

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one direction, and close it when there is no more."""
        with suppress(OSError):
            while data := await reader.read(65536):
                if not self._is_cut:
                    writer.write(data)
                    await writer.drain()
                    self.carried += len(data)
        if not self._is_cut:
            writer.close()
