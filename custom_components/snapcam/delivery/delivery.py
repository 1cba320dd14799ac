"""How a camera delivers its snapshots, and the address it delivers them to."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
import logging
from typing import Any, Final, override

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
import yarl

from ..const import DOMAIN, UPLOAD_URL
from ..device.device import SnapcamDevice
from ..device.settings import Settings
from ..helpers import async_to_the_end
from ..issues import NO_LAN_ADDRESS, async_withdraw
from ..link.captures import Wanted
from ..link.client import TAKE_SNAPSHOT_TIMEOUT, SnapcamTooManyChangesError
from ..protocol import (
    DeviceConfig,
    SnapcamError,
    SnapcamLostError,
    SnapcamRefusedError,
    UploadType,
)
from .addresses import (
    SnapcamNoLanAddressError,
    async_lan_address,
    lan_address,
    parse_http_url,
)

_LOGGER = logging.getLogger(__name__)

RENEW_SECONDS: Final = 600.0
RENEW_SECONDS_AT_MOST: Final = 24 * 3600.0
"""A camera that could not be told our address is told again after so long, and then
after twice as long each time."""

SETTLE_SECONDS: Final = 10.0
"""As much for the settings that could not be put back."""

END_SECONDS: Final = 5.0
"""So long a trial may take to end, when nobody could end it later."""


class DeliveryOption(StrEnum):
    """How a camera delivers its snapshots."""

    MQTT = "mqtt"
    HTTP_HOME_ASSISTANT = "http_home_assistant"
    HTTP_OTHER = "http_other"


class SnapcamNoUploadAddressError(SnapcamError):
    """Nobody has said where else the camera is to deliver to."""

    translation_key = "no_upload_addr"
    is_mistake = True


class SnapcamUploadAddressError(SnapcamError):
    """What is to be the address is none."""

    translation_key = "invalid_upload_addr"
    is_mistake = True


class SnapcamNotDeliveredError(SnapcamError):
    """No picture came over HTTP; the former settings are back."""

    translation_key = "not_delivered"

    def __init__(self, origin: str) -> None:
        """Keep where it should have come, without the secret part."""
        super().__init__("no picture came over HTTP")
        self._origin = origin

    @property
    @override
    def placeholders(self) -> dict[str, str]:
        """Return where it should have come."""
        return {"address": self._origin}


class SnapcamNotRestoredError(SnapcamNotDeliveredError):
    """No picture came over HTTP, and the former settings could not be put back."""

    translation_key = "not_restored"


class Delivery:
    """Choose how one camera delivers, and see that it does."""

    def __init__(self, camera: SnapcamDevice, settings: Settings, token: str) -> None:
        """Initialize with the secret part of the address for this camera."""
        self._camera = camera
        self._settings = settings
        self._path = UPLOAD_URL.format(token=token)
        self._arrival: asyncio.Future[None] | None = None
        self._tried: str | None = None
        self._pause = 0.0
        self._renewing = False
        self._changed = asyncio.Event()

    @property
    def option(self) -> DeliveryOption | None:
        """Return how the camera delivers; None if it has not said."""
        config = self._camera.data.config
        if config is None or config.upload_type not in tuple(UploadType):
            return None
        if config.upload_type == UploadType.MQTT:
            return DeliveryOption.MQTT
        if self.is_own(config.upload_addr):
            return DeliveryOption.HTTP_HOME_ASSISTANT
        return DeliveryOption.HTTP_OTHER

    def is_own(self, address: str | None) -> bool:
        """Return whether an address is, or was, the one for this camera."""
        data = self._camera.data
        return address is not None and (
            address in (data.own_addr, data.own_addr_said) or self._path in address
        )

    async def async_choose(self, option: DeliveryOption) -> None:
        """Have the camera deliver in another way.

        Raises:
            SnapcamError: It does not; whatever could be put back is as it was.
        """
        # Who is stopped must not leave the camera with what is not proven yet.
        await async_to_the_end(
            self._camera.hass, self._async_deliver(option), "snapcam delivery"
        )

    async def _async_deliver(self, option: DeliveryOption) -> None:
        """Have the camera deliver in another way."""
        async with self._settings.turn:
            match option:
                case DeliveryOption.MQTT:
                    async_withdraw(self._camera.hass, NO_LAN_ADDRESS, self._camera.sn)
                    await self._settings.async_change_in_turn(
                        upload_type=UploadType.MQTT
                    )
                case DeliveryOption.HTTP_HOME_ASSISTANT:
                    await self._async_choose_home_assistant()
                case DeliveryOption.HTTP_OTHER:
                    if (address := self._camera.data.other_addr) is None:
                        raise SnapcamNoUploadAddressError("no address is known")
                    await self._settings.async_change_in_turn(
                        upload_type=UploadType.HTTP, upload_addr=address
                    )
            # What a person has chosen is not to be put back.
            self._note(trial=None)

    async def async_set_other_address(self, address: str) -> None:
        """Set where else the camera is to deliver to, when that is chosen.

        Raises:
            SnapcamUploadAddressError: It is no address.
            SnapcamError: The camera did not take it.
        """
        try:
            address = str(parse_http_url(address))
        except ValueError as err:
            raise SnapcamUploadAddressError("not a URL") from err
        async with self._settings.turn:
            if self.option is not DeliveryOption.HTTP_HOME_ASSISTANT:
                await self._settings.async_change_in_turn(upload_addr=address)
            self._camera.async_set(replace(self._camera.data, other_addr=address))

    @callback
    def async_arrived(self) -> None:
        """Note that a picture has come over HTTP."""
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    @callback
    def async_resume(self) -> None:
        """Put back the settings that were not proven when we were stopped."""
        if self._camera.data.trial is not None:
            self._camera.async_run(self._async_settle())

    async def async_end(self) -> None:
        """End a trial now, as nobody would do it later."""
        if self._camera.data.trial is None:
            return
        self._camera.client.fail(
            SnapcamLostError("the camera is not listened to any more")
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS), self._settings.turn:
                pass

    async def _async_settle(self) -> None:
        """Put the former settings back, until the camera takes them."""
        pause = SETTLE_SECONDS
        while True:
            try:
                async with self._settings.turn:
                    if (former := self._camera.data.trial) is None:
                        return
                    # Others may have been changed since.
                    config = await self._camera.client.get_config()
                    kind, address = former.upload_type, former.upload_addr
                    await self._async_put_back(
                        replace(config, upload_type=kind, upload_addr=address)
                    )
            except SnapcamError as err:
                _LOGGER.debug("%s keeps its settings: %s", self._camera.name, err)
                await self._async_wait(pause)
                pause = min(2 * pause, RENEW_SECONDS_AT_MOST)

    @callback
    def async_is_outdated(self) -> bool:
        """Tell, once, that the camera delivers to an address we do not have any more."""
        if self._camera.data.trial is not None:
            # It answers, so it may take back its former settings now.
            self._changed.set()
        if (address := self._async_newer_address()) is None:
            return False
        if address != self._tried:
            self._tried = address
            self._pause = 0.0
            self._changed.set()
        if self._renewing:
            return False
        self._renewing = True
        return True

    async def async_renew(self) -> None:
        """Tell the camera the address we have now, until it delivers there."""
        failed = False
        try:
            while self._async_newer_address() is not None:
                await self._async_pause()
                try:
                    await async_to_the_end(
                        self._camera.hass, self._async_renew(), "snapcam delivery"
                    )
                except SnapcamError as err:
                    if not failed:
                        _LOGGER.warning(
                            "%s does not deliver any more: %s", self._camera.name, err
                        )
                    failed = True
        finally:
            self._renewing = False

    async def _async_pause(self) -> None:
        """Wait longer each time, unless our address changes meanwhile."""
        await self._async_wait(self._pause)
        self._pause = min(max(RENEW_SECONDS, 2 * self._pause), RENEW_SECONDS_AT_MOST)

    async def _async_wait(self, seconds: float) -> None:
        """Wait so long, unless another try has a chance before."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _async_renew(self) -> None:
        """Tell the camera our address, if that is still what a person has chosen."""
        async with self._settings.turn:
            if self._async_newer_address() is not None:
                await self._async_choose_home_assistant()
                self._note(trial=None)

    async def _async_choose_home_assistant(self) -> None:
        """Have the camera deliver to us; put back what was if nothing comes."""
        if (address := self._async_address()) is None:
            raise SnapcamNoLanAddressError("no plain http address")
        camera = self._camera
        former = camera.data.trial or await camera.client.get_config()
        told, said = camera.data.own_addr, camera.data.own_addr_said
        # Before it is told: whatever happens, it is not somebody else's, nor proven.
        await camera.async_note(own_addr=address, own_addr_said=None, trial=former)
        origin = str(yarl.URL(address).origin())
        try:
            await self._async_verify(
                replace(former, upload_type=UploadType.HTTP, upload_addr=address)
            )
        except (SnapcamError, TimeoutError) as err:
            self._note(own_addr=told, own_addr_said=said)
            await self._async_restore(former, origin)
            if isinstance(err, SnapcamRefusedError | SnapcamTooManyChangesError):
                raise
            raise SnapcamNotDeliveredError(origin) from err
        await self._async_read_back()

    async def _async_read_back(self) -> None:
        """Remember what the camera has made of our address, now that it is proven."""
        try:
            config = await self._camera.client.get_config()
        except SnapcamError as err:
            _LOGGER.debug("%s did not say: %s", self._camera.name, err)
            return
        if config.upload_type == UploadType.HTTP:
            self._note(own_addr_said=config.upload_addr)
        self._settings.async_take(config)

    async def _async_restore(self, former: DeviceConfig, origin: str) -> None:
        """Put the former settings back, and go on with it if that fails."""
        try:
            await self._async_put_back(former)
        except SnapcamError as err:
            self.async_resume()
            raise SnapcamNotRestoredError(origin) from err

    async def _async_put_back(self, former: DeviceConfig) -> None:
        """Put settings back."""
        await self._settings.async_set(former, restored=True)
        self._note(trial=None)

    def _note(self, **changes: Any) -> None:
        """Remember what the camera was told, and what is to be put back."""
        self._camera.async_set(replace(self._camera.data, **changes))

    async def _async_verify(self, config: DeviceConfig) -> None:
        """Set the settings, and wait for a picture to come over HTTP."""
        await self._camera.client.set_config(config)
        self._arrival = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(TAKE_SNAPSHOT_TIMEOUT):
                await self._camera.client.take_snapshot(Wanted.BY_US)
                await self._arrival
        finally:
            self._arrival = None

    @callback
    def _async_newer_address(self) -> str | None:
        """Return our address if the camera delivers to us by another one.

        What counts is what it was told: it may spell that in its own way.
        """
        data = self._camera.data
        if data.config is None or data.trial is not None:
            return None
        if self.option is not DeliveryOption.HTTP_HOME_ASSISTANT:
            return None
        address = self._async_address()
        if address == data.config.upload_addr:
            return None
        known = {data.own_addr, data.own_addr_said or data.config.upload_addr}
        is_known = address == data.own_addr and data.config.upload_addr in known
        return None if is_known else address

    @callback
    def _async_address(self) -> str | None:
        """Return the address for this camera; None if there is none it could use."""
        origin = async_lan_address(self._camera.hass, self._camera.sn)
        return None if origin is None else f"{origin}{self._path}"


@callback
def async_watch_address(hass: HomeAssistant) -> None:
    """Follow changes of Home Assistant's address."""

    @callback
    def changed(_event: Event) -> None:
        if lan_address(hass) is not None:
            async_withdraw(hass, NO_LAN_ADDRESS)
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            entry.runtime_data.async_check_delivery()

    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, changed)
