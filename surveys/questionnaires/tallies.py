"""How often each choice was picked, counted by the database.

The parts of an answer are rows with their places from 1 on, so that the rows of place 1 tell how
many answered. Where everything is looked at, all rows of the questionnaire are counted from one
index that holds whatever is asked, and what does not count (drafts, replaced answers), which is
little, is counted by itself and taken away.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

from surveys.base.db import db
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.received import current, uncounted
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing


@dataclass(frozen=True, slots=True)
class Tally:
    """One choice of one question: in how many answers it is, by its place in them."""

    by_place: Counter[int] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """In how many answers it is."""
        return self.by_place.total()

    @property
    def first(self) -> int:
        """In how many it is the first part."""
        return self.by_place[1]

    @property
    def places(self) -> int:
        """The sum of its places."""
        return sum(place * number for place, number in self.by_place.items())


Tallies = Mapping[tuple[str, str], Tally]
"""(question, choice, number or day) → how often; texts are of the choice "" """
Mark = tuple[Any, ...]
_BY_PLACE: Select[*tuple[Any, ...]] = select(
    Answer.question, Answer.choice, Answer.place, func.count()
).group_by(Answer.question, Answer.choice, Answer.place)
"""in the order of the index, which is quicker than any sum over it"""


_KEPT: dict[str, tuple[Mark, Tallies]] = {}
"""what was counted last of a questionnaire, and at which mark; by each process for itself"""
MOST_KEPT = 64


def by_choice(questionnaire_id: str, sift: Sift = EVERYTHING) -> Tallies:
    """Every choice that any counting answer holds; counted anew when an answer came or went."""
    if not sift.lets_all:
        return _by_choice(questionnaire_id, sift)
    mark = _mark(questionnaire_id)
    kept = _KEPT.get(questionnaire_id)
    if kept is None or kept[0] != mark:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[questionnaire_id] = (mark, _by_choice(questionnaire_id, sift))
    return kept[1]


def _mark(questionnaire_id: str) -> Mark:
    """What changes whenever an answer is sent, replaced, taken back or forgotten: how many were
    sent and how many of them replaced, and when that happened last."""
    sent = select(func.count(), func.max(Response.sent_at))
    gone = select(func.count(Response.superseded_at), func.max(Response.superseded_at))
    of_it = Response.questionnaire_id == questionnaire_id
    marks = (sent.where(of_it, current()), gone.where(of_it, uncounted()))
    return tuple(part for mark in marks for part in db.session.execute(mark).one())


def _by_choice(questionnaire_id: str, sift: Sift) -> Tallies:
    every, less = _counted(_BY_PLACE, questionnaire_id, sift)
    found: dict[tuple[str, str], Tally] = {}
    for rows, sign in ((every, 1), (less, -1)):
        for question, choice, place, number in rows:
            found.setdefault((question, choice), Tally()).by_place[place] += sign * number
    return {key: tally for key, tally in found.items() if tally.rows}


def by_questionnaire(questionnaire_ids: Collection[str]) -> dict[str, Tallies]:
    """Every choice that any counting answer holds, by questionnaire; one statement."""
    rows = db.session.execute(
        _BY_PLACE.add_columns(Answer.questionnaire_id)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.questionnaire_id.in_(questionnaire_ids), current())
        .group_by(Answer.questionnaire_id)
    )
    found: dict[str, dict[tuple[str, str], Tally]] = {}
    for question, choice, place, number, questionnaire_id in rows:
        mine = found.setdefault(questionnaire_id, {})
        mine.setdefault((question, choice), Tally()).by_place[place] += number
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
