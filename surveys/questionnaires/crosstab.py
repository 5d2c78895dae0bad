"""One question beside another, or beside where and how the answers came in.

A table's rows are the choices of a question, or a trait of the answer; its columns the choices of
a question. Whoever may only see what everybody may is shown it through `cells.guard_table`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.cells import Guarded, guard_table
from surveys.courtyards.models import Household
from surveys.courtyards.rules import natural_key, place_in_words
from surveys.errors import Invalid
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Answer, Response, Tag
from surveys.questionnaires.rules import CHANNELS, Question
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing

TRAITS: Mapping[str, str] = {
    "channel": N_("怎么来的"),
    "building": N_("哪栋楼"),
    "stairwell": N_("哪个单元"),
    "tag": N_("从哪个链接来的"),
}
"""what an answer itself tells: code → the words for it; no question has such a key with a star"""
_MIXED = frozenset({"several", "rank"})
"""types where one answer may be in several columns, or in several rows"""
_COLUMNS: Mapping[str, Sequence[Any]] = {
    "channel": (Response.channel,),
    "building": (Household.building,),
    "stairwell": (Household.building, Household.stairwell),
    "tag": (Tag.name,),
}


Key = tuple[str, ...]
Counts = dict[tuple[Key, str], int]
"""(row, choice) → how many"""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A table of two: `cells[row][column]`; None where a number must not be shown."""

    by: str
    """the words of what the rows are"""
    question: Question
    rows: tuple[str, ...]
    row_sums: tuple[int, ...]
    """how many answered both, in each row: the denominators"""
    columns: tuple[str, ...]
    cells: tuple[Guarded, ...]
    in_several_rows: bool = False
    """one answer may be in several rows, so that these are no parts of a whole"""

    @property
    def exact(self) -> list[list[int]]:
        """The numbers of a table in which none is hidden."""
        return [[number or 0 for number in row] for row in self.cells]

    @property
    def answered(self) -> int:
        """How many answered both; where one may be in several rows, more than that."""
        return sum(self.row_sums)

    @property
    def hides(self) -> bool:
        """Whether any number is left out."""
        return any(number is None for row in self.cells for number in row)


def crossable(asked: Asked) -> list[Question]:
    """The questions that can stand in a table of two."""
    return [q for q in asked.questions if KINDS[q.type].holds in {"choices", "place", "ranks"}]


def cross(
    asked: Asked,
    by: str,
    question: str,
    sift: Sift = EVERYTHING,
    say_place: Callable[[str, str], str] = place_in_words,
) -> Crossed:
    """The choices of a question by a trait or by those of another question, exact.

    Args:
        by: a key of `TRAITS` with a star before it, or of a question.
        say_place: names a building and a stairwell ("" for all of it) in the reader's language.

    Raises:
        Invalid: there is no such question or trait, or the two are the same.
    """
    found = {q.key: q for q in crossable(asked)}
    trait = by[1:] if by[:1] == "*" else None
    if question not in found or by == question or by[1:] not in TRAITS and by not in found:
        raise Invalid(N_("请选两道不一样的选择题。"))
    if trait is None:
        counted, sums = _by_question(asked, by, question, sift)
        names: list[tuple[Key, str]] = [((c.key,), c.name) for c in found[by].choices]
        table = _table(found[by].title, found[question], names, counted, sums)
        return replace(table, in_several_rows=found[by].type in _MIXED)
    counted, sums = _by_trait(asked, trait, question, sift)
    names = [(key, _said(trait, key, say_place)) for key in sorted(sums, key=_in_order)]
    return _table(TRAITS[trait], found[question], names, counted, sums)


def _in_order(key: tuple[str, ...]) -> list[Any]:
    return [natural_key(part) for part in key]


def _said(trait: str, key: Key, say_place: Callable[[str, str], str]) -> str:
    match trait:
        case "channel":
            return CHANNELS[key[0]]
        case "tag":
            return key[0] or N_("没带标记")
    return say_place(key[0], key[1] if key[1:] else "")


def _by_trait(asked: Asked, trait: str, question: str, sift: Sift) -> tuple[Counts, dict[Key, int]]:
    columns = _COLUMNS[trait]
    answers: Select[*tuple[Any, ...]] = (
        select(*columns, Answer.choice, func.count())
        .select_from(Answer)
        .join(Response, Response.id == Answer.response_id)
    )
    answers = _with_trait(answers, trait)
    wanted = answers.where(Answer.question == question, *passing(asked.id, sift))
    return _read(wanted, columns, Answer.choice, Answer.place == 1)


def _with_trait(wanted: Select[*tuple[Any, ...]], trait: str) -> Select[Any]:
    if trait in {"building", "stairwell"}:
        return wanted.join(Household, Household.id == Response.household_id)
    if trait == "tag":
        return wanted.outerjoin(Tag, Tag.id == Response.tag_id)
    return wanted


def _by_question(asked: Asked, by: str, question: str, sift: Sift) -> tuple[Counts, dict[Key, int]]:
    other = aliased(Answer)
    wanted: Select[*tuple[Any, ...]] = (
        select(other.choice, Answer.choice, func.count())
        .select_from(Answer)
        .join(other, (other.response_id == Answer.response_id) & (other.question == by))
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.question == question, *passing(asked.id, sift))
    )
    return _read(wanted, (other.choice,), Answer.choice, Answer.place == 1)


def _read(
    wanted: Select[*tuple[Any, ...]], columns: Sequence[Any], choice: Any, is_first: Any
) -> tuple[Counts, dict[Key, int]]:
    """The counts by row and choice, and by row how many answered both questions."""
    counted: Counts = {}
    for *key, picked, number in db.session.execute(wanted.group_by(*columns, choice)):
        counted[tuple(part or "" for part in key), picked] = number
    sums: dict[Key, int] = {}
    for *key, _picked, number in db.session.execute(
        wanted.where(is_first).group_by(*columns, choice)
    ):
        row = tuple(part or "" for part in key)
        sums[row] = sums.get(row, 0) + number
    return counted, sums


def _table(
    by: str,
    question: Question,
    names: Iterable[tuple[Key, str]],
    counted: Counts,
    sums: Mapping[Key, int],
) -> Crossed:
    rows = list(names)
    return Crossed(
        by=by,
        question=question,
        rows=tuple(name for _key, name in rows),
        row_sums=tuple(sums.get(key, 0) for key, _name in rows),
        columns=tuple(choice.name for choice in question.choices),
        cells=tuple(
            tuple(counted.get((key, choice.key), 0) for choice in question.choices)
            for key, _name in rows
        ),
    )


def for_everybody(table: Crossed) -> Crossed | None:
    """The table with what small numbers must hide; None where it cannot be shown at all.

    Where one answer may be in several columns, each column is a table of its own: picked, or not.
    A table where one may be in several rows is shown to nobody who may not see all.
    """
    if table.in_several_rows:
        return None
    if table.question.type in _MIXED:
        pairs = [
            guard_table([(n, every - n) for n, every in zip(column, table.row_sums, strict=True)])
            for column in zip(*table.exact, strict=True)
        ]
        columns = [[row[0] for row in pair] for pair in pairs]
        return replace(table, cells=tuple(zip(*columns, strict=True)))
    return replace(table, cells=guard_table(table.exact))
