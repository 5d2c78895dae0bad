"""How often each choice was picked, counted by the database.

The parts of an answer are rows with their places from 1 on, so that the rows of place 1 tell how
many answered. Where everything is looked at, all rows of the questionnaire are counted from one
index that holds whatever is asked, and what does not count (drafts, replaced answers), which is
little, is counted by itself and taken away.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select

from surveys.base.db import db
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.received import current, uncounted
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing


@dataclass(frozen=True, slots=True)
class Tally:
    """One choice of one question: in how many answers it is, and where in them."""

    rows: int = 0
    first: int = 0
    """in how many it is the first part"""
    places: int = 0
    """sum of its places"""

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.rows - other.rows, self.first - other.first, self.places - other.places)


Tallies = Mapping[tuple[str, str], Tally]
"""(question, choice, number or day) → how often; texts are of the choice "" """
_BY_CHOICE: Select[*tuple[Any, ...]] = select(
    Answer.question,
    Answer.choice,
    func.count(),
    func.sum(case((Answer.place == 1, 1), else_=0)),
    func.sum(Answer.place),
).group_by(Answer.question, Answer.choice)


def by_choice(questionnaire_id: str, sift: Sift = EVERYTHING) -> Tallies:
    """Every choice that any counting answer holds."""
    rows = _counted(_BY_CHOICE, questionnaire_id, sift)
    every, less = ({(q, c): Tally(*map(int, n)) for q, c, *n in part} for part in rows)
    left = {key: tally - less.get(key, Tally()) for key, tally in every.items()}
    return {key: tally for key, tally in left.items() if tally.rows}


def by_questionnaire(questionnaire_ids: Collection[str]) -> dict[str, Tallies]:
    """Every choice that any counting answer holds, by questionnaire; one statement."""
    rows = db.session.execute(
        _BY_CHOICE.add_columns(Answer.questionnaire_id)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.questionnaire_id.in_(questionnaire_ids), current())
        .group_by(Answer.questionnaire_id)
    )
    found: dict[str, dict[tuple[str, str], Tally]] = {}
    for question, choice, *numbers, questionnaire_id in rows:
        found.setdefault(questionnaire_id, {})[question, choice] = Tally(*map(int, numbers))
    return dict(found)


def _counted(
    wanted: Select[*tuple[Any, ...]], questionnaire_id: str, sift: Sift
) -> tuple[list[Any], list[Any]]:
    """What to count, and what to take away from it again."""
    joined = wanted.join(Response, Response.id == Answer.response_id)
    if not sift.lets_all:
        return list(db.session.execute(joined.where(*passing(questionnaire_id, sift)))), []
    every = wanted.where(Answer.questionnaire_id == questionnaire_id)
    less = joined.where(Response.questionnaire_id == questionnaire_id, uncounted())
    return list(db.session.execute(every)), list(db.session.execute(less))
