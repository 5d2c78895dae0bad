"""What has come in of a questionnaire, as other rooms and the pages ask it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.questionnaires import service
from surveys.questionnaires.models import Answer, Questionnaire, Response


@dataclass(frozen=True, slots=True)
class Received:
    """How many answers count now: one a household, and those without a door."""

    households: int = 0
    anonymous: int = 0

    @property
    def all(self) -> int:
        """Both together."""
        return self.households + self.anonymous


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What somebody wrote in answer to a question that takes suggestions."""

    answer_id: str
    text: str
    household_id: str | None
    channel: str
    sent_at: datetime


def current() -> ColumnElement[bool]:
    """The condition of a response that counts: sent, and not replaced since."""
    return Response.sent_at.is_not(None) & Response.superseded_at.is_(None)


def uncounted() -> ColumnElement[bool]:
    """The opposite: a draft, or replaced since."""
    return Response.sent_at.is_(None) | Response.superseded_at.is_not(None)


def responses_count(questionnaire_id: str) -> tuple[int, int]:
    """How many answers count now: (households, without a door)."""
    found = count(questionnaire_id)
    return found.households, found.anonymous


def count(questionnaire_id: str) -> Received:
    """How many answers of one questionnaire count now."""
    return counts([questionnaire_id]).get(questionnaire_id, Received())


def counts(questionnaire_ids: Collection[str]) -> dict[str, Received]:
    """How many answers count now, by questionnaire; one statement."""
    rows = db.session.execute(
        select(Response.questionnaire_id, func.count(Response.household_id), func.count())
        .where(Response.questionnaire_id.in_(questionnaire_ids), current())
        .group_by(Response.questionnaire_id)
    )
    return {key: Received(households, every - households) for key, households, every in rows}


def has_answered(questionnaire: Questionnaire, household: Household | None, device: str) -> bool:
    """Whether an answer counts now for this household, or for this device where it has none.

    Args:
        device: the device's draft key.
    """
    who = f"h:{household.id}" if household else f"d:{device}"
    found = select(Response.id).where(
        Response.questionnaire_id == questionnaire.id, Response.respondent == who, current()
    )
    return db.session.scalar(found.limit(1)) is not None


def texts_to_take_in(
    questionnaire: Questionnaire, taken: Select[str] | None = None
) -> list[TextAnswer]:
    """Texts of current answers to the questions that take suggestions, in order of arrival.

    Args:
        taken: a query of the answer ids that are suggestions already; they are left out.
    """
    which = current() if taken is None else current() & Answer.id.not_in(taken)
    keys = [q.key for q in service.find(questionnaire.id).every_question if q.takes_suggestions]
    rows = db.session.execute(
        select(Answer.id, Answer.text, Response.household_id, Response.channel, Response.sent_at)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.questionnaire_id == questionnaire.id,
            Answer.question.in_(keys),
            Answer.text.is_not(None),
            which,
        )
        .order_by(Response.sent_at, Response.id, Answer.id)
    )
    return [
        TextAnswer(answer_id, text, household_id, channel, sent_at)
        for answer_id, text, household_id, channel, sent_at in rows
        if text is not None and sent_at is not None
    ]
