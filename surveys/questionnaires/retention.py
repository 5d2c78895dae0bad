"""Answers are deleted on the day that their first screen named; drafts that nobody went on with,
and photos that no answer holds, earlier.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.questionnaires.models import Answer, AnswerPhoto, Questionnaire, Response

DRAFTS_KEPT = timedelta(days=30)
"""since a draft was saved last"""
MOST_AT_ONCE = 500
"""drafts, so that no act holds up the phones for long; the next tick finds the others"""

audit.words({"questionnaire.forgotten": N_("“%(title)s”的答卷到期，删掉了 %(n)s 份")})


def expired(at: datetime) -> list[str]:
    """Ids of the questionnaires whose answers were to be kept until before `at`, and still are."""
    held = or_(
        exists(select(1).where(Response.questionnaire_id == Questionnaire.id)),
        exists(select(1).where(AnswerPhoto.questionnaire_id == Questionnaire.id)),
    )
    found = select(Questionnaire.id).where(Questionnaire.kept_until <= at, held)
    return list(db.session.scalars(found.order_by(Questionnaire.id)))


def _forget(questionnaire_id: str, at: datetime) -> int:
    """Delete every answer, photo and response of it; how many responses. Never commits.

    Whoever keeps something of an answer lets go of it before.
    """
    questionnaire = db.session.get_one(Questionnaire, questionnaire_id)
    db.session.execute(delete(AnswerPhoto).where(AnswerPhoto.questionnaire_id == questionnaire_id))
    db.session.execute(delete(Answer).where(Answer.questionnaire_id == questionnaire_id))
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


def forget_drafts(at: datetime) -> int:
    """Delete the drafts that were saved last more than 30 days ago; how many.

    A phone that saves in this very moment keeps its draft, or begins a new one.
    """
    since = at - DRAFTS_KEPT
    stale = (
        select(Response.id)
        .where(
            Response.sent_at.is_(None), func.coalesce(Response.saved_at, Response.begun_at) <= since
        )
        .order_by(Response.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    drafts = list(db.session.scalars(stale))
    of_nobody = AnswerPhoto.response_id.is_(None) & (AnswerPhoto.added_at <= since)
    db.session.execute(
        delete(AnswerPhoto).where(or_(AnswerPhoto.response_id.in_(drafts), of_nobody))
    )
    db.session.execute(delete(Answer).where(Answer.response_id.in_(drafts)))
    db.session.execute(delete(Response).where(Response.id.in_(drafts)))
    db.session.commit()
    return len(drafts)
