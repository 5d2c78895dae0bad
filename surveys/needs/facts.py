"""What a need is, where it is, who sees to it and by when: beside its title and its category."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from surveys.accounts.rules import tidy
from surveys.base import audit, clock
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid
from surveys.needs import keeping
from surveys.needs.models import Need, NeedKind
from surveys.needs.rules import DUE_WITHIN, FACT_MOST

KINDS: Mapping[NeedKind, str] = {
    NeedKind.PROBLEM: N_("问题"),
    NeedKind.WISH: N_("需求"),
    NeedKind.IDEA: N_("建议"),
}
"""What sort of matter it is, in words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one form says about a need."""

    kind: NeedKind | None = None
    place: str = ""
    leads: str = ""
    due_on: date | None = None

    @classmethod
    def of(cls, need: Need) -> "Facts":
        """As they stand."""
        kind = NeedKind(need.kind) if need.kind else None
        return cls(kind, need.place, need.leads, need.due_on)

    @classmethod
    def read(cls, plain: Mapping[str, str | None]) -> "Facts":
        """Out of the trail."""
        kind, due_on = plain["kind"], plain["due_on"]
        return cls(
            NeedKind(kind) if kind else None,
            plain["place"] or "",
            plain["leads"] or "",
            date.fromisoformat(due_on) if due_on else None,
        )

    @property
    def mark(self) -> str:
        """Tells these facts from others, for a form to bring back."""
        return keeping.mark(self.plain)

    @property
    def plain(self) -> dict[str, str | None]:
        """As the trail keeps them."""
        return {
            "kind": self.kind.value if self.kind else None,
            "place": self.place,
            "leads": self.leads,
            "due_on": self.due_on.isoformat() if self.due_on else None,
        }


def set_facts(need: Need, facts: Facts, *, seen: str | None = None, by: str, at: datetime) -> None:
    """Say what a need is, where, who sees to it, and by when it is to be answered.

    Args:
        seen: the `mark` of the facts that were on the page, where there was one: what another
            wrote meanwhile is not wiped out unread.

    Raises:
        Invalid: something is too long, or the day has passed or lies years ahead.
        Refused: it was merged into another, or somebody has changed it meanwhile.
    """
    keeping.lock_needs([need.id])
    keeping.check_root(need)
    before = Facts.of(need)
    said = _checked(facts, before, need.courtyard_id, at)
    if said == before:
        db.session.rollback()  # sent twice
        return
    keeping.check_seen(seen, before.mark)
    _put(need, said)
    keeping.note("need.facts", need, by, at, title=need.title, was=before.plain, now=said.plain)
    db.session.commit()


def _put(need: Need, facts: Facts) -> None:
    """Part of an act: the need is locked."""
    need.kind, need.place = facts.kind, facts.place
    need.leads, need.due_on = facts.leads, facts.due_on


def _checked(facts: Facts, before: Facts, courtyard_id: str, at: datetime) -> Facts:
    place, leads = tidy(facts.place), tidy(facts.leads)
    if max(len(place), len(leads)) > FACT_MOST:
        raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=FACT_MOST)
    today = clock.day(at, db.session.get_one(Courtyard, courtyard_id).zone)
    if facts.due_on is not None and facts.due_on != before.due_on:
        if facts.due_on < today:
            raise Invalid(N_("答复的日子已经过去了。请写今天或往后的一天。"))
        if facts.due_on > today + DUE_WITHIN:
            raise Invalid(N_("答复的日子太远了。请看看年份写对没有。"))
    return Facts(facts.kind, place, leads, facts.due_on)


audit.words({"need.facts": N_("改了“%(title)s”的类型、地点、牵头或答复日")})
