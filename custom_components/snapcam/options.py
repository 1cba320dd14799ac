"""Change how a camera is treated."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .const import (
    CONF_ACCEPT_WRONG_CLOCK,
    CONF_DELETE_PICTURES,
    CONF_KEEP_COUNT,
    CONF_KEEP_DAYS,
    CONF_KEEP_MIB,
    DEFAULT_KEEP_COUNT,
    DEFAULT_KEEP_DAYS,
    DEFAULT_KEEP_MIB,
)


def _whole_number(most: int, unit: str | None = None) -> vol.All[int]:
    """Return a field for a number from 1."""
    config = NumberSelectorConfig(min=1, max=most, step=1, mode=NumberSelectorMode.BOX)
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
        vol.Required(CONF_DELETE_PICTURES, default=False): BooleanSelector(),
        vol.Required(CONF_ACCEPT_WRONG_CLOCK, default=False): BooleanSelector(),
    }
)


class SnapcamOptionsFlow(OptionsFlowWithReload):
    """Change how a camera is treated."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to change."""
        return self.async_show_menu(step_id="init", menu_options=["settings"])

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the settings."""
        if user_input is not None:
            return self.async_create_entry(data=self.config_entry.options | user_input)
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                SETTINGS_SCHEMA, self.config_entry.options
            ),
        )
