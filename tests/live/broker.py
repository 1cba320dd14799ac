"""An MQTT broker: Mosquitto, or the one from PyPI where there is no Mosquitto."""

import os
from pathlib import Path
import shutil
from typing import Self

from .process import HOST, ROOT, Server, ServerError, free_port, listens

START_SECONDS = 20.0
IOTCORE = ROOT / ".venv-broker/bin/iotcore"

MOSQUITTO_CONFIG = """\
listener {port} {host}
allow_anonymous true
set_tcp_nodelay true
"""

# It speaks each version of MQTT on a port of its own.
IOTCORE_CONFIG = """\
id = 0

[router]
id = 0
max_connections = 100
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10
"""
IOTCORE_LISTENER = """
[v{version}.listener]
name = "mqtt{version}"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[v{version}.listener.connections]
connection_timeout_ms = 60000
max_payload_size = 16777216
max_inflight_count = 100
dynamic_filters = true
"""


class MqttBroker:
    """A broker on this machine, for everybody on it."""

    def __init__(self, server: Server, *, camera_port: int, home_port: int) -> None:
        """Initialize with its process and its ports."""
        self._server = server
        self.camera_port = camera_port
        """Where MQTT 3.1.1 is spoken, as cameras do."""
        self.home_port = home_port
        """Where MQTT 5 is spoken, as Home Assistant does."""

    @classmethod
    def below(cls, folder: Path) -> Self:
        """Return a broker that keeps its files in a folder.

        Raises:
            ServerError: There is no broker to start.
        """
        if mosquitto := find_mosquitto():
            port = free_port()
            config = MOSQUITTO_CONFIG.format(host=HOST, port=port)
            return cls._make(folder, [mosquitto, "-c"], config, port, port)
        if os.environ.get("CI") == "true":
            raise ServerError("Mosquitto is missing: apt-get install mosquitto")
        if not IOTCORE.exists():
            raise ServerError("There is no MQTT broker. Run: script/setup broker")
        ports = free_port(), free_port()
        config = IOTCORE_CONFIG + "".join(
            IOTCORE_LISTENER.format(version=version, host=HOST, port=port)
            for version, port in zip((4, 5), ports, strict=True)
        )
        return cls._make(
            folder, [IOTCORE, "--log-level", "CRITICAL", "--config"], config, *ports
        )

    @classmethod
    def _make(
        cls,
        folder: Path,
        command: list[str | Path],
        config: str,
        camera_port: int,
        home_port: int,
    ) -> Self:
        """Write the configuration, and return the broker."""
        file = folder / "broker.toml"
        file.write_text(config)
        server = Server("The broker", *command, file, log=folder / "broker.log")
        return cls(server, camera_port=camera_port, home_port=home_port)

    async def start(self) -> None:
        """Start it on the same ports as before."""
        await self._server.start(self._is_ready, START_SECONDS)

    async def stop(self) -> None:
        """Stop it."""
        await self._server.stop()

    async def _is_ready(self) -> bool:
        """Return whether it accepts connections."""
        return await listens(self.camera_port) and await listens(self.home_port)


def find_mosquitto() -> str | None:
    """Return where Mosquitto is; Debian installs it off the path of plain users."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin"])
    return shutil.which("mosquitto", path=path)
