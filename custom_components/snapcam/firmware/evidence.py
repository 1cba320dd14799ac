"""What can be seen of a camera in a roll-out: whether it is there, and how it ended."""

from enum import Enum, auto
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState

from ..models import Offer
from ..protocol import (
    SnapcamError,
    SnapcamNoAnswerError,
    SnapcamNotConnectedError,
    SnapcamRefusedError,
)
from .errors import (
    SnapcamInstallingError,
    SnapcamNotBackError,
    SnapcamNotFetchedError,
    SnapcamNothingOfferedError,
    SnapcamNotRestartedError,
    SnapcamOtherVersionError,
)
from .install import Ending
from .rollout import RollOut, Step

type Changes = dict[str, Any]
"""What is new of a camera in a roll-out."""

REASONS: Final = {
    Ending.REFUSED: SnapcamRefusedError,
    Ending.NOT_ANSWERED: SnapcamNoAnswerError,
    Ending.LOST: SnapcamNoAnswerError,
    **{
        error.__name__: error
        for error in (
            SnapcamNotBackError,
            SnapcamNotFetchedError,
            SnapcamNotRestartedError,
            SnapcamOtherVersionError,
        )
    },
}
"""The errors of installs that have failed, by how these have ended."""

BROKEN: Final = (ConfigEntryState.SETUP_ERROR, ConfigEntryState.MIGRATION_ERROR)


class Reach(Enum):
    """Whether a camera can be told to install something."""

    READY = auto()
    UNKNOWN = auto()
    """Not now; but nothing says that it is gone."""
    AWAY = auto()


def reach(entry: ConfigEntry) -> Reach:
    """Return whether a camera can be told to install something."""
    if entry.state is not ConfigEntryState.LOADED:
        return Reach.AWAY if entry.state in BROKEN else Reach.UNKNOWN
    data, firmware = entry.runtime_data.data, entry.runtime_data.firmware
    if not data.connected or data.online is None or firmware.under_way:
        return Reach.UNKNOWN
    return Reach.READY if data.online else Reach.AWAY


def is_offered(entry: ConfigEntry, offer: Offer) -> bool:
    """Return whether a camera is offered this, and nothing else by now."""
    return Offer.from_options(entry.options) == offer


async def async_try(entry: ConfigEntry, roll_out: RollOut) -> Changes | None:
    """Install a firmware on a camera that needs it, and return what came of it.

    It is asked for its settings before: one that does not answer that is not put at
    risk, and one that reports the version has it already.

    Returns:
        None if the camera was reloaded; the install goes on.
    """
    coordinator = entry.runtime_data
    if not is_offered(entry, roll_out.offer):
        return _lacking(Step.SKIPPED, SnapcamNothingOfferedError("withdrawn"))
    try:
        await coordinator.settings.async_read()
    except SnapcamError:
        return {"step": Step.LEFT}
    if coordinator.firmware.installed_version == roll_out.offer.version:
        return {"step": Step.DONE}
    try:
        await coordinator.firmware.async_install(roll_out.id)
    except SnapcamError as err:
        if coordinator.client.closed:
            return None
        install = coordinator.data.install
        if install is None or install.rollout != roll_out.id:
            return _not_begun(err)
        changes = _ended(install.ended, roll_out)
        if changes is not None and changes["step"] is Step.FAILED:
            changes = _lacking(Step.FAILED, err)
        return changes
    return {"step": Step.DONE, "proven": True}


def outcome(entry: ConfigEntry, roll_out: RollOut) -> Changes | None:
    """Return how an install has ended that nobody waits for; None if it is not known."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    install = entry.runtime_data.data.install
    if install is None or install.rollout != roll_out.id:
        # Home Assistant was stopped before it asked.
        return {"step": Step.LEFT}
    return _ended(install.ended, roll_out)


def _ended(how: str | None, roll_out: RollOut) -> Changes | None:
    """Return what the end of an install says; None while it has none.

    If the broker was lost while the camera was asked, it may have been told where the
    package is, but is not given it any more: unless that is at somebody else's.
    """
    match how:
        case None:
            return None
        case Ending.CONFIRMED:
            return {"step": Step.DONE, "proven": True}
        case Ending.NOT_ASKED:
            return {"step": Step.LEFT}
        case Ending.LOST if roll_out.offer.package:
            return {"step": Step.LEFT}
    error = REASONS.get(how, SnapcamNoAnswerError)
    return {"step": Step.FAILED, "why": error.translation_key, "details": {}}


def _not_begun(err: SnapcamError) -> Changes:
    """Return what follows if an install could not even begin."""
    match err:
        case SnapcamNothingOfferedError():
            return _lacking(Step.SKIPPED, err)
        case SnapcamInstallingError() | SnapcamNotConnectedError():
            return {"step": Step.LEFT}
    # Not the camera's fault, and the same with all others.
    return _lacking(Step.LEFT, err)


def _lacking(step: Step, err: SnapcamError) -> Changes:
    """Return where a camera is, and what it lacks."""
    return {"step": step, "why": err.translation_key, "details": err.placeholders}
