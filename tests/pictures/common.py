"""What the tests of pictures do again and again."""

from http import HTTPStatus
from pathlib import Path

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from ..broker import Broker
from ..common import JPEG, upload
from ..const import CAMERA, UP


async def shown(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entity_id: str = CAMERA
) -> tuple[str, bytes]:
    """Return the picture people see, with its type."""
    client = await hass_client()
    response = await client.get(
        f"/api/{entity_id.split('.', maxsplit=1)[0]}_proxy/{entity_id}"
    )
    assert response.status == HTTPStatus.OK
    return response.content_type, await response.read()


PICTURES = [JPEG.replace(b"a picture", b"%d" % number) for number in range(9)]


def stored(media: Path) -> list[bytes]:
    """Return the pictures on disk, the oldest first."""
    files = sorted(media.glob("snapcam/*/*/*"))
    return [path.read_bytes() for path in files if path.is_file()]


def rets(broker: Broker) -> list[int]:
    """Return what uploads were answered."""
    return [answer["ret"] for answer in broker.messages("upload_snapshot_rsp")]


async def send(broker: Broker, *pictures: bytes) -> None:
    """Have the camera upload pictures."""
    for picture in pictures:
        broker.send(upload(picture), UP)
        await broker.settle()
