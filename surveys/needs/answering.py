"""Nothing is left unanswered silently: what was adopted, and what waits longer than it should."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.needs.ledger import STATES, Row, Said, root_id
from surveys.needs.models import Lane, Need, Placement, Suggestion
from surveys.needs.rules import TAKEN_UP, Adoption, unanswered_before
from surveys.rounds.models import Round

LISTED = 10
"""suggestions of the overdue list that are shown; the rest are counted"""


@dataclass(frozen=True, slots=True)
class Overdue:
    """What waits longer than it should."""

    needs: Sequence[Need]
    """undecided past the day by which they were to be answered, the longest first"""
    said: Sequence[Said]
    """the first suggestions that nobody has sorted in time"""
    suggestions: int
    """how many such suggestions there are"""

    @property
    def total(self) -> int:
        """Needs and suggestions together."""
        return len(self.needs) + self.suggestions


def adopted(round_id: str, rows: Sequence[Row]) -> Adoption:
    """How many of the suggestions put to needs led to something. One of several needs is enough.

    Args:
        rows: the ledger of the round.
    """
    put = (
        select(func.count(Placement.suggestion_id.distinct()))
        .join(Need, Need.id == Placement.need_id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(Need.round_id == round_id, Suggestion.superseded_at.is_(None))
    )
    taken_up = [row.need.id for row in rows if row.lane in TAKEN_UP]
    adopted = db.session.scalar(put.where(root_id.in_(taken_up))) if taken_up else 0
    return Adoption(adopted or 0, db.session.scalar(put) or 0)


def overdue(round_: Round, today: date, answer_days: int) -> Overdue:
    """What waits longer than it should, on that day of the courtyard."""
    late = _late_suggestions(round_.id, today, answer_days)
    said = (
        select(Suggestion, Household.building)
        .outerjoin(Household, Household.id == Suggestion.household_id)
        .where(late)
        .order_by(Suggestion.received_on, Suggestion.number)
        .limit(LISTED)
    )
    needs = select(Need).where(_late_needs(round_.id, today)).order_by(Need.due_on, Need.id)
    return Overdue(
        list(db.session.scalars(needs)),
        [Said(suggestion, building) for suggestion, building in db.session.execute(said)],
        db.session.scalar(select(func.count()).select_from(Suggestion).where(late)) or 0,
    )


def count_overdue(round_: Round, today: date, answer_days: int) -> int:
    """How much waits longer than it should; one statement."""
    needs = select(func.count()).select_from(Need).where(_late_needs(round_.id, today))
    said = select(func.count()).select_from(Suggestion)
    late = said.where(_late_suggestions(round_.id, today, answer_days))
    return db.session.scalar(select(needs.scalar_subquery() + late.scalar_subquery())) or 0


def _late_needs(round_id: str, today: date) -> ColumnElement[bool]:
    """Undecided past their day; one merged with something in the menu goes there with it."""
    other = aliased(Need)
    in_menu = exists(select(1).where(other.merged_into_id == Need.id, other.lane == Lane.MENU))
    return and_(
        Need.round_id == round_id,
        Need.merged_into_id.is_(None),
        Need.lane == Lane.OPEN,
        Need.due_on < today,
        ~in_menu,
    )


def _late_suggestions(round_id: str, today: date, answer_days: int) -> ColumnElement[bool]:
    return and_(
        Suggestion.round_id == round_id,
        STATES["unsorted"],
        Suggestion.received_on < unanswered_before(today, answer_days),
    )
