"""The camera entity: the last picture, whatever the camera does now."""

import asyncio
from pathlib import Path
from typing import Final, override

from aiohttp import web
from homeassistant.components.camera import Camera, CameraEntityDescription
from homeassistant.const import CONTENT_TYPE_MULTIPART
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import SnapcamConfigEntry, SnapcamCoordinator
from .entity import SnapcamEntity

PARALLEL_UPDATES = 0

PLACEHOLDER: Final = Path(__file__).with_name("placeholder.jpg")

BOUNDARY: Final = "--frameboundary"

SNAPSHOT = CameraEntityDescription(
    key="snapshot", translation_key="snapshot", name=None
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SnapcamConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the camera entity."""
    async_add_entities([SnapcamCamera(entry.runtime_data)])


class SnapcamCamera(SnapcamEntity, Camera):
    """Show the last picture; looking at it asks nothing of the camera."""

    def __init__(self, coordinator: SnapcamCoordinator) -> None:
        """Initialize the camera entity."""
        Camera.__init__(self)
        SnapcamEntity.__init__(self, coordinator, SNAPSHOT)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return the last picture, or a placeholder before the first."""
        snapshot = self.coordinator.data.snapshot
        if snapshot is not None:
            picture = await self.coordinator.picture_store.async_content(snapshot)
            if picture is not None:
                # Read by whoever asked for the picture, right after it.
                self.content_type = snapshot.content_type
                return picture
        placeholder = await self.hass.async_add_executor_job(PLACEHOLDER.read_bytes)
        self.content_type = "image/jpeg"
        return placeholder

    @override
    async def handle_async_still_stream(
        self, request: web.Request, interval: float
    ) -> web.StreamResponse:
        """Send each picture by its own type: Home Assistant's stream has one for all."""
        response = web.StreamResponse()
        response.content_type = CONTENT_TYPE_MULTIPART.format(BOUNDARY)
        await response.prepare(request)
        sent = None
        while content := await self.async_camera_image():
            if content != sent:
                head = (
                    f"{BOUNDARY}\r\nContent-Type: {self.content_type}\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n"
                )
                # Chrome shows a picture when the next one begins, which may take hours.
                await response.write((head.encode() + content + b"\r\n") * 2)
                sent = content
            await asyncio.sleep(interval)
        return response
