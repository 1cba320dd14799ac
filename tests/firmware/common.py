"""What the tests of firmware do again and again."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..broker import Broker
from ..common import call
from ..const import CAMERA, UPDATE
from ..simulator import SimulatedCamera, UpgradeFault

PACKAGE = bytes(range(256)) * 400


async def offer(hass: HomeAssistant, media: Path, **data: Any) -> None:
    """Offer a firmware by the action."""
    hass.config.allowlist_external_dirs = {str(media)}
    path = media / "fw 1.4.2.bin"
    path.write_bytes(PACKAGE)
    await call(
        hass,
        "snapcam.offer_firmware",
        CAMERA,
        **{"version": "1.4.2", "filename": str(path), **data},
    )


async def offer_large(hass: HomeAssistant, media: Path) -> None:
    """Offer a firmware that is not sent in one go."""
    (media / "large.bin").write_bytes(PACKAGE * 320)
    await offer(hass, media, filename=str(media / "large.bin"))


async def install(hass: HomeAssistant) -> None:
    """Install what is offered."""
    await call(hass, "update.install", UPDATE)


async def begin(hass: HomeAssistant, broker: Broker) -> asyncio.Task[None]:
    """Return an install that the camera was told of."""
    installing = asyncio.create_task(install(hass))
    await broker.settle()
    return installing


def shown(hass: HomeAssistant) -> tuple[str, str, str, bool]:
    """Return what the update entity shows."""
    update = hass.states.get(UPDATE)
    assert update is not None
    attributes = update.attributes
    return (
        update.state,
        attributes["installed_version"],
        attributes["latest_version"],
        attributes["in_progress"],
    )


async def over(camera: SimulatedCamera) -> None:
    """Wait until the camera has done what it does with a package."""
    match camera.faults.upgrade:
        case UpgradeFault.REFUSE | UpgradeFault.IGNORE:
            """It does nothing."""
        case _:
            await camera.upgrade_over.wait()


def failure(
    issue_registry: ir.IssueRegistry, entry: MockConfigEntry
) -> ir.IssueEntry | None:
    """Return the repair that tells of an install that failed."""
    return issue_registry.async_get_issue("snapcam", f"install_failed_{entry.entry_id}")
