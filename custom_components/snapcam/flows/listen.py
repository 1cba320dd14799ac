"""Add a camera whose topics nobody knows: hear it, then ask where it may listen."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.selector import SelectOptionDict, TextSelector
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from ..const import CONF_DOWN, CONF_FILTER, CONF_SN, CONF_UP, DOMAIN
from ..link.hub import async_get_hub
from ..link.listening import LISTEN_SECONDS, Heard, Listener
from ..protocol import (
    SnapcamError,
    SnapcamNotConnectedError,
    TopicTemplate,
    listening_candidates,
    parse_text,
)
from .camera_list import ListedCamera
from .fleet import NewCamera
from .many import ManySteps
from .preview import PreviewSteps
from .probe import async_ask_each
from .steps import check_topic, select_schema

DEFAULT_FILTER: Final = "#"

REFUSED_SHOWN: Final = 20

PROGRESS_INTERVAL: Final = timedelta(seconds=1)


class ListenSteps(PreviewSteps, ManySteps):
    """Find cameras on any topic."""

    _filter = DEFAULT_FILTER
    _listener: Listener
    _downs: tuple[TopicTemplate, ...] = ()
    """Where the camera is to be asked, as the person has agreed to."""
    _answered: TopicTemplate | None = None
    _groups: tuple[tuple[Heard, ...], ...] = ()
    """The cameras chosen, those together that speak alike: one is asked for them all."""
    _several = False

    async def async_step_listen(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose which topics to listen to."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._filter = user_input[CONF_FILTER].strip()
            if _is_filter(self._filter):
                return await self.async_step_listening()
            errors = {CONF_FILTER: "invalid_filter"}
        schema = vol.Schema(
            {vol.Required(CONF_FILTER, default=self._filter): TextSelector()}
        )
        return self.async_show_form(
            step_id="listen",
            data_schema=schema,
            errors=errors,
            description_placeholders={"example": "cameras/#"},
        )

    async def async_step_listening(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Listen to everything that is said there."""
        task = self._task or self._async_start(self._async_listen())
        if self._working:
            return self.async_show_progress(
                step_id="listening",
                progress_action="listen",
                progress_task=task,
                description_placeholders={"filter": self._filter},
            )
        self._task = None
        listener = self._listener
        if listener.heard:
            return self.async_show_progress_done(next_step_id="heard")
        if listener.is_lost:
            return self.async_show_progress_done(next_step_id="filter_lost")
        if listener.is_silent:
            return self.async_show_progress_done(next_step_id="filter_silent")
        return self.async_show_progress_done(next_step_id="not_heard")

    async def async_step_filter_lost(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the broker has closed the connection."""
        return self.async_show_menu(
            step_id="filter_lost",
            menu_options=["listen", "manual"],
            sort=False,
            description_placeholders={"filter": self._filter, "example": "cameras/#"},
        )

    async def async_step_filter_silent(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that nobody was heard at all, which a broker may be the reason of."""
        return self.async_show_menu(
            step_id="filter_silent",
            menu_options=["listen", "manual"],
            sort=False,
            description_placeholders={"filter": self._filter, "example": "cameras/#"},
        )

    async def async_step_not_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what was heard when it was no camera."""
        return self.async_show_menu(
            step_id="not_heard",
            menu_options=["listen", "manual"],
            sort=False,
            description_placeholders={
                "filter": self._filter,
                "refused": await self._async_refused(),
            },
        )

    async def async_step_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose some of the cameras heard."""
        cameras = {
            f"{heard.sn} {heard.topic}": heard
            for heard in self._listener.heard.values()
        }
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen = [cameras[key] for key in user_input[CONF_SN]]
            self._several = len(chosen) > 1
            if not self._several and chosen:
                await self.async_set_unique_id(chosen[0].sn, raise_on_progress=False)
                self._abort_if_unique_id_configured()
            if chosen:
                self._to_add = []
                groups = groupby(sorted(chosen, key=_speaks), key=_speaks)
                self._groups = tuple(tuple(group) for _, group in groups)
                return await self.async_step_ask()
            errors = {CONF_SN: "none_chosen"}
        options = [
            SelectOptionDict(value=key, label=_label(cameras[key]))
            for key in sorted(cameras)
        ]
        return self.async_show_form(
            step_id="heard",
            data_schema=select_schema(CONF_SN, options, every=len(options) == 1),
            errors=errors,
            description_placeholders={"refused": await self._async_refused()},
        )

    async def async_step_ask(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Agree to where the camera is asked; nothing is published elsewhere."""
        self._sn, self._up = self._groups[0][0].sn, self._groups[0][0].up
        candidates = self._candidates()
        if user_input is not None:
            chosen = user_input[CONF_DOWN]
            self._downs = tuple(x for x in candidates if x.template in chosen)
            return await self.async_step_asking()
        options = [
            SelectOptionDict(value=down.template, label=down.topic(self._sn))
            for down in candidates
        ]
        return self.async_show_form(
            step_id="ask",
            data_schema=select_schema(CONF_DOWN, options),
            description_placeholders={
                CONF_SN: self._sn,
                CONF_UP: self._up.topic(self._sn),
            },
        )

    async def async_step_asking(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the camera on one topic after the other."""
        task = self._task or self._async_start(self._async_ask())
        if self._working:
            return self.async_show_progress(
                step_id="asking",
                progress_action="ask",
                progress_task=task,
                description_placeholders={CONF_SN: self._sn},
            )
        self._task = None
        group, self._groups = self._groups[0], self._groups[1:]
        if (down := self._answered) is not None:
            self._down = down
            self._there[self._sn] = True
            self._to_add += [
                NewCamera(ListedCamera(sn=heard.sn), heard.up, down) for heard in group
            ]
        if self._groups:
            return self.async_show_progress_done(next_step_id="ask")
        return self.async_show_progress_done(next_step_id=self._asked())

    def _asked(self) -> str:
        """Return the step that follows when all were asked."""
        if self._several and self._to_add:
            return "list_adding"
        if self._answered is not None:
            return "confirm"
        self._down = self._candidates()[0]
        self._tried = tuple(down.topic(self._sn) for down in self._downs)
        return "manual"

    async def _async_listen(self) -> None:
        """Listen, and show how much of the time is over."""
        self._listener = Listener(self.hass)
        since = self.hass.loop.time()

        @callback
        def show(_now: datetime) -> None:
            passed = (self.hass.loop.time() - since) / LISTEN_SECONDS
            self.async_update_progress(min(passed, 1.0))

        stop = async_track_time_interval(self.hass, show, PROGRESS_INTERVAL)
        try:
            await self._listener.async_listen(self._filter)
        except SnapcamNotConnectedError:
            self._listener.is_lost = True
        finally:
            stop()

    async def _async_ask(self) -> None:
        """Ask the camera, and remember where it answered."""
        self._answered = None
        with suppress(SnapcamError):
            self._answered = await async_ask_each(
                self.hass, self._sn, self._up, self._downs
            )
        if self._answered is not None and not self._several:
            await self._async_preview()

    def _candidates(self) -> list[TopicTemplate]:
        """Return where the camera may listen, the likeliest first."""
        beside = async_get_hub(self.hass).known_down(self._up)
        told = listening_candidates(self._up)
        every = dict.fromkeys((beside, *told) if beside else told)
        return [down for down in every if _is_topic(down.topic(self._sn))]

    async def _async_refused(self) -> str:
        """Return the list of what looked like a camera's message, and why it is none."""
        # A form has one text for all: what is listed in it is not told by its user.
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )
        named = f"component.{DOMAIN}.selector.refusal.options"
        heard = {topic for _, topic in self._listener.heard}
        lines = [
            f"- `{_plain(topic)}`: {texts[f'{named}.{reason}']}"
            for topic, reason in sorted(self._listener.refused.items())
            if topic not in heard
        ]
        more = len(lines) - REFUSED_SHOWN
        return "\n".join(lines[:REFUSED_SHOWN] + [f"- … (+{more})"] * (more > 0)) or "–"


def _speaks(heard: Heard) -> str:
    """Return where a camera speaks, as all that are set alike do."""
    return heard.up.template


def _label(heard: Heard) -> str:
    """Return how a camera is listed: what it is, where it speaks, what it says."""
    return f"{heard.sn} · {_plain(heard.topic)} · {', '.join(sorted(heard.kinds))}"


def _plain(topic: str) -> str:
    """Return a topic as text that cannot be taken for anything else."""
    return parse_text(topic).replace("`", "'")


def _is_filter(topic_filter: str) -> bool:
    """Return whether a filter can be subscribed to, and is nobody's but the cameras'."""
    try:
        return not mqtt.valid_subscribe_topic(topic_filter).startswith("$")
    except vol.Invalid:
        return False


def _is_topic(topic: str) -> bool:
    """Return whether a camera can listen on a topic."""
    try:
        check_topic(topic)
    except vol.Invalid:
        return False
    return True
