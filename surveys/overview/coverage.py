"""Who was heard from and who was not, stairwell by stairwell. Counted by the database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.courtyards import doors
from surveys.courtyards.models import Household, Visit
from surveys.overview import rates
from surveys.overview.rates import MEASURES, Measure, Rate
from surveys.questionnaires import figures, knocking, received, service, shipped
from surveys.questionnaires.models import Questionnaire, Response
from surveys.questionnaires.received import current
from surveys.questionnaires.rules import Question
from surveys.questionnaires.service import Asked


@dataclass(frozen=True, slots=True)
class Part:
    """A stairwell, a building, or the whole courtyard."""

    building: str = ""
    stairwell: str = ""
    roll: int = 0
    """households on the roll: the denominator of everything here"""
    channels: Mapping[str, int] = field(default_factory=Counter)
    """channel → households whose answer counts"""
    knocks: Mapping[str, int] = field(default_factory=Counter)
    """what came of the last visit or call → households that have not answered"""

    @property
    def heard(self) -> int:
        """Households that answered."""
        return sum(self.channels.values())

    @property
    def missing(self) -> int:
        """Households that did not."""
        return self.roll - self.heard

    @property
    def untried(self) -> int:
        """Households that did not, and where nobody knocked or called."""
        return self.missing - sum(self.knocks.values())

    @property
    def unmet(self) -> int:
        """Households that did not, and where nobody was met: one should go there."""
        return self.untried + self.knocks.get("absent", 0)

    def __add__(self, other: "Part") -> "Part":
        """Both together, called as the first."""
        return Part(
            self.building,
            "",
            self.roll + other.roll,
            Counter(self.channels) + Counter(other.channels),
            Counter(self.knocks) + Counter(other.knocks),
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a questionnaire has come in its courtyard."""

    parts: Sequence[Part]
    """by stairwell, in order of doors"""
    anonymous: int
    """answers that say no door"""
    noted: Mapping[tuple[str, str], int]
    """(way, outcome) → visits and calls that were noted"""

    @property
    def whole(self) -> Part:
        """All of it."""
        return reduce(add, self.parts, Part())

    @property
    def buildings(self) -> list[Part]:
        """Building by building."""
        found: dict[str, Part] = {}
        for part in self.parts:
            found[part.building] = found.get(part.building, Part(part.building)) + part
        return list(found.values())


def subjects(courtyard_id: str, at: datetime) -> list[Questionnaire]:
    """What one may ask about: those that took answers once, and still hold them; newest first."""
    every = service.of_courtyard(courtyard_id)
    return [q for q in every if q.opens_at and q.opens_at <= at < q.kept_until]


def of_questionnaire(questionnaire: Questionnaire) -> Coverage:
    """Counted anew, in four statements."""
    came = received.count(questionnaire.id)
    answered = knocking.has_answered(questionnaire.id)
    knocks = doors.last_outcomes(questionnaire.courtyard_id, questionnaire.id, answered)
    parts = [
        Part(building, stairwell, roll, channels, knocks.get((building, stairwell), Counter()))
        for (building, stairwell), (roll, channels) in _heard(questionnaire).items()
    ]
    return Coverage(parts, came.anonymous, _noted(questionnaire))


def _heard(questionnaire: Questionnaire) -> dict[tuple[str, str], tuple[int, Counter[str]]]:
    """Each stairwell's households, and by which channel those that answered did."""
    mine = (
        (Response.household_id == Household.id)
        & (Response.questionnaire_id == questionnaire.id)
        & current()
    )
    rows = db.session.execute(
        select(Household.building, Household.stairwell, Response.channel, func.count())
        .outerjoin(Response, mine)
        .where(Household.courtyard_id == questionnaire.courtyard_id)
        .group_by(Household.building, Household.stairwell, Response.channel)
        .order_by(func.min(Household.position))
    )
    found: dict[tuple[str, str], tuple[int, Counter[str]]] = {}
    for building, stairwell, channel, number in rows:
        roll, channels = found.get((building, stairwell), (0, Counter()))
        if channel is not None:
            channels[channel] += number
        found[building, stairwell] = (roll + number, channels)
    return found


def _noted(questionnaire: Questionnaire) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(Visit.way, Visit.outcome, func.count())
        .where(
            Visit.courtyard_id == questionnaire.courtyard_id,
            Visit.about == questionnaire.id,
            Visit.taken_back_at.is_(None),
        )
        .group_by(Visit.way, Visit.outcome)
    )
    return {(way, outcome): number for way, outcome, number in rows}


# The three rates


@dataclass(frozen=True, slots=True)
class Measured:
    """A rate of a question, and where its numbers come from."""

    measure: Measure
    asked: Asked | None = None
    """None: nobody was asked"""
    question: Question | None = None
    answered: int = 0
    rate: Rate | None = None
    """None where it is not to be shown"""

    @property
    def counted(self) -> list[str]:
        """The names of the choices that count."""
        choices = self.question.choices if self.question else ()
        return [choice.name for choice in choices if choice.key in self.measure.counted]


def measured(
    questionnaire: Questionnaire, every: Sequence[Questionnaire], *, sees_all: bool
) -> list[Measured]:
    """What the newest questionnaire of the same round says that asks; one line a measure.

    Args:
        every: the `subjects` of its courtyard.
        sees_all: whether the reader sees exact numbers; others are told what everybody may be.
    """
    asked = [service.find(q.id) for q in every if q.round_id == questionnaire.round_id]
    return [_measured(measure, asked, sees_all) for measure in MEASURES]


def _measured(measure: Measure, every: Sequence[Asked], sees_all: bool) -> Measured:
    for asked in every:
        question = that_ships(asked, measure.origin)
        if question and measure.counted <= {choice.key for choice in question.choices}:
            return _of_question(measure, asked, question, sees_all)
    return Measured(measure)


def that_ships(asked: Asked, origin: tuple[str, str]) -> Question | None:
    """That question of one that ships, where this questionnaire asks it."""
    ships = shipped.template(origin[0])
    titles = {question.key: question.title for question in ships.questions} if ships else {}
    title, template = titles.get(origin[1], ""), asked.questionnaire.template
    every = asked.questions
    return next((q for q in every if rates.the_same(q, template, origin, title)), None)


def _of_question(measure: Measure, asked: Asked, question: Question, sees_all: bool) -> Measured:
    exact = figures.exact(asked)
    shown = exact if sees_all else figures.for_everybody(exact)
    each = next(one for one in shown.questions if one.question.key == question.key)
    lines = [(line.key, line.number) for line in each.lines]
    part = rates.sum_of(lines, measure.counted, each.answered)
    rate = None if part is None else Rate(part, each.answered)
    return Measured(measure, asked, question, each.answered, rate)
