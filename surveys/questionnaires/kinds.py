"""The kinds of question: each one object with all that is particular to it, found in one dict.

A new kind is one entry here, its template parts, and one table of its tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from surveys.base.words import N_
from surveys.questionnaires import numbered
from surveys.questionnaires.numbered import Numbered
from surveys.questionnaires.reading import (
    Reader,
    a_day,
    a_grid,
    a_number,
    a_ranking,
    a_text,
    cells_in_order,
    in_order,
    is_photo,
    nothing,
    one_pick,
    several_picks,
    some_photos,
)
from surveys.questionnaires.rules import Question, Value, clean

SHORT = 100  # characters
LONG = 500  # characters

Holds = Literal["choices", "place", "ranks", "cells", "text", "number", "day", "photos", "nothing"]
"""what an answer is made of, and so how it is kept and counted"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question."""

    name: str
    """what the desk calls it"""
    read: Reader
    """what was typed → the answer; raises Invalid"""
    numbered: Numbered
    """what staff typed off a printed sheet → what `read` takes; raises Invalid"""
    part: str
    """template part for a phone"""
    keyed: str
    """template part for keying in a sheet"""
    paper: str
    """template part for a printed sheet"""
    holds: Holds
    seconds: int
    """how long a person takes over it, to say beforehand how long all will take"""
    most: int | None = None
    """longest text, in characters"""
    is_short: bool = False
    """whether one line is enough to write it"""

    @property
    def is_text(self) -> bool:
        """Whether it is answered in words, not in choices."""
        return self.holds == "text"


def read_answer(question: Question, typed: Sequence[str]) -> Value:
    """The answer in what was typed or ticked; an empty tuple where there is none.

    Raises:
        Invalid: too many picks, a choice that is not offered, or too long a text.
    """
    return KINDS[question.type].read(question, typed)


def as_typed(question: Question, typed: Sequence[str]) -> Value:
    """What was typed, to be shown again beside its fault: nothing is checked, no text is cut."""
    match KINDS[question.type].holds:
        case "text" | "number" | "day":
            return tuple(filter(None, (clean(text) for text in typed[:1])))
        case "choices":
            return in_order(question, typed)
        case "ranks":
            return tuple(key for key in typed if any(key == c.key for c in question.choices))
        case "cells":
            return cells_in_order(question, typed)
        case "photos":
            return tuple(dict.fromkeys(filter(is_photo, typed)))
        case "nothing":
            return ()
    return tuple(filter(None, typed))


def read_keyed(question: Question, typed: str) -> Value:
    """The answer in what staff typed off a printed sheet, by its numbers.

    Raises:
        Invalid: as for `read_answer`, or a number that is not printed there.
    """
    kind = KINDS[question.type]
    return kind.read(question, kind.numbered(question, typed))


def minutes(questions: Sequence[Question]) -> int:
    """About how many minutes it takes to answer, at least one."""
    return max(1, -(-sum(KINDS[question.type].seconds for question in questions) // 60))


def _choosing(name: str, read: Reader, part: str = "choices", *, seconds: int = 15) -> Kind:
    return Kind(
        name=name,
        read=read,
        numbered=numbered.picks,
        part=f"questionnaires/_{part}.html",
        keyed="questionnaires/_keyed_choices.html",
        paper="questionnaires/_paper_choices.html",
        holds="choices",
        seconds=seconds,
    )


def _writing(name: str, most: int, seconds: int) -> Kind:
    return Kind(
        name=name,
        read=a_text(most),
        numbered=numbered.as_written,
        part="questionnaires/_text.html",
        keyed="questionnaires/_keyed_text.html",
        paper="questionnaires/_paper_text.html",
        holds="text",
        seconds=seconds,
        most=most,
        is_short=most <= SHORT,
    )


def _of_its_own(
    name: str, part: str, read: Reader, typed: Numbered, holds: Holds, seconds: int
) -> Kind:
    return Kind(
        name=name,
        read=read,
        numbered=typed,
        part=f"questionnaires/_{part}.html",
        keyed=f"questionnaires/_keyed_{part}.html",
        paper=f"questionnaires/_paper_{part}.html",
        holds=holds,
        seconds=seconds,
    )


KINDS: Mapping[str, Kind] = {
    "single": _choosing(N_("单选"), one_pick),
    "several": _choosing(N_("多选"), several_picks),
    "dropdown": _choosing(N_("下拉选择"), one_pick, "dropdown"),
    "rank": _of_its_own(N_("排序"), "rank", a_ranking, numbered.ranking, "ranks", 30),
    "scale": _choosing(N_("五级量表"), one_pick),
    "yesno": _choosing(N_("是非"), one_pick, seconds=8),
    "matrix": _of_its_own(N_("矩阵"), "matrix", a_grid, numbered.grid, "cells", 40),
    "number": _of_its_own(N_("数字"), "number", a_number, numbered.as_written, "number", 15),
    "date": _of_its_own(N_("日期"), "date", a_day, numbered.day, "day", 15),
    "short": _writing(N_("填空"), SHORT, seconds=20),
    "long": _writing(N_("问答"), LONG, seconds=45),
    "place": _of_its_own(N_("楼栋单元"), "place", one_pick, numbered.stairwell, "place", 10),
    "photo": _of_its_own(N_("照片"), "photo", some_photos, numbered.nothing, "photos", 40),
    "note": _of_its_own(N_("说明"), "note", nothing, numbered.nothing, "nothing", 5),
    "section": _of_its_own(N_("分节"), "section", nothing, numbered.nothing, "nothing", 0),
}
