"""What the steps of adding a camera have in common."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import CONF_DOWN, CONF_SN, CONF_UP, DEFAULT_DOWN, DEFAULT_UP
from ..device.lines import LINES, Hanging
from ..link.hub import async_get_hub
from ..protocol import SnapcamError, SnapcamRefusedError, TopicTemplate
from .probe import SnapcamOtherLettersError

HANGING: Final = SelectSelector(
    SelectSelectorConfig(
        options=list(Hanging),
        mode=SelectSelectorMode.DROPDOWN,
        translation_key="hanging",
    )
)
"""A field for what hangs on an IO line."""


class SnapcamSteps(ConfigFlow):
    """Lead through steps, some of which wait for what is under way."""

    _sn: str = ""
    _up = TopicTemplate(DEFAULT_UP)
    _down = TopicTemplate(DEFAULT_DOWN)
    _tried: tuple[str, ...] = ()
    """The topics on which the camera was asked in vain."""
    _lines: dict[str, str] | None = None
    """What hangs on its IO lines; None before that is asked."""
    _is_spelled = False
    """Whether the serial number was corrected to what the camera says of itself."""

    def __init__(self) -> None:
        """Initialize with nothing under way."""
        self._task: asyncio.Task[None] | None = None
        self._working = False

    async def async_step_manual(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Type what is not known yet."""
        raise NotImplementedError

    async def async_step_add_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the camera whether or not it has answered."""
        return await self.async_step_lines()

    async def async_step_lines(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the camera, once it is known what hangs on its IO lines."""
        lines = user_input or self._lines
        if lines is None:
            return self.async_show_form(
                step_id="lines",
                data_schema=vol.Schema(lines_fields()),
                description_placeholders={CONF_SN: self._sn},
            )
        return self._async_add(
            self._sn, "", self._up.template, self._down.template, lines
        )

    @callback
    def _async_add(
        self, sn: str, name: str, up: str, down: str, lines: dict[str, str]
    ) -> ConfigFlowResult:
        """Add a camera, which then takes its first picture by itself."""
        async_get_hub(self.hass).new.add(sn)
        return self.async_create_entry(
            title=name or f"SnapCam {sn}",
            data={CONF_SN: sn, CONF_UP: up, CONF_DOWN: down},
            options=lines,
        )

    @callback
    def _async_probe_step(
        self,
        *,
        step_id: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        spelled: str,
        refused: str,
        silent: str,
        answered: str,
    ) -> ConfigFlowResult:
        """Ask a camera whether it is there, and go on to the step for what came of it."""
        task = self._task or self._async_start(work())
        if self._working:
            return self.async_show_progress(
                step_id=step_id,
                progress_action="probe",
                progress_task=task,
                description_placeholders={CONF_SN: self._sn},
            )
        self._task = None
        try:
            task.result()
        except SnapcamOtherLettersError as err:
            self._sn, self._is_spelled = err.sn, True
            return self.async_show_progress_done(next_step_id=spelled)
        except SnapcamRefusedError:
            # It is there, and may have a reason, such as a clock of its own.
            return self.async_show_progress_done(next_step_id=refused)
        except SnapcamError:
            return self.async_show_progress_done(next_step_id=silent)
        return self.async_show_progress_done(next_step_id=answered)

    @callback
    def _async_start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start what a progress step waits for.

        It counts as done when its callbacks run, which is when Home Assistant takes the
        flow on. A client that asks a moment earlier would take it there a second time.
        """

        @callback
        def done(_task: asyncio.Task[None]) -> None:
            self._working = False

        self._task = self.hass.async_create_task(work)
        self._working = not self._task.done()
        self._task.add_done_callback(done)
        return self._task


def select_schema(
    key: str, options: list[SelectOptionDict], *, every: bool = True
) -> vol.Schema:
    """Return a form to choose from options: all but some, or none but some."""
    selector = SelectSelector(
        SelectSelectorConfig(
            options=options, multiple=True, mode=SelectSelectorMode.LIST
        )
    )
    default = [option["value"] for option in options] if every else []
    return vol.Schema({vol.Required(key, default=default): selector})


def lines_fields() -> dict[vol.Marker, SelectSelector]:
    """Return the fields for what hangs on the IO lines of a new camera."""
    return {vol.Required(line, default=Hanging.OTHER): HANGING for line in LINES}


def check_topic(topic: str) -> None:
    """Check that a camera can publish or listen on a topic.

    Raises:
        vol.Invalid: It cannot.
    """
    # The broker's own: what is sent to `$share/…` comes back under another topic.
    if mqtt.valid_publish_topic(topic).startswith("$"):
        raise vol.Invalid("a topic of the broker")
