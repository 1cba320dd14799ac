"""Have Home Assistant's own Marketplace install a release, as from GitHub.

It came with Home Assistant 2026.11, so this runs in that one's environment, and not
among the project's own modules (-P), where the integration would be found, too:

    .venv-hass/bin/python -P tests/marketplace.py CONFIGURATION PACKAGE VERSION
"""

import asyncio
import json
from pathlib import Path
import sys
from types import SimpleNamespace
from typing import Any, override

from aiohttp import ThreadedResolver
from homeassistant import loader
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.marketplace.base import MarketplaceManager
from homeassistant.components.marketplace.enums import RepositoryCategory
from homeassistant.components.marketplace.utils.url import RemoteFile
from homeassistant.components.marketplace.utils.validate import (
    VALIDATE_FETCHED_V2_REPO_DATA,
)
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client, entity, issue_registry as ir

ROOT = Path(__file__).parents[1]
REPOSITORY = "snapcam/snapcam"
CATEGORY = RepositoryCategory.INTEGRATION


class Catalog:
    """The catalog, with this one integration in it."""

    def __init__(self, version: str) -> None:
        """Initialize with the version that was released last."""
        manifest = json.loads(
            (ROOT / "custom_components/snapcam/manifest.json").read_text()
        )
        self._entry = {
            "description": "Snapshot cameras for Home Assistant",
            "domain": manifest["domain"],
            "etag_repository": "1",
            "full_name": REPOSITORY,
            "last_fetched": 1,
            "last_updated": "2027-01-01T00:00:00Z",
            "last_version": version,
            "manifest": json.loads((ROOT / "hacs.json").read_text()),
            "manifest_name": manifest["name"],
        }

    async def async_get_category(self, category: str) -> dict[str, Any]:
        """Return what is left when it is read as the real one is."""
        return {"1": VALIDATE_FETCHED_V2_REPO_DATA[category](self._entry)}


class Marketplace(MarketplaceManager):
    """The Marketplace, with the files of a release where it looks for GitHub."""

    def __init__(self, hass: HomeAssistant, package: Path, version: str) -> None:
        """Initialize as when nobody has set anything up in it."""
        super().__init__(hass, SimpleNamespace(options={}, data={}))
        self.data_client = Catalog(version)
        self._files = {
            f"{REPOSITORY}/releases/download/{version}/snapcam.zip": package,
            f"{REPOSITORY}/{version}/hacs.json": ROOT / "hacs.json",
            f"{REPOSITORY}/{version}/custom_components/snapcam/manifest.json": (
                ROOT / "custom_components/snapcam/manifest.json"
            ),
        }

    @override
    async def async_download_file(
        self, remote_file: RemoteFile | None, **options: object
    ) -> bytes | None:
        """Return a file of the release or of the repository at its tag."""
        return self._files[remote_file.path].read_bytes()


async def install(configuration: Path, package: Path, version: str) -> dict[str, Any]:
    """Install the release, and return what people are shown of it."""
    hass = HomeAssistant(str(configuration))
    hass.config_entries = ConfigEntries(hass, {})
    # Nobody is asked for an address: that would need zeroconf, and the network.
    hass.data[aiohttp_client.DATA_RESOLVER] = ThreadedResolver()
    hass.data[LOVELACE_DATA] = SimpleNamespace(resource_mode="storage")
    entity.async_setup(hass)
    loader.async_setup(hass)
    await ir.async_load(hass)
    marketplace = Marketplace(hass, package, version)
    marketplace.enable_category(CATEGORY)
    await marketplace.async_get_category_repositories_from_catalog(CATEGORY)
    repository = marketplace.repositories.get_by_full_name(REPOSITORY)
    await repository.async_install_repository()
    found = (await loader.async_get_custom_components(hass))["snapcam"]
    await hass.async_stop(force=True)
    return {
        "name": repository.display_name,
        "installed": repository.display_installed_version,
        "config_flow": repository.data.config_flow,
        "settings": repository.repository_manifest.manifest,
        "loaded": str(found.version),
    }


if __name__ == "__main__":
    shown = install(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    json.dump(asyncio.run(shown), sys.stdout)
