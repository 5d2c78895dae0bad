"""The ladder of a round: which step it stands on, and when a step may close."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
