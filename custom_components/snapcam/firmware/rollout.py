"""A firmware for many cameras, as a value: what is wanted, and how far each camera is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..models import Offer
from ..stored import Stored


class Status(StrEnum):
    """How a roll-out is."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    ABORTED = "aborted"
    FINISHED = "finished"


ACTIVE: Final = (Status.RUNNING, Status.PAUSED, Status.STOPPED)
"""While it is one of these, there can be no other roll-out."""


class Step(StrEnum):
    """How far a camera is."""

    LEFT = "left"
    INSTALLING = "installing"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A camera in a roll-out."""

    step: Step = Step.LEFT
    why: str | None = None
    """What it lacks: the key of the text of an error."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What that text names."""
    proven: bool = False
    """Whether this roll-out has installed it, rather than found it there."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many cameras are updated, and when."""

    first: int
    at_once: int
    stop_after_failures: int
    pause: timedelta
    window: tuple[time, time] | None
    """From when to when an install may begin, by Home Assistant's clock."""
    wait_offline: bool

    def opens(self, now: datetime) -> datetime:
        """Return when the next install may begin by the window: now, if it is open.

        Args:
            now: The local time.
        """
        if self.window is None:
            return now
        start, end = self.window
        clock = now.time()
        if start < end:
            is_open = start <= clock < end
        else:
            is_open = clock >= start or clock < end
        if is_open:
            return now
        return dt_util.find_next_time_expression_time(
            now, [start.second], [start.minute], [start.hour]
        )

    def as_stored(self) -> dict[str, Any]:
        """Return what is to survive a restart."""
        return {
            **asdict(self),
            "pause": self.pause.total_seconds(),
            "window": self.window and [moment.isoformat() for moment in self.window],
        }

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> Plan:
        """Return the plan that survived a restart.

        Raises:
            KeyError, TypeError, ValueError: It cannot be read.
        """
        window = values["window"]
        return cls(
            first=values["first"],
            at_once=values["at_once"],
            stop_after_failures=values["stop_after_failures"],
            pause=timedelta(seconds=values["pause"]),
            window=window
            and (time.fromisoformat(window[0]), time.fromisoformat(window[1])),
            wait_offline=values["wait_offline"],
        )


@dataclass(frozen=True, kw_only=True)
class RollOut:
    """A firmware that is installed on one camera after the other."""

    id: str
    offer: Offer
    plan: Plan
    members: Mapping[str, Member]
    """Each camera by its entry, in the order in which they are updated."""
    status: Status = Status.RUNNING
    accepted: int = 0
    """The failures a person has seen when they let it go on."""
    paused_from: datetime | None = None
    """When the last install ended."""

    def of(self, *steps: Step) -> list[str]:
        """Return the cameras that are so far."""
        return [x for x, member in self.members.items() if member.step in steps]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many cameras are how far."""
        counted = Counter(member.step for member in self.members.values())
        return {step.value: counted[step] for step in Step}

    @property
    def must_stop(self) -> bool:
        """Return whether too many cameras failed, or none can be updated at all."""
        failed = len(self.of(Step.FAILED)) - self.accepted
        return failed >= self.plan.stop_after_failures or any(
            member.why for member in self.members.values() if member.step is Step.LEFT
        )

    @property
    def wave(self) -> int:
        """Return how many cameras may be updated together next.

        The first ones prove the firmware; until as many as that have, no others follow.
        """
        proven = sum(member.proven for member in self.members.values())
        canaries = self.plan.first - proven
        return min(self.plan.at_once, canaries if canaries > 0 else self.plan.at_once)

    def starts_at(self, now: datetime) -> datetime:
        """Return when the next wave may begin: now, if nothing is in the way."""
        if self.paused_from is not None:
            # The clock may have been put back since.
            rest = min(self.paused_from + self.plan.pause - now, self.plan.pause)
            if rest > timedelta():
                return self.plan.opens(dt_util.as_local(now + rest))
        return self.plan.opens(dt_util.as_local(now))

    def with_member(self, entry_id: str, **changes: Any) -> RollOut:
        """Return it after a camera went on."""
        member = replace(self.members[entry_id], **changes)
        ended = member.proven or member.step is Step.FAILED
        return replace(
            self,
            members={**self.members, entry_id: member},
            paused_from=dt_util.utcnow() if ended else self.paused_from,
        )

    def without(self, entry_id: str) -> RollOut:
        """Return it without a camera that is not there any more."""
        members = {x: member for x, member in self.members.items() if x != entry_id}
        return replace(self, members=members)

    def as_stored(self) -> dict[str, Any]:
        """Return what is to survive a restart."""
        return {
            "id": self.id,
            "offer": asdict(self.offer),
            "plan": self.plan.as_stored(),
            "members": {x: asdict(member) for x, member in self.members.items()},
            "status": self.status,
            "accepted": self.accepted,
            "paused_from": self.paused_from and self.paused_from.isoformat(),
        }

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> RollOut:
        """Return the roll-out that survived a restart.

        Raises:
            KeyError, TypeError, ValueError: It cannot be read.
        """
        offer = Offer.from_options({"firmware": values["offer"]})
        if offer is None:
            raise ValueError("no offer")
        return cls(
            id=values["id"],
            offer=offer,
            plan=Plan.from_stored(values["plan"]),
            members={
                x: Member(**{**member, "step": Step(member["step"])})
                for x, member in values["members"].items()
            },
            status=Status(values["status"]),
            accepted=values["accepted"],
            paused_from=Stored(values).moment("paused_from"),
        )
