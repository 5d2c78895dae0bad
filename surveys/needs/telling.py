"""What became of a suggestion, told to whoever made it: by its code, or to its household."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from surveys.base import clock
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import NotFound
from surveys.needs import ledger
from surveys.needs.ledger import Row
from surveys.needs.models import Suggestion
from surveys.needs.rules import Outcome, folded, outcome
from surveys.questionnaires import said


@dataclass(frozen=True, slots=True)
class Told:
    """One suggestion as its maker reads it. Never a door."""

    code: str
    courtyard_id: str
    text: str
    received_on: date
    number: int | None
    """None while it waits in an answer that nobody has taken in"""
    outcome: Outcome
    rows: Sequence[Row] = ()
    """the needs that it was put to"""
    withheld: str | None = None
    """why others do not see it"""
    newer: str | None = None
    """code of what replaced it, where one suggestion was asked for"""


def by_code(typed: str) -> Told:
    """What became of the suggestion with this code: its own, or its answer's.

    Raises:
        NotFound: there is none, or it was deleted on the promised day.
    """
    code = folded(typed)
    found = db.session.scalar(
        select(Suggestion).where((Suggestion.id == code) | (Suggestion.answer_id == code))
    )
    if found is not None:
        return replace(_told([found])[0], newer=_newer(found))
    written = said.find(code)
    if written is None:
        raise NotFound(N_("没有这个号。请看看是不是抄全了；到了说好的日子，答卷也会删掉。"))
    return _waiting(written)


def of_household(household: Household, *, skip: int, most: int) -> tuple[list[Told], int]:
    """What a household has said, the newest first, and how much of it there is."""
    own = Suggestion.household_id == household.id
    found = db.session.scalars(
        select(Suggestion).where(own).order_by(Suggestion.number.desc()).offset(skip).limit(most)
    ).all()
    total = db.session.scalar(select(func.count()).select_from(Suggestion).where(own)) or 0
    return _told(found), total


def _told(suggestions: Sequence[Suggestion]) -> list[Told]:
    needs = ledger.needs_of([one.id for one in suggestions])
    roots = {need.id for found in needs.values() for need in found}
    rows = {row.need.id: row for row in ledger.rows_of(roots)}
    return [_one(s, [rows[need.id] for need in needs.get(s.id, ())]) for s in suggestions]


def _one(suggestion: Suggestion, rows: Sequence[Row]) -> Told:
    return Told(
        code=suggestion.id,
        courtyard_id=suggestion.courtyard_id,
        text=suggestion.text,
        received_on=suggestion.received_on,
        number=suggestion.number,
        outcome=outcome(
            {row.lane for row in rows},
            aside=suggestion.set_aside_at is not None,
            replaced=suggestion.superseded_at is not None,
        ),
        rows=rows,
        withheld=suggestion.withheld_reason if suggestion.withheld_at else None,
    )


def _newer(suggestion: Suggestion) -> str | None:
    if suggestion.superseded_at is None or suggestion.answer_id is None:
        return None
    written = said.find(suggestion.answer_id)
    return written.newer if written else None


def _waiting(written: said.Written) -> Told:
    courtyard = db.session.get_one(Courtyard, written.courtyard_id)
    return Told(
        code=written.answer_id,
        courtyard_id=courtyard.id,
        text=written.text,
        received_on=clock.day(written.sent_at, courtyard.zone),
        number=None,
        outcome=Outcome.UNSORTED if written.is_current else Outcome.REPLACED,
        newer=written.newer,
    )
