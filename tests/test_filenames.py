"""Where an action may write a picture to, and take a firmware from."""

import os
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from .common import call
from .const import CAMERA
from .simulator import SimulatedCamera

WAYS_OUT = ["pipe", "to a pipe", "to a new file", "to an old file", "loop", "../old"]

type Action = tuple[str, dict[str, Any]]

TAKE: Action = ("snapcam.take_snapshot", {})
OFFER: Action = ("snapcam.offer_firmware", {"version": "1"})


@pytest.fixture
def allowed(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return the folder that may be used, with all kinds of ways out of it."""
    outside, folder = tmp_path / "outside", tmp_path / "outside" / "allowed"
    folder.mkdir(parents=True)
    (outside / "old").write_bytes(b"old")
    os.mkfifo(folder / "pipe")
    (folder / "to a pipe").symlink_to(folder / "pipe")
    (folder / "to a new file").symlink_to(outside / "new")
    (folder / "to an old file").symlink_to(outside / "old")
    (folder / "loop").symlink_to(folder / "loop")
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.mark.parametrize("name", WAYS_OUT)
@pytest.mark.parametrize(("action", "data"), [TAKE, OFFER], ids=["take", "offer"])
async def test_no_way_out(
    hass: HomeAssistant,
    online: SimulatedCamera,
    allowed: Path,
    action: str,
    data: dict[str, Any],
    name: str,
) -> None:
    """No link and no dots lead out of the folder, and nobody waits at a pipe."""
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, action, CAMERA, **data, filename=str(allowed / name))

    assert raised.value.translation_domain == "snapcam"
    outside = [path for path in allowed.parent.iterdir() if path.is_file()]
    assert [path.read_bytes() for path in outside] == [b"old"]


async def test_link_inside(
    hass: HomeAssistant, online: SimulatedCamera, allowed: Path
) -> None:
    """A link to where Home Assistant may write is followed, and stays one."""
    link = allowed / "latest.jpg"
    link.symlink_to(allowed / "gate.jpg")
    action, data = TAKE
    await call(hass, action, CAMERA, **data, filename=str(link))

    assert link.is_symlink()
    assert (allowed / "gate.jpg").read_bytes() == online.last_picture
