"""One questionnaire compared across the courtyards that it was copied to.

Each courtyard's numbers are guarded by themselves, as its own page of figures shows them, so that
two pages beside each other tell nothing that one does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.questionnaires import figures, received, service, tallies
from surveys.questionnaires.copying import Copy, Roles, family_of
from surveys.questionnaires.figures import QuestionFigures
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Version
from surveys.questionnaires.received import Received
from surveys.questionnaires.rules import Question
from surveys.questionnaires.service import Asked

MOST = 200
"""courtyards in one comparison"""


@dataclass(frozen=True, slots=True)
class Yard:
    """A courtyard's numbers for one question, in the order of the columns."""

    copy: Copy
    answered: int
    """how many answered this question: the denominator"""
    numbers: tuple[int | None, ...] = ()
    """None where one must not be shown; empty where there are too few answers for any"""
    reworded: bool = False
    """this courtyard asks it in other words"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One question: rows are courtyards, columns are the choices."""

    question: Question
    number: int
    """as it is counted on paper and on phones"""
    yards: tuple[Yard, ...]

    @property
    def hides(self) -> bool:
        """Whether any number is left out."""
        return any(None in yard.numbers or not yard.numbers for yard in self.yards)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and how many answers each courtyard has."""

    copies: tuple[tuple[Copy, Received], ...]
    questions: tuple[Compared, ...]


def compare(asked: Asked, roles: Roles) -> Comparison:
    """The questions with choices of this questionnaire, as every copy that may be looked at was
    answered; in half a dozen statements however many there are."""
    copies = family_of(asked, roles)[:MOST]
    ids = [copy.questionnaire.id for copy in copies]
    came, found = received.counts(ids), _figures(copies)
    compared = [
        _compared(question, number, copies, found)
        for number, question in enumerate(asked.questions, 1)
        if comparable(question)
    ]
    return Comparison(
        tuple((copy, came.get(copy.questionnaire.id, Received())) for copy in copies),
        tuple(compared),
    )


def comparable(question: Question) -> bool:
    """Whether it is asked in the same choices everywhere: not of a courtyard's own stairwells."""
    return KINDS[question.type].holds == "choices"


def _figures(copies: Sequence[Copy]) -> dict[str, dict[str, QuestionFigures]]:
    """By questionnaire and question, what everybody may see of the copies."""
    latest = _latest([copy.questionnaire.id for copy in copies])
    counted = tallies.by_questionnaire([copy.questionnaire.id for copy in copies])
    found = {}
    for copy in copies:
        q = copy.questionnaire
        asked = service.Asked(q, latest[q.id], copy.courtyard)
        every = figures.of_questions(asked, counted.get(q.id, {}))
        shown = (figures.guarded(each) for each in every if comparable(each.question))
        found[q.id] = {each.question.key: each for each in shown}
    return found


def _latest(questionnaire_ids: Sequence[str]) -> dict[str, Version]:
    later = aliased(Version)
    newest = (
        select(func.max(later.number))
        .where(later.questionnaire_id == Version.questionnaire_id)
        .scalar_subquery()
    )
    rows = db.session.scalars(
        select(Version).where(
            Version.questionnaire_id.in_(questionnaire_ids), Version.number == newest
        )
    )
    return {version.questionnaire_id: version for version in rows}


def _compared(
    question: Question,
    number: int,
    copies: Sequence[Copy],
    found: dict[str, dict[str, QuestionFigures]],
) -> Compared:
    yards = (
        _yard(question, copy, found[copy.questionnaire.id].get(question.key)) for copy in copies
    )
    return Compared(question, number, tuple(yard for yard in yards if yard))


def _yard(question: Question, copy: Copy, mine: QuestionFigures | None) -> Yard | None:
    """None where this courtyard is not asked it: not at all, or as another type."""
    if mine is None or mine.question.type != question.type:
        return None
    shown = {line.key: line.number for line in mine.lines}
    numbers = tuple(shown.get(choice.key, 0) for choice in question.choices)
    return Yard(
        copy,
        mine.answered,
        numbers if mine.enough else (),
        _words(question) != _words(mine.question),
    )


def _words(question: Question) -> tuple[str, ...]:
    """What one reads of it."""
    return (question.title, *(choice.name for choice in question.choices if not choice.off))
