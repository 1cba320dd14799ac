"""Add a camera by its serial number, and change how it is reached."""

import asyncio
from contextlib import suppress
from typing import Any, Final, override

from homeassistant.components import mqtt
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, TextSelector
from homeassistant.helpers.typing import DiscoveryInfoType
import voluptuous as vol

from .const import (
    CONF_DOWN,
    CONF_SN,
    CONF_TOPICS,
    CONF_UP,
    DEFAULT_DOWN,
    DEFAULT_UP,
    DOMAIN,
)
from .device.lines import LINES
from .flows.camera_list import ListedCamera
from .flows.fleet import NewCamera
from .flows.listen import ListenSteps
from .flows.options import SnapcamOptionsFlow
from .flows.probe import async_probe
from .flows.reconfigure import ReconfigureSteps
from .flows.steps import lines_fields, select_schema
from .flows.topics import TOPIC_PLACEHOLDERS, topics_section
from .link.hub import async_get_hub
from .protocol import SnapcamNotConnectedError, TopicTemplate, same_sn

SEARCH_SECONDS: Final = 60.0
"""The vendor's default heartbeat interval: by then every camera has spoken."""

SEARCH_QUIET_SECONDS: Final = 5.0
"""Once a camera is heard, how long to wait for another one."""


def _manual_schema(shown: dict[str, str], *, collapsed: bool) -> vol.Schema:
    """Return the form for a camera's serial number, IO lines and topics."""
    return vol.Schema(
        {
            vol.Required(CONF_SN): TextSelector(),
            **lines_fields(),
            **topics_section(DEFAULT_UP, DEFAULT_DOWN, shown, collapsed=collapsed),
        }
    )


class SnapcamConfigFlow(ListenSteps, ReconfigureSteps, domain=DOMAIN):
    """Add or reconfigure a camera."""

    VERSION = 1
    MINOR_VERSION = 1

    _is_heard = False
    """Whether the camera was heard, so that nobody has named it by its label."""

    def __init__(self) -> None:
        """Initialize the flow."""
        super().__init__()
        self._heard: dict[str, TopicTemplate] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> SnapcamOptionsFlow:
        """Return the options of a camera."""
        return SnapcamOptionsFlow()

    @callback
    @override
    def async_remove(self) -> None:
        """Let go of a camera that has answered, if it was not added after all."""
        super().async_remove()
        async_get_hub(self.hass).async_forget_probed(self._sn)

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose how to name the camera to add."""
        if not await mqtt.async_wait_for_mqtt_client(self.hass):
            return self.async_abort(reason="mqtt_not_configured")
        if not async_get_hub(self.hass).broker.connected:
            return self.async_abort(reason="mqtt_not_connected")
        return self.async_show_menu(
            step_id="user",
            menu_options=["search", "listen", "manual", "list"],
            sort=False,
        )

    async def async_step_search(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Listen for cameras that are not set up yet."""
        task = self._task or self._async_start(self._async_search())
        if self._working:
            return self.async_show_progress(
                step_id="search", progress_action="search", progress_task=task
            )
        self._task = None
        return self.async_show_progress_done(
            next_step_id="pick" if self._heard else "nothing_heard"
        )

    async def async_step_nothing_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what may be wrong when no camera was heard."""
        return self.async_show_menu(
            step_id="nothing_heard",
            menu_options=["search", "listen", "manual"],
            sort=False,
        )

    async def async_step_pick(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose some of the cameras heard."""
        errors: dict[str, str] = {}
        if user_input is not None:
            beside = async_get_hub(self.hass).down_beside
            chosen = [
                NewCamera(ListedCamera(sn=sn), up, beside(up))
                for sn, up in self._heard.items()
                if sn in user_input[CONF_SN]
            ]
            if len(chosen) == 1:
                camera, self._up, self._down = chosen[0]
                return await self._async_probe_camera(camera.sn, is_heard=True)
            if chosen:
                self._to_add = chosen
                return await self.async_step_list_adding()
            errors = {CONF_SN: "none_chosen"}
        options = [SelectOptionDict(value=sn, label=sn) for sn in sorted(self._heard)]
        return self.async_show_form(
            step_id="pick",
            data_schema=select_schema(CONF_SN, options, every=len(options) == 1),
            errors=errors,
        )

    @override
    async def async_step_manual(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Type the serial number."""
        errors = {"base": "none_answered"} if self._tried else {}
        tried, self._tried = ", ".join(self._tried), ()
        if self._is_spelled:
            errors, self._is_spelled = {CONF_SN: "other_letters"}, False
        if user_input is not None:
            errors = self._take_address(user_input) or self._take_spelling()
            if not errors:
                self._lines = {line: user_input[line] for line in LINES}
                return await self._async_probe_camera(self._sn)
        shown = user_input or {
            CONF_SN: self._sn,
            **(self._lines or {}),
            CONF_TOPICS: {CONF_UP: self._up.template, CONF_DOWN: self._down.template},
        }
        if errors.get(CONF_SN) == "other_letters":
            shown = shown | {CONF_SN: self._sn}
        # What is wrong with the topics should be seen beside them.
        schema = _manual_schema(shown[CONF_TOPICS], collapsed="base" not in errors)
        return self.async_show_form(
            step_id="manual",
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders=TOPIC_PLACEHOLDERS
            | {"tried": tried, "heard": self._sn},
        )

    @override
    async def async_step_integration_discovery(
        self, discovery_info: DiscoveryInfoType
    ) -> ConfigFlowResult:
        """Offer a camera that was heard on a topic in use."""
        self._sn = discovery_info[CONF_SN]
        self._up = TopicTemplate(discovery_info[CONF_UP])
        self._down = TopicTemplate(discovery_info[CONF_DOWN])
        await self.async_set_unique_id(self._sn)
        self._abort_if_unique_id_configured()
        self.async_update_title_placeholders({"name": self._sn})
        return await self.async_step_discovery_confirm()

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Confirm to add the camera that was heard."""
        if user_input is not None:
            return await self._async_probe_camera(self._sn, is_heard=True)
        return self.async_show_form(
            step_id="discovery_confirm",
            data_schema=vol.Schema({}),
            description_placeholders={CONF_SN: self._sn},
        )

    async def async_step_probe(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the camera whether it is there."""
        return self._async_probe_step(
            step_id="probe",
            work=self._async_probe,
            spelled="manual",
            refused="add_anyway",
            silent="no_answer",
            answered="confirm",
        )

    async def async_step_no_answer(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what may be wrong when the camera does not answer."""
        return self.async_show_menu(
            step_id="no_answer",
            menu_options=["retry", "manual", "add_anyway"],
            sort=False,
            description_placeholders={
                CONF_SN: self._sn,
                CONF_UP: self._up.topic(self._sn),
                CONF_DOWN: self._down.topic(self._sn),
            },
        )

    async def async_step_retry(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the camera again."""
        return await self.async_step_probe()

    async def _async_search(self) -> None:
        """Collect the cameras that are heard, until no other one follows."""
        news = asyncio.Event()

        def heard(sn: str, up: TopicTemplate) -> None:
            if sn not in self._heard:
                self._heard[sn] = up
                news.set()

        with suppress(TimeoutError, SnapcamNotConnectedError):
            async with (
                async_get_hub(self.hass).async_search(self._up, heard),
                asyncio.timeout(SEARCH_SECONDS),
            ):
                await news.wait()
                while True:
                    news.clear()
                    async with asyncio.timeout(SEARCH_QUIET_SECONDS):
                        await news.wait()

    async def _async_probe(self) -> None:
        """Ask the camera, and for a picture if it is not known which one it is.

        Raises:
            SnapcamError: It did not answer, refused, or could not be asked.
        """
        await async_probe(self.hass, self._sn, self._up, self._down)
        if self._is_heard:
            await self._async_preview()

    async def _async_probe_camera(
        self, sn: str, *, is_heard: bool = False
    ) -> ConfigFlowResult:
        """Probe a camera that is not set up yet."""
        await self.async_set_unique_id(sn, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        self._sn, self._is_heard = sn, is_heard
        return await self.async_step_probe()

    def _take_spelling(self) -> dict[str, str]:
        """Spell the serial number as a camera that is known; return the form's errors."""
        for entry in self._async_current_entries():
            if same_sn(entry.unique_id or "", self._sn):
                self._sn = entry.unique_id or ""
                return {}
        context = {"source": SOURCE_INTEGRATION_DISCOVERY}
        for flow in self._async_in_progress(match_context=context):
            offered = flow["context"].get("unique_id") or ""
            if offered != self._sn and same_sn(offered, self._sn):
                self._sn = offered
                return {CONF_SN: "other_letters"}
        return {}
