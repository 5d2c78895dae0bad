"""What is promised at a meeting stands in the ledger: a matter with who sees to it and by when.

Parts of a meeting's act, which holds the meeting's row first; none of them commits.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Refused
from surveys.needs import facts, keeping
from surveys.needs.facts import Facts
from surveys.needs.ledger import root_id
from surveys.needs.models import Need, Placement, Suggestion
from surveys.needs.rules import TITLE_MOST
from surveys.needs.service import _called, _lock, _one_maker_at_a_time
from surveys.needs.undoing import _take_back_need
from surveys.rounds.models import Round

PROMISED = "need.promised"


@dataclass(frozen=True, slots=True)
class Pledge:
    """What was promised."""

    id: str
    """of the promise, by which it is taken back"""
    text: str
    who: str
    due_on: date


def _promise(
    round_: Round, pledge: Pledge, suggestion: Suggestion | None, *, by: str, at: datetime
) -> Need:
    """The matter of the ledger that a promise is about, with who sees to it and by when.

    Where the suggestion was put to one already, that one; else the one of this title, else a new
    one, to which the suggestion is put.

    Raises:
        Invalid: the day has passed or lies years ahead, or who it is is too long.
        Refused: the round has ended, or who said it has taken it back.
    """
    _one_maker_at_a_time(round_.id)
    if suggestion is not None:
        _lock(suggestion, ())
        if suggestion.superseded_at is not None:
            raise Refused(N_("这一条，说的人收回了。"))
    title = _title(pledge.text)
    there = _stands_at(suggestion) or _called(round_.id, title)
    need = there or keeping._new(round_, title, None, None, at)
    before = Facts.of(need)
    wanted = Facts(before.kind, before.place, pledge.who, pledge.due_on)
    said = facts._checked(wanted, before, need.courtyard_id, at)
    facts._put(need, said)
    noted = {"title": need.title, "was": before.plain, "now": said.plain, "made": there is None}
    put = suggestion.id if _put(suggestion, need, by, at) and suggestion else None
    keeping.note(PROMISED, need, by, at, promise=pledge.id, placed=put, **noted)
    db.session.flush()
    return need


def _unpromise(need: Need, promise_id: str) -> None:
    """Undo what the promise did to its matter, as far as nobody has built on it since."""
    entry = _noted(need.id, promise_id)
    keeping.lock_needs([need.id])
    if entry is None:
        return
    noted = entry.facts
    if Facts.of(need).plain == noted["now"]:
        facts._put(need, Facts.read(noted["was"]))  # type: ignore[arg-type]  # as it was noted
    if noted["placed"]:
        db.session.execute(
            delete(Placement).where(
                Placement.suggestion_id == noted["placed"],
                Placement.need_id == need.id,
                Placement.placed_by == entry.account_id,
            )
        )
    db.session.flush()
    if noted["made"]:
        _take_back_need(need.id)


def _noted(need_id: str, promise_id: str) -> AuditEntry | None:
    rows = select(AuditEntry).where(AuditEntry.subject_id == need_id, AuditEntry.act == PROMISED)
    return next((e for e in db.session.scalars(rows) if e.facts["promise"] == promise_id), None)


def _title(text: str) -> str:
    """The matter's title: what was promised, cut where the ledger has no more room."""
    said = tidy(text)
    return said if len(said) <= TITLE_MOST else said[: TITLE_MOST - 1] + "…"


def _stands_at(suggestion: Suggestion | None) -> Need | None:
    """The matter that a suggestion was put to first, as it counts now; locked."""
    if suggestion is None:
        return None
    first = db.session.scalar(
        select(root_id)
        .join(Placement, Placement.need_id == Need.id)
        .where(Placement.suggestion_id == suggestion.id)
        .order_by(Placement.placed_at, Placement.id)
        .limit(1)
    )
    return next(iter(keeping.lock_needs([first])), None) if first else None


def _put(suggestion: Suggestion | None, need: Need, by: str, at: datetime) -> bool:
    """Put the suggestion to the matter, where it is put to none; whether it was put."""
    if suggestion is None:
        return False
    placed = select(Placement.id).where(Placement.suggestion_id == suggestion.id).limit(1)
    if db.session.scalar(placed) is not None:
        return False
    suggestion.set_aside_at = None  # there was a wish in it after all
    db.session.add(
        Placement(suggestion_id=suggestion.id, need_id=need.id, placed_by=by, placed_at=at)
    )
    return True


audit.words({PROMISED: N_("会上答应了“%(title)s”，定了谁办、什么时候")})
