"""Tell a camera the settings of the one whose place it has taken."""

from dataclasses import replace
import logging
from typing import Any, Final

from homeassistant.core import callback

from ..device.device import SnapcamDevice
from ..device.settings import Settings
from ..models import is_own_address
from ..protocol import (
    DeviceConfig,
    SnapcamError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    UploadType,
    heartbeat_in_range,
)
from .delivery import Delivery, DeliveryOption

_LOGGER = logging.getLogger(__name__)

TRIES: Final = 3


class Inheritance:
    """What a person had chosen for the former camera, until the new one has it."""

    def __init__(
        self, camera: SnapcamDevice, settings: Settings, delivery: Delivery
    ) -> None:
        """Initialize with nothing told."""
        self._camera = camera
        self._settings = settings
        self._delivery = delivery
        self._left = TRIES
        self._telling = False

    @callback
    def async_check(self) -> None:
        """Tell the camera, which has just answered, what it has not been told yet."""
        former = self._camera.data.inherited
        if former is None or self._telling or not self._left:
            return
        self._left -= 1
        self._telling = True
        self._camera.async_run(self._async_tell(former))

    async def _async_tell(self, former: DeviceConfig) -> None:
        """Tell the camera; if it does not answer, it is told when it does."""
        try:
            await self._async_set(former)
        except (SnapcamNoAnswerError, SnapcamNotConnectedError) as err:
            _LOGGER.debug("%s was not told its settings: %s", self._camera.name, err)
            return
        except SnapcamError as err:
            _LOGGER.warning(
                "%s does not take the settings of the camera it has replaced: %s",
                self._camera.name,
                err,
            )
        finally:
            self._telling = False
        self._camera.async_set(replace(self._camera.data, inherited=None))

    async def _async_set(self, former: DeviceConfig) -> None:
        """Set what the former camera had, as far as it is known.

        Raises:
            SnapcamError: The camera does not take it.
        """
        changes: dict[str, Any] = {}
        if former.hb_interval and heartbeat_in_range(former.hb_interval):
            changes["hb_interval"] = former.hb_interval
        to_us = former.upload_type == UploadType.HTTP and is_own_address(
            former.upload_addr or ""
        )
        if former.upload_type in tuple(UploadType) and not to_us:
            changes["upload_type"] = former.upload_type
            if former.upload_type == UploadType.HTTP:
                changes["upload_addr"] = former.upload_addr
        config = self._camera.data.config or DeviceConfig()
        if replace(config, **changes) != config:
            await self._settings.async_change(**changes)
        if to_us:
            await self._delivery.async_choose(DeliveryOption.HTTP_HOME_ASSISTANT)
