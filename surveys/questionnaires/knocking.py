"""What one knocks about: the questionnaires of a courtyard, and who has answered them already."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, exists, select

from surveys.base.db import db
from surveys.courtyards import visiting
from surveys.courtyards.doors import Heard, Subject
from surveys.courtyards.models import Household, Visit
from surveys.questionnaires import rules, service
from surveys.questionnaires.models import Questionnaire, Response
from surveys.questionnaires.received import current


def subjects(courtyard_id: str, at: datetime) -> list[Subject]:
    """Those that take answers, and behind them those that have closed: paper may still come in."""
    every = service.of_courtyard(courtyard_id)
    found = [
        *service.open_among(every, at),
        *(q for q in service.closed_among(every, at) if q.kept_until > at),
    ]
    return [
        Subject(
            q.id,
            q.title,
            f"/desk/questionnaire/{q.id}/key-in",
            has_answered(q.id),
            partial(_heard, q.id),
        )
        for q in found
    ]


def has_answered(questionnaire_id: str) -> ColumnElement[bool]:
    """The condition of a household whose answer counts."""
    return Household.id.in_(
        select(Response.household_id).where(
            Response.questionnaire_id == questionnaire_id,
            Response.household_id.is_not(None),
            current(),
        )
    )


def _heard(questionnaire_id: str, household_ids: Collection[str]) -> dict[str, Heard]:
    """How those of these households answered whose answer counts."""
    rows = db.session.execute(
        select(Response.household_id, Response.channel, Response.relation).where(
            Response.questionnaire_id == questionnaire_id,
            Response.household_id.in_(household_ids),
            current(),
        )
    )
    return {
        str(household_id): Heard(rules.CHANNELS[channel], rules.RELATIONS.get(relation, ""))
        for household_id, channel, relation in rows
    }


def forget_visits(at: datetime) -> int:
    """Delete what was noted at doors: with the answers that it was about, or after a year."""
    noted = exists(select(1).where(Visit.about == Questionnaire.id))
    over = select(Questionnaire.id).where(Questionnaire.kept_until <= at, noted)
    count = visiting._forget(at, db.session.scalars(over).all())
    db.session.commit()
    return count
