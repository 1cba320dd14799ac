"""Change how a camera is treated."""

import math
from typing import Any, Final, override

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..const import (
    CONF_ACCEPT_WRONG_CLOCK,
    CONF_DELETE_PICTURES,
    CONF_FILE,
    CONF_FILM_DAYS,
    CONF_FIRMWARE,
    CONF_KEEP_COUNT,
    CONF_KEEP_DAYS,
    CONF_KEEP_MIB,
    CONF_NOTES,
    CONF_PACKAGE_URL,
    CONF_SN,
    CONF_THIN_OUT,
    CONF_VERSION,
    DEFAULT_KEEP_COUNT,
    DEFAULT_KEEP_DAYS,
    DEFAULT_KEEP_MIB,
)
from ..device.lines import LINES, Hanging, async_follow_answer
from ..firmware.offers import async_change_offer
from ..firmware.packages import (
    Copy,
    SnapcamPackageError,
    SnapcamPackageUrlError,
    SnapcamVersionError,
    check_url,
    check_version,
    package_store,
)
from ..link.journal import Journal
from ..models import Offer
from ..pictures.disk import async_look
from ..pictures.stock import take_stock
from ..pictures.store import picture_library
from ..protocol import SnapcamError
from ..timelapse.errors import SnapcamNoEncoderError
from ..timelapse.film import find_encoder
from .says import async_put_in_words
from .steps import HANGING


def _whole_number(
    most: int, unit: str | None = None, *, least: int = 1
) -> vol.All[int]:
    """Return a field for a whole number."""
    config = NumberSelectorConfig(
        min=least, max=most, step=1, mode=NumberSelectorMode.BOX
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


SETTINGS_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_KEEP_DAYS, default=DEFAULT_KEEP_DAYS): _whole_number(3650),
        vol.Required(CONF_KEEP_COUNT, default=DEFAULT_KEEP_COUNT): _whole_number(
            1_000_000
        ),
        vol.Required(CONF_KEEP_MIB, default=DEFAULT_KEEP_MIB): _whole_number(
            10_000_000, "MiB"
        ),
        vol.Required(CONF_FILM_DAYS, default=0): _whole_number(3650, least=0),
        vol.Required(CONF_THIN_OUT, default=False): BooleanSelector(),
        vol.Required(CONF_DELETE_PICTURES, default=False): BooleanSelector(),
        vol.Required(CONF_ACCEPT_WRONG_CLOCK, default=False): BooleanSelector(),
        # Nobody has said it of a camera that was added with many others, or long ago.
        **{vol.Optional(line): HANGING for line in LINES},
    }
)


FIRMWARE_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_FILE): FileSelector(FileSelectorConfig(accept="*")),
        vol.Optional(CONF_PACKAGE_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        vol.Required(CONF_VERSION): TextSelector(),
        vol.Optional(CONF_NOTES): TextSelector(TextSelectorConfig(multiline=True)),
    }
)

NOTHING: Final = "–"

CONCERNED: Final[dict[type[SnapcamError], str]] = {
    SnapcamVersionError: CONF_VERSION,
    SnapcamPackageError: CONF_FILE,
    SnapcamPackageUrlError: CONF_PACKAGE_URL,
}
"""The field that an error is about."""


class SnapcamOptionsFlow(OptionsFlowWithReload):
    """Change how a camera is treated."""

    _offer: Offer
    _copy: Copy | None = None

    @callback
    @override
    def async_remove(self) -> None:
        """Let go of an uploaded package that was not offered after all."""
        if self._copy:
            self.hass.async_add_executor_job(self._copy.discard)

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to change."""
        menu_options = ["settings", "firmware"]
        if CONF_FIRMWARE in self.config_entry.options:
            menu_options.append("withdraw")
        if self.config_entry.state is ConfigEntryState.LOADED:
            menu_options.append("says")
        return self.async_show_menu(step_id="init", menu_options=menu_options)

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the settings."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not user_input[CONF_FILM_DAYS] or await self._async_can_film():
                self._async_follow_answers(user_input)
                options = self.config_entry.options | user_input
                return self.async_create_entry(data=options)
            errors = {CONF_FILM_DAYS: "no_encoder"}
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                SETTINGS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
            description_placeholders=await self._async_count(),
        )

    async def _async_can_film(self) -> bool:
        """Return whether this Home Assistant can make videos."""
        try:
            await self.hass.async_add_executor_job(find_encoder)
        except SnapcamNoEncoderError:
            return False
        return True

    @callback
    def _async_follow_answers(self, user_input: dict[str, Any]) -> None:
        """Have the switches follow what hangs on the lines, where that is changed."""
        entry = self.config_entry
        for line in set(LINES) & user_input.keys():
            if user_input[line] != entry.options.get(line):
                hanging = Hanging(user_input[line])
                async_follow_answer(self.hass, entry, line, hanging)

    async def _async_count(self) -> dict[str, str]:
        """Return how much is stored now; dashes if the folder does not tell."""
        sn: str = self.config_entry.data[CONF_SN]
        try:
            stock = await async_look(
                self.hass,
                HomeAssistantError,
                take_stock,
                picture_library(self.hass),
                sn,
            )
        except HomeAssistantError:
            return dict.fromkeys(("count", "kept", "mib", "since"), NOTHING)
        return {
            "count": str(stock.count),
            "kept": str(stock.kept),
            "mib": str(math.ceil(stock.size / 1024**2)),
            "since": stock.since or NOTHING,
        }

    async def async_step_says(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the last messages, and once more those that have come meanwhile."""
        journal: Journal = self.config_entry.runtime_data.journal
        return self.async_show_form(
            step_id="says",
            data_schema=vol.Schema({}),
            description_placeholders=await async_put_in_words(self.hass, journal),
        )

    async def async_step_firmware(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer a firmware to the camera."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if (CONF_FILE in user_input) == (CONF_PACKAGE_URL in user_input):
                errors = {"base": "file_or_url"}
            else:
                try:
                    self._offer = await self._async_make_offer(user_input)
                except SnapcamError as err:
                    errors = {CONCERNED[type(err)]: err.translation_key}
                except OSError, ValueError:
                    # The disk is full, or Home Assistant does not have it any more.
                    errors = {CONF_FILE: "package_not_stored"}
                else:
                    return await self.async_step_confirm()
        return self.async_show_form(
            step_id="firmware",
            data_schema=self.add_suggested_values_to_schema(
                FIRMWARE_SCHEMA, user_input
            ),
            errors=errors,
        )

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what is about to be offered."""
        offer, package = self._offer, self._offer.package
        errors = None
        if user_input is not None:
            try:
                return await self._async_end(offer)
            except OSError:
                errors = {"base": "package_not_stored"}
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            errors=errors,
            description_placeholders={
                "version": offer.version,
                "source": package.filename if package else offer.url or "",
                "size": f"{package.size:,}" if package else NOTHING,
                "sha256": package.sha256 if package else NOTHING,
            },
        )

    async def async_step_withdraw(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer nothing any more."""
        return await self._async_end(None)

    async def _async_end(self, offer: Offer | None) -> ConfigFlowResult:
        """Change what is offered, and let go of what was.

        Raises:
            OSError: The package cannot be stored.
        """
        await async_change_offer(self.hass, self.config_entry, offer, self._copy)
        # That is done: nothing is left to change, and nothing to reload for.
        return self.async_create_entry(data=self.config_entry.options)

    async def _async_make_offer(self, user_input: dict[str, Any]) -> Offer:
        """Return what a form offers, with the uploaded file taken in.

        Raises:
            SnapcamError: It cannot be offered.
            OSError: The file cannot be stored.
            ValueError: It is not among the uploads any more.
        """

        def take_in(file_id: str) -> Copy:
            with process_uploaded_file(self.hass, file_id) as path:
                return package_store(self.hass).copy(path, path.name)

        version = check_version(user_input[CONF_VERSION])
        url = package = None
        if CONF_FILE in user_input:
            self._copy = await self.hass.async_add_executor_job(
                take_in, user_input[CONF_FILE]
            )
            package = self._copy.package
        else:
            url = check_url(user_input[CONF_PACKAGE_URL])
        notes = user_input.get(CONF_NOTES, "").strip()
        return Offer(version=version, notes=notes, url=url, package=package)
