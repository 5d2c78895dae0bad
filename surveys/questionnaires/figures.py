"""What the answers say: counts for the desk, and what of them everybody may see.

The database counts (`tallies`); here its numbers are laid beside the questions. Every number
comes with its denominator: how many answered that question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.counting.cells import ENOUGH, guard
from surveys.questionnaires import tallies
from surveys.questionnaires.conditions import thousandths
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Response
from surveys.questionnaires.received import Received
from surveys.questionnaires.rules import ASIDE, CHANNELS, Choice, Question
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing
from surveys.questionnaires.tallies import Tallies, Tally


@dataclass(frozen=True, slots=True)
class Line:
    """One choice: in how many answers it is; None where that must not be shown."""

    name: str
    number: int | None
    first: int | None = None
    """of a ranking: how many put it first"""
    mean_place: Fraction | None = None
    """of a ranking: the mean of its places, over those who ranked it"""
    key: str = ""
    """of the choice"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix: how many marked it, and how often each column."""

    name: str
    answered: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The numbers or days that were answered, each with how often, in their order."""

    values: tuple[tuple[int, int], ...] = ()
    """(thousandths, how often)"""
    days: tuple[tuple[str, int], ...] = ()
    mean: Fraction | None = None
    """of the numbers, exact"""
    middle: int | None = None
    """the median in thousandths, the lower one of two"""


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question: how many answered it, and what."""

    question: Question
    answered: int
    """answers that hold something for this question: the denominator"""
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()
    mean: Fraction | None = None
    """of a scale: the mean of its steps, counted from 1"""
    spread: Spread = field(default_factory=Spread)

    @property
    def holds(self) -> str:
        """What an answer to it is made of."""
        return KINDS[self.question.type].holds

    @property
    def is_text(self) -> bool:
        """Whether it was answered in words, so that there is nothing to count."""
        return self.holds == "text"

    @property
    def enough(self) -> bool:
        """Whether there are answers enough for a table that everybody sees."""
        return self.answered >= ENOUGH

    @property
    def hides(self) -> bool:
        """Whether a number is left out of the table."""
        every = (*self.lines, *(line for row in self.rows for line in row.lines))
        return any(line.number is None for line in every)


@dataclass(frozen=True, slots=True)
class Figures:
    """A questionnaire's numbers."""

    received: Received
    by_channel: tuple[tuple[str, int], ...]
    """word of each channel that anything came by, and how many answers"""
    questions: tuple[QuestionFigures, ...]


def exact(asked: Asked, sift: Sift = EVERYTHING) -> Figures:
    """The numbers as staff see them, in a handful of statements however many answers there are."""
    questions = of_questions(asked, tallies.by_choice(asked.id, sift))
    return Figures(*_received(asked.id, sift), questions=questions)


def of_questions(asked: Asked, counted: Tallies) -> tuple[QuestionFigures, ...]:
    """The numbers of each question, from those of its choices."""
    questions = _with_answers(asked, {question for question, _choice in counted})
    return tuple(_of(question, counted) for question in questions)


def _with_answers(asked: Asked, answered: set[str]) -> list[Question]:
    """The questions that are asked, and those asked no longer that hold answers."""
    now = {question.key: question for question in asked.questions}
    every = (now.get(q.key, q) for q in asked.every_question if q.type not in ASIDE)
    names = {q.key: q for q in asked.every_question}
    return [
        replace(q, choices=_known(q.choices, names[q.key].choices), rows=names[q.key].rows)
        for q in every
        if q.key in now or q.key in answered
    ]


def _known(offered: Sequence[Choice], every: Sequence[Choice]) -> tuple[Choice, ...]:
    keys = {choice.key for choice in offered}
    return (*offered, *(choice for choice in every if choice.key not in keys))


def _of(question: Question, counted: Tallies) -> QuestionFigures:
    mine = {choice: tally for (key, choice), tally in counted.items() if key == question.key}
    figures = QuestionFigures(question, sum(tally.first for tally in mine.values()))
    match KINDS[question.type].holds:
        case "choices" | "place" | "ranks":
            return _of_choices(figures, mine)
        case "cells":
            return replace(figures, rows=tuple(_row(figures, row, mine) for row in question.rows))
        case "number":
            return replace(figures, spread=_spread(mine))
        case "day":
            return replace(figures, spread=_days(mine))
    return figures


def _of_choices(figures: QuestionFigures, mine: Mapping[str, Tally]) -> QuestionFigures:
    question = figures.question
    lines = [
        _line(choice, mine.get(choice.key, Tally()), ranked=question.type == "rank")
        for choice in _listed(question.choices, mine)
    ]
    steps = enumerate(question.choices, 1)
    points = sum(step * mine.get(choice.key, Tally()).rows for step, choice in steps)
    scaled = question.type == "scale" and figures.answered
    mean = Fraction(points, figures.answered) if scaled else None
    return replace(figures, lines=tuple(lines), mean=mean)


def _listed(choices: Sequence[Choice], mine: Mapping[str, Tally]) -> list[Choice]:
    """The choices that are offered, and those offered no longer that were picked once."""
    known = {choice.key for choice in choices}
    gone = sorted(key for key in mine if key and key not in known)
    kept = [choice for choice in choices if not choice.off or choice.key in mine]
    return [*kept, *(Choice(key, key) for key in gone)]


def _line(choice: Choice, tally: Tally, *, ranked: bool) -> Line:
    if not ranked:
        return Line(choice.name, tally.rows, key=choice.key)
    mean = Fraction(tally.places, tally.rows) if tally.rows else None
    return Line(choice.name, tally.rows, tally.first, mean, choice.key)


def _row(figures: QuestionFigures, row: Choice, mine: Mapping[str, Tally]) -> Row:
    columns = figures.question.choices
    lines = tuple(Line(c.name, mine.get(f"{row.key}:{c.key}", Tally()).rows) for c in columns)
    return Row(row.name, sum(line.number or 0 for line in lines), lines)


def _days(mine: Mapping[str, Tally]) -> Spread:
    return Spread(days=tuple(sorted((day, tally.rows) for day, tally in mine.items())))


def _spread(mine: Mapping[str, Tally]) -> Spread:
    values = tuple(sorted((thousandths(value), tally.rows) for value, tally in mine.items()))
    number = sum(n for _value, n in values)
    if not number:
        return Spread()
    mean = Fraction(sum(value * n for value, n in values), 1000 * number)
    reached = accumulate(n for _value, n in values)
    middle = next(v for (v, _n), seen in zip(values, reached, strict=True) if 2 * seen >= number)
    return Spread(values, mean=mean, middle=middle)


def _received(questionnaire_id: str, sift: Sift) -> tuple[Received, tuple[tuple[str, int], ...]]:
    rows = db.session.execute(
        select(Response.channel, func.count(Response.household_id), func.count())
        .where(*passing(questionnaire_id, sift))
        .group_by(Response.channel)
    ).all()
    households = sum(row[1] for row in rows)
    every = sum(row[2] for row in rows)
    found = {channel: number for channel, _households, number in rows}
    by_channel = tuple((word, found[code]) for code, word in CHANNELS.items() if code in found)
    return Received(households, every - households), by_channel


# What everybody may see


def for_everybody(figures: Figures) -> Figures:
    """The numbers as residents see them: small ones are hidden by the rule of small numbers.

    How many answered, and by which channel, says nothing of anybody's choice and stays exact.
    """
    return replace(figures, questions=tuple(guarded(each) for each in figures.questions))


def guarded(figures: QuestionFigures) -> QuestionFigures:
    """Of a ranking only who ranked it at all, of numbers only the mean: each could be another's."""
    mixed = figures.holds == "ranks" or figures.question.type == "several"
    lines = _guarded_lines(figures.lines, figures.answered if mixed else None)
    hides = any(line.number is None for line in lines)
    return replace(
        figures,
        lines=lines,
        rows=tuple(replace(row, lines=_guarded_lines(row.lines, None)) for row in figures.rows),
        mean=None if hides or not figures.enough else figures.mean,
        spread=Spread(mean=figures.spread.mean if figures.enough else None),
    )


def _guarded_lines(lines: Sequence[Line], answered: int | None) -> tuple[Line, ...]:
    shown = guard([line.number or 0 for line in lines], answered=answered)
    return tuple(Line(line.name, n, key=line.key) for line, n in zip(lines, shown, strict=True))
