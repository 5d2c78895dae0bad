"""Answers are deleted on the day that their first screen named."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.questionnaires.models import Answer, Questionnaire, Response

audit.words({"questionnaire.forgotten": N_("“%(title)s”的答卷到期，删掉了 %(n)s 份")})


def expired(at: datetime) -> list[str]:
    """Ids of the questionnaires whose answers were to be kept until before `at`, and still are."""
    held = exists(select(1).where(Response.questionnaire_id == Questionnaire.id))
    found = select(Questionnaire.id).where(Questionnaire.kept_until <= at, held)
    return list(db.session.scalars(found.order_by(Questionnaire.id)))


def _forget(questionnaire_id: str, at: datetime) -> int:
    """Delete every answer and response of it; how many responses. Never commits.

    Whoever keeps something of an answer lets go of it before.
    """
    questionnaire = db.session.get_one(Questionnaire, questionnaire_id)
    responses = select(Response.id).where(Response.questionnaire_id == questionnaire_id)
    db.session.execute(delete(Answer).where(Answer.response_id.in_(responses)))
    gone = db.session.execute(delete(Response).where(Response.questionnaire_id == questionnaire_id))
    count = int(getattr(gone, "rowcount", 0))
    audit.note(
        "questionnaire.forgotten",
        by=None,
        at=at,
        courtyard_id=questionnaire.courtyard_id,
        subject_id=questionnaire_id,
        title=questionnaire.title,
        n=count,
    )
    return count
