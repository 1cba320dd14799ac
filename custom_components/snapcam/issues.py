"""Repair issues: those of one camera, and those that all who have it share."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

NO_LAN_ADDRESS: Final = "no_lan_address"
ROLL_OUT_STOPPED: Final = "roll_out_stopped"
STORAGE_FAILED: Final = "storage_failed"
STORAGE_LOW: Final = "storage_low"

COMMANDS_UNANSWERED: Final = "commands_unanswered"
HB_INTERVAL: Final = "hb_interval"
NO_TIME: Final = "no_time"
OUTPUT_LEFT: Final = "output_left"
UNREADABLE: Final = "unreadable"
WRONG_CLOCK: Final = "wrong_clock"
WRONG_CLOCK_FUTURE: Final = "wrong_clock_future"
WRONG_CLOCK_HOURS_AHEAD: Final = "wrong_clock_hours_ahead"
WRONG_CLOCK_HOURS_BEHIND: Final = "wrong_clock_hours_behind"
WRONG_CLOCK_MINUTES_AHEAD: Final = "wrong_clock_minutes_ahead"
WRONG_CLOCK_MINUTES_BEHIND: Final = "wrong_clock_minutes_behind"
WRONG_CLOCK_PAST: Final = "wrong_clock_past"
WRONG_CLOCK_ZONE_AHEAD: Final = "wrong_clock_zone_ahead"
WRONG_CLOCK_ZONE_BEHIND: Final = "wrong_clock_zone_behind"
WRONG_SN: Final = "wrong_sn"
WRONG_SN_HTTP: Final = "wrong_sn_http"

WRONG_SN_SECONDS: Final = 300.0
"""So long no wrong serial number has come when that counts as mended: another camera
may go on with it while this one is fine."""

OF_ONE_CAMERA: Final = (
    COMMANDS_UNANSWERED,
    HB_INTERVAL,
    NO_TIME,
    OUTPUT_LEFT,
    UNREADABLE,
    WRONG_CLOCK,
    WRONG_SN,
    WRONG_SN_HTTP,
)
OF_ALL_CAMERAS: Final = (NO_LAN_ADDRESS, STORAGE_FAILED, STORAGE_LOW)

FIXABLE: Final = (HB_INTERVAL, NO_TIME, OUTPUT_LEFT, WRONG_CLOCK)

LASTING: Final = (OUTPUT_LEFT,)
"""Those that are about the world, not the entry: they outlast it."""

CONCERNED: HassKey[dict[str, set[str]]] = HassKey(f"{DOMAIN}_issues")
"""The serial numbers of the cameras that have an issue."""


@callback
def async_report(hass: HomeAssistant, issue: str, sn: str, **placeholders: str) -> bool:
    """Report an issue of a camera; the first one that has it makes it appear.

    Returns:
        Whether it is the first one.
    """
    concerned = hass.data.setdefault(CONCERNED, {}).setdefault(issue, set())
    first = not concerned
    concerned.add(sn)
    if first:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue,
            translation_placeholders=placeholders,
        )
    return first


@callback
def async_withdraw(hass: HomeAssistant, issue: str, sn: str | None = None) -> None:
    """Withdraw an issue of a camera, or of all; without any it disappears."""
    if not (concerned := hass.data.get(CONCERNED, {}).get(issue)):
        return
    concerned.difference_update(concerned.copy() if sn is None else {sn})
    if not concerned:
        ir.async_delete_issue(hass, DOMAIN, issue)


@callback
def async_withdraw_all(hass: HomeAssistant, sn: str) -> None:
    """Withdraw all issues of a camera that is not set up any more."""
    for issue in OF_ALL_CAMERAS:
        async_withdraw(hass, issue, sn)


class CameraIssues:
    """The issues that only one camera has: each appears once, and goes by itself."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize with those that were there before it was reloaded.

        They go by themselves as any other; an ignored one that were made anew would
        not be ignored any more.
        """
        self._hass = hass
        self._entry = entry
        known = {i: self._known(i) for i in OF_ONE_CAMERA}
        self._present = {
            i: issue.translation_key for i, issue in known.items() if issue
        }
        self._wrong_sn_at = self._unreadable_at = 0.0

    @callback
    def async_raise(
        self, issue: str, *, text: str | None = None, **placeholders: str
    ) -> None:
        """Have an issue appear, unless it is there.

        Args:
            issue: What is wrong.
            text: Which of its texts says it; without one it has only one text.
            placeholders: What the text names.
        """
        text = text or issue
        if self._present.get(issue) == text:
            return
        self._present[issue] = text
        placeholders = {key: _as_code(text) for key, text in placeholders.items()}
        placeholders["name"] = self._entry.title
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._id(issue),
            data={"entry_id": self._entry.entry_id, **placeholders},
            is_fixable=issue in FIXABLE,
            is_persistent=issue in LASTING,
            severity=ir.IssueSeverity.WARNING,
            translation_key=text,
            translation_placeholders=placeholders,
        )

    @callback
    def async_clear(self, *issues: str) -> None:
        """Have issues disappear, if they are there."""
        # Every heartbeat asks, and mostly there are none.
        for issue in self._present.keys() & issues if self._present else ():
            del self._present[issue]
            ir.async_delete_issue(self._hass, DOMAIN, self._id(issue))

    @callback
    def async_note_wrong_sn(self, issue: str, **placeholders: str) -> None:
        """Note a message with a serial number that does not belong there."""
        self._wrong_sn_at = self._hass.loop.time()
        self.async_raise(issue, **placeholders)

    @callback
    def async_note_unreadable(self, reason: str) -> None:
        """Note a message that cannot be read."""
        self._unreadable_at = self._hass.loop.time()
        self.async_raise(UNREADABLE, reason=reason)

    @callback
    def async_note_right_sn(self) -> None:
        """Note a message that is in order, and whether they all are by now."""
        now = self._hass.loop.time()
        if now - self._wrong_sn_at > WRONG_SN_SECONDS:
            self.async_clear(WRONG_SN, WRONG_SN_HTTP)
        if now - self._unreadable_at > WRONG_SN_SECONDS:
            self.async_clear(UNREADABLE)

    @callback
    def async_clear_all(self) -> None:
        """Have all issues disappear that are about an entry nobody uses any more."""
        self.async_clear(*self._present.keys() - LASTING)

    def _known(self, issue: str) -> ir.IssueEntry | None:
        """Return an issue that was there before."""
        return ir.async_get(self._hass).async_get_issue(DOMAIN, self._id(issue))

    def _id(self, issue: str) -> str:
        """Return the id of an issue of this camera."""
        # Diagnostics quote it, and are to be shown around: no serial number here.
        return f"{issue}_{self._entry.entry_id}"


def _as_code(text: str) -> str:
    """Return a text that does not end the code it is shown as: a stranger may choose it."""
    return text.replace("`", "'")
