"""What one knocks about: the questionnaires of a courtyard, and who has answered them already."""

from datetime import datetime

from sqlalchemy import exists, select

from surveys.base.db import db
from surveys.courtyards import visiting
from surveys.courtyards.doors import Heard, Subject
from surveys.courtyards.models import Visit
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
    heard = _heard([questionnaire.id for questionnaire in found])
    return [
        Subject(q.id, q.title, f"/desk/questionnaire/{q.id}/key-in", heard.get(q.id, {}))
        for q in found
    ]


def _heard(questionnaire_ids: list[str]) -> dict[str, dict[str, Heard]]:
    """How each household answered whose answer counts, by questionnaire."""
    rows = db.session.execute(
        select(
            Response.questionnaire_id, Response.household_id, Response.channel, Response.relation
        ).where(
            Response.questionnaire_id.in_(questionnaire_ids),
            Response.household_id.is_not(None),
            current(),
        )
    )
    found: dict[str, dict[str, Heard]] = {}
    for questionnaire_id, household_id, channel, relation in rows:
        how = Heard(rules.CHANNELS[channel], rules.RELATIONS.get(relation, ""))
        found.setdefault(questionnaire_id, {})[str(household_id)] = how
    return found


def forget_visits(at: datetime) -> int:
    """Delete what was noted at doors: with the answers that it was about, or after a year."""
    noted = exists(select(1).where(Visit.about == Questionnaire.id))
    over = select(Questionnaire.id).where(Questionnaire.kept_until <= at, noted)
    count = visiting._forget(at, db.session.scalars(over).all())
    db.session.commit()
    return count
