"""Add many cameras from one list."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from ..const import CONF_CAMERAS, CONF_DOWN, CONF_SN, CONF_TOPICS, CONF_UP, DOMAIN
from ..helpers import async_to_the_end
from ..link.hub import async_get_hub
from ..protocol import TopicTemplate
from .camera_list import CameraList, ListedCamera, parse_camera_list
from .fleet import NewCamera, async_add_all, async_ask_all, is_set_up
from .steps import SnapcamSteps
from .topics import TOPIC_PLACEHOLDERS, topics_errors, topics_section

SHOWN_LINES: Final = 10
SHOWN_SILENT: Final = 50
SHOW_INTERVAL: Final = timedelta(seconds=1)


class ManySteps(SnapcamSteps):
    """Paste a list, see what is in it, ask all, add them."""

    _text = ""
    _listed = CameraList()

    def __init__(self) -> None:
        """Initialize with nothing listed."""
        super().__init__()
        self._there: dict[str, bool] = {}
        """Of each camera that was asked, whether it answered."""
        self._to_add: list[NewCamera] = []
        self._added: list[ConfigEntry | None] = []

    @callback
    @override
    def async_remove(self) -> None:
        """Let go of the cameras that have answered and were not added after all."""
        for sn in self._there:
            async_get_hub(self.hass).async_forget_probed(sn)
        self._there.clear()

    async def async_step_list(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Paste the list."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._take_list(user_input)
            if not errors:
                return await self.async_step_list_read()
        shown = {CONF_UP: self._up.template, CONF_DOWN: self._down.template}
        schema = vol.Schema(
            {
                vol.Required(CONF_CAMERAS): TextSelector(
                    TextSelectorConfig(multiline=True)
                ),
                **topics_section(
                    shown[CONF_UP],
                    shown[CONF_DOWN],
                    shown,
                    collapsed="base" not in errors,
                ),
            }
        )
        return self.async_show_form(
            step_id="list",
            data_schema=self.add_suggested_values_to_schema(
                schema, {CONF_CAMERAS: self._text}
            ),
            errors=errors,
            description_placeholders=TOPIC_PLACEHOLDERS,
        )

    async def async_step_list_read(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what is in the list, before anything happens."""
        new = self._new()
        return self.async_show_menu(
            step_id="list_read",
            menu_options=["list_ask", "list_add", "list"] if new else ["list"],
            sort=False,
            description_placeholders={
                "new": str(len(new)),
                "known": str(len(self._listed.cameras) - len(new)),
                "wrong": await self._async_wrong_lines(),
            },
        )

    async def async_step_list_ask(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask all whether they are there, but those that have answered already."""
        task = self._task or self._async_start(self._async_ask_all())
        if self._working:
            return self.async_show_progress(
                step_id="list_ask",
                progress_action="list_ask",
                progress_task=task,
                description_placeholders={
                    "answered": str(sum(self._there.values())),
                    "total": str(len(self._new())),
                },
            )
        self._task = None
        task.result()
        return self.async_show_progress_done(
            next_step_id="list_silent" if self._silent() else "list_add"
        )

    async def async_step_list_silent(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say which of them do not answer."""
        new, silent = self._new(), self._silent()
        answered = len(new) - len(silent)
        return self.async_show_menu(
            step_id="list_silent",
            menu_options=["list_add_answered", "list_ask", "list_add", "list"]
            if answered
            else ["list_ask", "list_add", "list"],
            sort=False,
            description_placeholders={
                "answered": str(answered),
                "total": str(len(new)),
                "silent": _shortened([_named(camera) for camera in silent]),
            },
        )

    async def async_step_list_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add all of them."""
        self._to_add = self._reached(self._new())
        return await self.async_step_list_adding()

    async def async_step_list_add_answered(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add those that have answered."""
        self._to_add = self._reached(x for x in self._new() if self._there[x.sn])
        return await self.async_step_list_adding()

    async def async_step_list_adding(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show how many are added so far."""
        task = self._task or self._async_start(self._async_add_all())
        if self._working:
            return self.async_show_progress(
                step_id="list_adding",
                progress_action="list_adding",
                progress_task=task,
                description_placeholders={
                    "added": str(len(self._added)),
                    "total": str(len(self._to_add)),
                },
            )
        self._task = None
        task.result()
        return self.async_show_progress_done(next_step_id="list_added")

    async def async_step_list_added(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say how many were added: each has an entry of its own, and this flow none."""
        added = sum(entry is not None for entry in self._added)
        return self.async_abort(
            reason="cameras_added", description_placeholders={"added": str(added)}
        )

    async def async_step_import(self, import_data: dict[str, Any]) -> ConfigFlowResult:
        """Add one camera of a list."""
        sn = import_data[CONF_SN]
        await self.async_set_unique_id(sn, raise_on_progress=False)
        if is_set_up(self.hass, sn):
            return self.async_abort(reason="already_configured")
        return self._async_add(
            sn, import_data[CONF_NAME], import_data[CONF_UP], import_data[CONF_DOWN], {}
        )

    def _take_list(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Take the list and the topics from a form; return its errors."""
        topics = user_input[CONF_TOPICS]
        self._up = TopicTemplate(topics[CONF_UP].strip())
        self._down = TopicTemplate(topics[CONF_DOWN].strip())
        self._text = user_input[CONF_CAMERAS]
        self._listed = parse_camera_list(self._text)
        # Whoever was asked was asked on other topics, perhaps.
        self.async_remove()
        if self._listed.is_too_long:
            return {CONF_CAMERAS: "list_too_long"}
        if not self._listed.cameras:
            return {CONF_CAMERAS: "no_list"}
        return topics_errors(self._up, self._down, self._listed.cameras[0].sn)

    def _new(self) -> list[ListedCamera]:
        """Return the cameras of the list that are not set up yet."""
        return [x for x in self._listed.cameras if not is_set_up(self.hass, x.sn)]

    def _reached(self, cameras: Iterable[ListedCamera]) -> list[NewCamera]:
        """Return cameras of the list with the topics of all."""
        return [NewCamera(camera, self._up, self._down) for camera in cameras]

    def _silent(self) -> list[ListedCamera]:
        """Return the cameras that have not answered."""
        return [x for x in self._new() if not self._there.get(x.sn)]

    async def _async_wrong_lines(self) -> str:
        """Return how many lines are wrong, and why the first ones are."""
        wrong = self._listed.wrong
        if not wrong:
            return "0"
        # A menu has one text for all: what is listed in it is not told by its user.
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )
        named = f"component.{DOMAIN}.selector.list_line.options"
        lines = [
            texts[f"{named}.{line.error}"].format(line=line.number)
            for line in wrong[:SHOWN_LINES]
        ]
        more = ["…"] if len(wrong) > SHOWN_LINES else []
        return f"{len(wrong)} ({'; '.join(lines + more)})"

    async def _async_ask_all(self) -> None:
        """Ask those that have not answered yet."""
        sns = [camera.sn for camera in self._silent()]
        with self._shown_meanwhile():
            await async_ask_all(
                self.hass, sns, self._up, self._down, self._there.__setitem__
            )

    async def _async_add_all(self) -> None:
        """Add cameras, to the end even if nobody looks any more."""
        adding = async_add_all(self.hass, self._to_add, self._added.append)
        with self._shown_meanwhile():
            await async_to_the_end(self.hass, adding, "snapcam list of cameras")

    @contextmanager
    def _shown_meanwhile(self) -> Generator[None]:
        """Have the progress shown again each second."""

        @callback
        def show(_now: datetime) -> None:
            self.async_notify_flow_changed()

        stop = async_track_time_interval(self.hass, show, SHOW_INTERVAL)
        try:
            yield
        finally:
            stop()


def _shortened(texts: list[str]) -> str:
    """Return texts one after the other, but not too many."""
    more = len(texts) - SHOWN_SILENT
    return ", ".join(texts[:SHOWN_SILENT] + [f"… (+{more})"] * (more > 0))


def _named(camera: ListedCamera) -> str:
    """Return what a camera is called in the list."""
    return f"{camera.name} ({camera.sn})" if camera.name else camera.sn
