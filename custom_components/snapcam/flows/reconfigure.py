"""Change how a camera is reached, or have another one take its place."""

from typing import Any

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import (
    CONF_DOWN,
    CONF_FORMER,
    CONF_NEW_TOKEN,
    CONF_SN,
    CONF_TOKEN,
    CONF_TOPICS,
    CONF_UP,
    DOMAIN,
)
from ..delivery.addresses import new_token
from ..firmware.install import async_forget_failure
from ..helpers import async_to_the_end
from ..issues import CameraIssues, async_withdraw_all
from ..link.hub import async_get_hub
from ..protocol import SnapcamMessageError, TopicTemplate, parse_sn, same_sn
from .probe import async_probe
from .steps import SnapcamSteps
from .topics import TOPIC_PLACEHOLDERS, topics_errors, topics_section


class ReconfigureSteps(SnapcamSteps):
    """Change a camera that is set up."""

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to change."""
        return self.async_show_menu(
            step_id="reconfigure", menu_options=["address", "replace"], sort=False
        )

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the topics of a camera, and the secret of its upload address."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._take_address(user_input)
            if not errors:
                await self.async_set_unique_id(self._sn)
                self._abort_if_unique_id_mismatch()
                updates = {
                    CONF_UP: self._up.template,
                    CONF_DOWN: self._down.template,
                }
                if user_input[CONF_NEW_TOKEN]:
                    updates[CONF_TOKEN] = new_token()
                return self.async_update_reload_and_abort(entry, data_updates=updates)
        sn, up, down = (entry.data[key] for key in (CONF_SN, CONF_UP, CONF_DOWN))
        shown = (
            user_input[CONF_TOPICS] if user_input else {CONF_UP: up, CONF_DOWN: down}
        )
        schema = vol.Schema(
            {
                vol.Required(CONF_SN, default=sn): TextSelector(),
                **topics_section(up, down, shown, collapsed=False),
                vol.Required(CONF_NEW_TOKEN, default=False): BooleanSelector(),
            }
        )
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=TOPIC_PLACEHOLDERS,
        )

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Name the camera that takes this one's place."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_not_configured")
        if not async_get_hub(self.hass).broker.connected:
            return self.async_abort(reason="mqtt_not_connected")
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if self._is_spelled:
            errors, self._is_spelled = {CONF_SN: "other_letters"}, False
        if user_input is not None:
            errors = self._take_address(user_input) or self._replace_errors(entry)
            if not errors:
                return await self.async_step_replace_ask()
        up, down = entry.data[CONF_UP], entry.data[CONF_DOWN]
        shown = {CONF_UP: up, CONF_DOWN: down}
        if self._sn:
            shown = {CONF_UP: self._up.template, CONF_DOWN: self._down.template}
        heard = SelectSelector(
            SelectSelectorConfig(
                options=self._discovered(),
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
        schema = vol.Schema(
            {
                vol.Required(CONF_SN): heard,
                **topics_section(up, down, shown, collapsed="base" not in errors),
            }
        )
        typed = (user_input or {}).get(CONF_SN, self._sn)
        return self.async_show_form(
            step_id="replace",
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_SN: typed}),
            errors=errors,
            description_placeholders=TOPIC_PLACEHOLDERS
            | {"heard": self._sn, "former": entry.data[CONF_SN]},
        )

    async def async_step_replace_ask(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the new camera whether it is there."""
        return self._async_probe_step(
            step_id="replace_ask",
            work=lambda: async_probe(self.hass, self._sn, self._up, self._down),
            spelled="replace",
            refused="replace_confirm",
            silent="replace_silent",
            answered="replace_confirm",
        )

    async def async_step_replace_silent(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what may be wrong when the new camera does not answer."""
        return self.async_show_menu(
            step_id="replace_silent",
            menu_options=["replace_ask", "replace", "replace_now"],
            sort=False,
            description_placeholders=self._replace_placeholders()
            | {
                CONF_UP: self._up.topic(self._sn),
                CONF_DOWN: self._down.topic(self._sn),
            },
        )

    async def async_step_replace_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what will happen, before it does."""
        if user_input is not None:
            return await self.async_step_replace_now()
        return self.async_show_form(
            step_id="replace_confirm",
            data_schema=vol.Schema({}),
            description_placeholders=self._replace_placeholders(),
        )

    async def async_step_replace_now(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have the new camera take this one's place, whether or not it has answered."""
        entry = self._get_reconfigure_entry()
        placeholders = self._replace_placeholders()
        if self._replace_errors(entry):
            return self.async_abort(reason="already_configured")
        if (
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.firmware.under_way
        ):
            return self.async_abort(
                reason="installing", description_placeholders=placeholders
            )
        await async_to_the_end(
            self.hass, self._async_replace(entry), "snapcam replacement"
        )
        return self.async_abort(
            reason="replaced", description_placeholders=placeholders
        )

    async def _async_replace(self, entry: ConfigEntry) -> None:
        """Have the new camera take the place of the one of an entry."""
        entries, sn, former = self.hass.config_entries, self._sn, entry.data[CONF_SN]
        # What is under way ends as when it is removed, and with its own camera.
        await entries.async_unload(entry.entry_id)
        async_withdraw_all(self.hass, former)
        CameraIssues(self.hass, entry).async_clear_all()
        async_forget_failure(self.hass, entry)
        ignored = entries.async_entry_for_domain_unique_id(DOMAIN, sn)
        if ignored is not None:
            await entries.async_remove(ignored.entry_id)
        known = [former, *entry.data.get(CONF_FORMER, ())]
        entries.async_update_entry(
            entry,
            unique_id=sn,
            title=f"SnapCam {sn}"
            if entry.title == f"SnapCam {former}"
            else entry.title,
            data={
                **entry.data,
                CONF_SN: sn,
                CONF_UP: self._up.template,
                CONF_DOWN: self._down.template,
                # The camera that is gone keeps no way in.
                CONF_TOKEN: new_token(),
                CONF_FORMER: [x for x in known if x != sn],
            },
        )
        for flow in self._discovery_flows():
            if flow["context"].get("unique_id") == sn:
                entries.flow.async_abort(flow["flow_id"])
        await entries.async_reload(entry.entry_id)

    def _replace_errors(self, entry: ConfigEntry) -> dict[str, str]:
        """Return why a camera cannot take the place of the one of an entry."""
        if same_sn(self._sn, entry.data[CONF_SN]):
            return {CONF_SN: "itself"}
        others = self.hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if any(same_sn(self._sn, other.data[CONF_SN]) for other in others):
            return {CONF_SN: "set_up_already"}
        return {}

    def _replace_placeholders(self) -> dict[str, str]:
        """Return what the texts name."""
        entry = self._get_reconfigure_entry()
        return {
            CONF_SN: self._sn,
            "former": entry.data[CONF_SN],
            "name": entry.title,
        }

    @callback
    def _discovery_flows(self) -> list[ConfigFlowResult]:
        """Return the flows of the cameras that were heard and are not set up."""
        return self._async_in_progress(
            include_uninitialized=True,
            match_context={"source": SOURCE_INTEGRATION_DISCOVERY},
        )

    def _discovered(self) -> list[str]:
        """Return the serial numbers of the cameras that were heard."""
        return sorted(
            flow["context"].get("unique_id") or "" for flow in self._discovery_flows()
        )

    def _take_address(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Take the serial number and the topics from a form; return its errors."""
        topics = user_input[CONF_TOPICS]
        self._up = TopicTemplate(topics[CONF_UP].strip())
        self._down = TopicTemplate(topics[CONF_DOWN].strip())
        try:
            self._sn = parse_sn(user_input[CONF_SN].strip())
        except SnapcamMessageError:
            return {CONF_SN: "invalid_sn"}
        return topics_errors(self._up, self._down, self._sn)
