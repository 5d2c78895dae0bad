"""What was written in an answer that takes suggestions, found again by whoever wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveys.base.db import db
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.received import current
from surveys.questionnaires.rules import Question


@dataclass(frozen=True, slots=True)
class Written:
    """One text of one answer that was sent."""

    answer_id: str
    courtyard_id: str
    text: str
    sent_at: datetime
    newer: str | None
    """the answer to the same question that replaced it, if there is one"""
    is_current: bool


def find(answer_id: str) -> Written | None:
    """The text of this answer; None where there is none, or none any more."""
    row = db.session.execute(
        select(Answer, Response)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.id == answer_id)
    ).first()
    answer, response = row or (None, None)
    if answer is None or answer.text is None or response is None or response.sent_at is None:
        return None
    return Written(
        answer_id=answer.id,
        courtyard_id=response.courtyard_id,
        text=answer.text,
        sent_at=response.sent_at,
        newer=None if response.superseded_at is None else _newer(answer, response),
        is_current=response.superseded_at is None,
    )


def in_response(response: Response, questions: Iterable[Question]) -> list[tuple[str, str]]:
    """The texts of a response that become suggestions: (id of the answer, text), in their order."""
    keys = [question.key for question in questions if question.takes_suggestions]
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.response_id == response.id, Answer.question.in_(keys))
        .order_by(Answer.question, Answer.id)
    )
    return [(answer.id, answer.text) for answer in rows if answer.text]


def _newer(answer: Answer, response: Response) -> str | None:
    return db.session.scalar(
        select(Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.questionnaire_id == response.questionnaire_id,
            Response.respondent == response.respondent,
            current(),
            Answer.question == answer.question,
            Answer.text.is_not(None),
        )
    )
