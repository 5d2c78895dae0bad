"""What the answers say: counts for the desk, and what of them residents may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.counting.cells import ENOUGH, guard
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.received import Received, counts, current
from surveys.questionnaires.rules import CHANNELS, Question
from surveys.questionnaires.service import Asked


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question: how many answered it, and how many picked each choice."""

    question: Question
    answered: int
    """answers that hold something for this question: the denominator"""
    picked: tuple[tuple[str, int | None], ...]
    """name of each choice, and its number; None where it must not be shown"""

    @property
    def is_text(self) -> bool:
        """Whether it was answered in words, so that there is nothing to count."""
        return KINDS[self.question.type].is_text

    @property
    def enough(self) -> bool:
        """Whether there are answers enough for a table that everybody sees."""
        return self.answered >= ENOUGH

    @property
    def hides(self) -> bool:
        """Whether a number is left out of the table."""
        return any(number is None for _name, number in self.picked)


@dataclass(frozen=True, slots=True)
class Figures:
    """A questionnaire's numbers."""

    received: Received
    by_channel: tuple[tuple[str, int], ...]
    """word of each channel that anything came by, and how many answers"""
    questions: tuple[QuestionFigures, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written in answer to one question, without whose it is."""

    text: str
    channel: str
    sent_at: datetime


def exact(asked: Asked) -> Figures:
    """The numbers as staff see them, in four statements however many answers there are."""
    picked = _picked(asked.id)
    answered = _answered(asked.id)
    return Figures(
        received=counts([asked.id]).get(asked.id, Received()),
        by_channel=_by_channel(asked.id),
        questions=tuple(
            _of_question(question, picked, answered.get(question.key, 0))
            for question in asked.questions
        ),
    )


def for_everybody(figures: Figures) -> Figures:
    """The numbers as residents see them: small ones are hidden by the rule of small numbers.

    How many answered, and by which channel, says nothing of anybody's choice and stays exact.
    """
    return Figures(
        figures.received, figures.by_channel, tuple(_guarded(each) for each in figures.questions)
    )


def _guarded(figures: QuestionFigures) -> QuestionFigures:
    names = [name for name, _number in figures.picked]
    numbers = [number or 0 for _name, number in figures.picked]
    several = figures.question.type == "several"
    shown = guard(numbers, answered=figures.answered if several else None)
    return QuestionFigures(
        figures.question, figures.answered, tuple(zip(names, shown, strict=True))
    )


def _of_question(
    question: Question, picked: Mapping[tuple[str, str], int], answered: int
) -> QuestionFigures:
    return QuestionFigures(
        question,
        answered,
        tuple((c.name, picked.get((question.key, c.key), 0)) for c in question.choices),
    )


def _picked(questionnaire_id: str) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(Answer.question, Answer.choice, func.count())
        .join(Response, Response.id == Answer.response_id)
        .where(Response.questionnaire_id == questionnaire_id, current())
        .group_by(Answer.question, Answer.choice)
    )
    return {(question, choice): number for question, choice, number in rows}


def _answered(questionnaire_id: str) -> dict[str, int]:
    rows = db.session.execute(
        select(Answer.question, func.count(func.distinct(Answer.response_id)))
        .join(Response, Response.id == Answer.response_id)
        .where(Response.questionnaire_id == questionnaire_id, current())
        .group_by(Answer.question)
    )
    return dict(rows.all())


def _by_channel(questionnaire_id: str) -> tuple[tuple[str, int], ...]:
    rows = db.session.execute(
        select(Response.channel, func.count())
        .where(Response.questionnaire_id == questionnaire_id, current())
        .group_by(Response.channel)
    )
    found = dict(rows.all())
    return tuple((word, found[channel]) for channel, word in CHANNELS.items() if channel in found)


def written(asked: Asked, question: str, most: int = 200) -> Sequence[Written]:
    """The latest texts in answer to one question, newest first, without whose they are."""
    rows = db.session.execute(
        select(Answer.text, Response.channel, Response.sent_at)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.questionnaire_id == asked.id,
            Answer.question == question,
            Answer.text.is_not(None),
            current(),
        )
        .order_by(Response.sent_at.desc(), Answer.id)
        .limit(most)
    )
    return [
        Written(text or "", channel, sent_at or asked.version.made_at)
        for text, channel, sent_at in rows
    ]
