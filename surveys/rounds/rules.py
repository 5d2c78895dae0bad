"""The ladder of a round: which step it stands on, and when a step may close."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from surveys.base.words import N_

FACTS: Mapping[str, str] = {
    "questionnaire_closed": N_("要先有一份问卷收完"),
    "menu_ready": N_("要先有一份菜单"),
    "ballot_published": N_("要先公布点单结果"),
    "notice_closed": N_("要等公示期满、异议都答复"),
    "orders_closed": N_("要等项目都销号"),
    "ratings_closed": N_("要等住户评完"),
}
"""What must hold before a step may close: code → the sentence for when it does not."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step as the ladder shows it."""

    number: int
    name: str
    state: Literal["done", "now", "next"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that one step took, as the timeline of its round shows it."""

    name: str
    state: Literal["done", "now", "next"]
    since: datetime
    until: datetime
    start: int
    """thousandths of the time that the round has taken so far"""
    end: int

    @property
    def days(self) -> int:
        """Whole days, a begun one counting."""
        return -(-(self.until - self.since) // timedelta(days=1))


def may_close(needs: str, facts: Collection[str]) -> bool:
    """Whether a step that needs the fact `needs` (empty for none) may close, given `facts`."""
    return not needs or needs in facts


def ladder(steps: Sequence[tuple[str, bool]]) -> tuple[Rung, ...]:
    """Rungs of (name, closed) in order; the first that is not closed is the one stood on."""
    now = next((n for n, (_name, closed) in enumerate(steps) if not closed), len(steps))
    return tuple(
        Rung(n + 1, name, "done" if closed else "now" if n == now else "next")
        for n, (name, closed) in enumerate(steps)
    )


def timeline(
    steps: Sequence[tuple[str, datetime | None]], begun: datetime, at: datetime
) -> tuple[Span, ...]:
    """The times of (name, when it closed) in order, as they stand at `at`.

    A step begins where the one before it ended; what has not begun takes no time yet.
    """
    found: list[Span] = []
    rungs = ladder([(name, closed is not None) for name, closed in steps])
    since, last = begun, max([at, begun, *(closed for _name, closed in steps if closed)])
    for rung, (name, closed) in zip(rungs, steps, strict=True):
        until = max(since, closed or (at if rung.state == "now" else since))
        start, end = (_thousandths(moment - begun, last - begun) for moment in (since, until))
        found.append(Span(name, rung.state, since, until, start, end))
        since = until
    return tuple(found)


def _thousandths(part: timedelta, whole: timedelta) -> int:
    return part * 1000 // whole if whole else 0
