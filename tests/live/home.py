"""A Home Assistant of its own: a process, a configuration folder, an owner."""

import json
import os
from pathlib import Path
import shutil
from zoneinfo import available_timezones

from .api import DOMAIN, Api
from .process import HOST, ROOT, Server, ServerError, until

START_SECONDS = 120.0
RETRY_SECONDS = 30.0
"""What is set up too early is tried again, later each time."""

RESTART_CODE = 100
PYTHON = ROOT / ".venv-hass/bin/python"
INTEGRATION = ROOT / "custom_components" / DOMAIN

# Nobody needs to log in from this machine, but everybody can.
CONFIGURATION = """\
automation: !include automations.yaml
frontend:
history:
input_button:
logbook:
mobile_app:
timer:
homeassistant:
  name: {name}
  country: US
  language: {language}
  time_zone: {time_zone}
  internal_url: {url}
  auth_providers:
    - type: trusted_networks
      trusted_networks: [{host}/32]
      allow_bypass_login: true
    - type: homeassistant
  media_dirs:
    local: {media}
logger:
  default: warning
  logs:
    custom_components.snapcam: debug
"""

# Asked of a new user, and in part of the internet; only the user is created here.
ONBOARDING_STEPS = ["core_config", "analytics", "integration"]


class Home:
    """A Home Assistant with this integration in it."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        name: str,
        language: str = "en",
        package: Path | None = None,
    ) -> None:
        """Initialize with an empty folder, a free port and, if released, a package."""
        self.api = Api(f"http://{HOST}:{port}")
        self.log = folder / "hass.log"
        self.config = folder / "config"
        """Where it keeps its files; what is put there it finds when it looks."""
        self._write_configuration(
            port, name=name, language=language, time_zone=own_time_zone()
        )
        self._install(package)
        self._server = Server(
            "Home Assistant",
            PYTHON,
            *("-m", "homeassistant", "--config", self.config),
            *("--skip-pip", "--log-no-color"),
            log=self.log,
        )

    async def start(self) -> None:
        """Start it, and wait until it answers.

        Raises:
            ServerError: It does not come up.
        """
        if not PYTHON.exists():
            raise ServerError("Home Assistant is missing. Run: script/setup hass")
        await self._server.start(self.api.is_up, START_SECONDS)

    @property
    def pid(self) -> int:
        """Return its process."""
        return self._server.pid

    async def until_running(self) -> None:
        """Wait until everything in it is set up."""
        what = f"Home Assistant is not set up. See {self.log}"
        await until(self.api.is_running, what, seconds=START_SECONDS)

    async def run(self) -> None:
        """Start it again whenever somebody restarts it from its own menu.

        Raises:
            ServerError: It ended without being told to.
        """
        while (code := await self._server.wait()) == RESTART_CODE:
            await self.start()
        raise self._server.ended(code)

    async def stop(self) -> None:
        """Stop it."""
        await self._server.stop()

    def freeze(self) -> None:
        """Have it do nothing more, in the middle of what it does, until it is killed."""
        self._server.freeze()

    async def kill(self) -> None:
        """End it without a warning."""
        await self._server.kill()

    async def close(self) -> None:
        """Stop it for good."""
        await self.stop()
        await self.api.close()

    @property
    def media(self) -> Path:
        """Return its folder for media."""
        return self.config / "media"

    def pictures(self, sn: str) -> Path:
        """Return where it keeps the pictures of a camera."""
        return self.media / DOMAIN / sn

    async def offer_firmware(
        self, camera: str, content: bytes, version: str, **notes: str
    ) -> None:
        """Put a package into the media folder, and offer it to a camera."""
        path = self.media / f"firmware-{version}.bin"
        path.write_bytes(content)
        offer = {"version": version, "filename": str(path), **notes}
        await self.api.act(f"{DOMAIN}.offer_firmware", camera, **offer)

    async def has_stored(self, unique_id: str) -> bool:
        """Return whether an entry is written down, and so survives a power cut."""
        entries = self.config / ".storage" / "core.config_entries"
        return entries.exists() and unique_id in entries.read_text()

    def _write_configuration(self, port: int, **basics: str) -> None:
        """Write what it reads when it starts."""
        media = self.config / "media"
        for folder in (media, self.config / "www", self.config / ".storage"):
            folder.mkdir(parents=True)
        (self.config / "configuration.yaml").write_text(
            CONFIGURATION.format(url=self.api.url, host=HOST, media=media, **basics),
            encoding="utf-8",
        )
        (self.config / "automations.yaml").write_text("[]")
        self._store("http", 1, {"server_host": [HOST], "server_port": port})
        self._store("onboarding", 4, {"done": ONBOARDING_STEPS})

    def _install(self, package: Path | None) -> None:
        """Unpack the integration as HACS does, or have the one that is worked on."""
        integration = self.config / "custom_components" / DOMAIN
        integration.parent.mkdir()
        if package is None:
            integration.symlink_to(INTEGRATION)
        else:
            shutil.unpack_archive(package, integration)

    def _store(self, key: str, version: int, data: dict[str, object]) -> None:
        """Write one of the files in which it keeps what is set by hand."""
        (self.config / ".storage" / key).write_text(
            json.dumps({"version": version, "key": key, "data": data})
        )


def own_time_zone() -> str:
    """Return the name of this machine's time zone, in which the cameras are, too."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    name = os.environ.get("TZ") or linked
    return name if name in available_timezones() else "UTC"
