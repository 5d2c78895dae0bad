"""How conditions name questions, and whether what they say of one fits the question. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.conditions import (
    Answered,
    Compared,
    Counted,
    Picked,
    Plain,
    Ranked,
    thousandths,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import ASIDE, Choice, Question

SHOWN = 6  # names of choices in a sentence, at the most
LONG = 16  # characters of a title in a sentence
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NO_COUNT = frozenset({"text", "number", "day"})


def numbers(questions: Sequence[Question]) -> dict[str, int]:
    """The number of each question that is asked and takes an answer, from 1, by its key."""
    keys = (q.key for q in questions if not q.off and q.type not in ASIDE)
    return {key: number for number, key in enumerate(keys, 1)}


def called(question: Question, questions: Sequence[Question]) -> str:
    """What a sentence calls a question: "Q3", or its title where it has no number."""
    number = numbers(questions).get(question.key)
    return f"Q{number}" if number else f"“{short(question.title)}”"


def short(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= LONG else text[:LONG] + "…"


def listed(names: Iterable[str], near: str = "") -> str:
    """Names for a sentence, those most like `near` in front, not too many."""
    found = list(dict.fromkeys(names))
    if near:
        found.sort(key=lambda name: -SequenceMatcher(None, near, name).ratio())
    return "、".join(map(short, found[:SHOWN])) + ("……" if len(found) > SHOWN else "")


def unfit(plain: Plain, question: Question, that: str) -> Invalid | None:
    """Why this cannot be said of a question of its kind, whatever its choices; or nothing.

    Args:
        that: what to call the question.
    """
    if question.type in ASIDE:
        return Invalid(N_("%(that)s 只是一段说明，没有答案，条件里用不上它。"), that=that)
    match plain:
        case Answered():
            return None
        case Counted():
            if KINDS[question.type].holds in _NO_COUNT:
                return Invalid(N_("%(that)s 不是选几样的题，没有个数可数。"), that=that)
            return None
        case Compared():
            return _compared(plain, question, that)
        case Ranked():
            return _ranked(plain, question, that)
        case Picked():
            return _picked(plain, question, that)


def gone(plain: Plain, question: Question, that: str) -> Invalid | None:
    """The choice or the row of which it speaks and that is not, or no longer, there; or nothing.

    Args:
        question: as the desk sees it, with the choices that are switched off.
    """
    match plain:
        case Ranked():
            return _among(question.choices, [plain.choice], that)
        case Picked():
            return _row_gone(plain, question, that) or _among(question.choices, plain.choices, that)
    return None


def _compared(plain: Compared, question: Question, that: str) -> Invalid | None:
    match KINDS[question.type].holds:
        case "number":
            if not _is_number(plain.value):
                say = N_("%(that)s 答的是数字，“%(value)s”不是数字。")
                return Invalid(say, that=that, value=plain.value)
        case "day":
            if not _is_day(plain.value):
                say = N_("%(that)s 答的是日期，“%(value)s”不是日期，请照“2026-03-05”这样写。")
                return Invalid(say, that=that, value=plain.value)
        case _:
            say = N_("%(that)s 答的不是数字，也不是日期，不能比大小。")
            return Invalid(say, that=that)
    return None


def _is_number(text: str) -> bool:
    try:
        thousandths(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _ranked(plain: Ranked, question: Question, that: str) -> Invalid | None:
    if KINDS[question.type].holds != "ranks":
        return Invalid(N_("%(that)s 不是排序题，没有第几位。"), that=that)
    most = question.most or len(question.choices)
    if not 1 <= plain.place <= most:
        say = N_("%(that)s 只排前 %(most)d 位，没有第 %(place)d 位。")
        return Invalid(say, that=that, most=most, place=plain.place)
    return None


def _picked(plain: Picked, question: Question, that: str) -> Invalid | None:
    match KINDS[question.type].holds:
        case "choices" | "ranks":
            return None
        case "cells":
            return None if plain.row else _rowless(question, that)
        case "place":
            say = N_("%(that)s 问的是楼栋单元，各院不一样，条件里只能写“答了”或“没答”。")
        case "number" | "day":
            say = N_("%(that)s 不是选择题，没有选项，可以写“大于”“小于”“等于”或“答了”。")
        case _:
            say = N_("%(that)s 不是选择题，没有选项，只能写“答了”或“没答”。")
    return Invalid(say, that=that)


def _row_gone(plain: Picked, question: Question, that: str) -> Invalid | None:
    if not question.rows:
        return None
    row = next((row for row in question.rows if row.key == plain.row), None)
    if row is None:
        names = listed(row.name for row in question.rows if not row.off)
        say = N_("%(that)s 现在没有条件里写的那一行，有：%(names)s。")
        return Invalid(say, that=that, names=names)
    if row.off:
        return Invalid(N_("%(that)s 的“%(name)s”这一行已经不用了。"), that=that, name=row.name)
    return None


def _rowless(question: Question, that: str) -> Invalid:
    """A matrix of which no row is named."""
    return Invalid(
        N_("%(that)s 有好几行，请写明是哪一行：%(names)s。"),
        that=that,
        names=listed(row.name for row in question.rows if not row.off),
    )


def unknown_row(question: Question, name: str, that: str) -> Invalid:
    """A row that a matrix does not have."""
    names = listed((row.name for row in question.rows if not row.off), name)
    say = N_("%(that)s 没有“%(name)s”这一行，有：%(names)s。")
    return Invalid(say, that=that, name=short(name), names=names)


def unknown_choice(question: Question, name: str, that: str) -> Invalid:
    """A choice that a question does not have."""
    names = listed((choice.name for choice in question.choices if not choice.off), name)
    say = N_("%(that)s 没有“%(name)s”这个选项，有：%(names)s。")
    return Invalid(say, that=that, name=short(name), names=names)


def _among(choices: Sequence[Choice], keys: Sequence[str], that: str) -> Invalid | None:
    known = {choice.key: choice for choice in choices}
    for key in keys:
        choice = known.get(key)
        if choice is None:
            names = listed(one.name for one in choices if not one.off)
            say = N_("%(that)s 现在没有条件里写的那个选项，有：%(names)s。")
            return Invalid(say, that=that, names=names)
        if choice.off:
            say = N_("%(that)s 的选项“%(name)s”已经不用了。")
            return Invalid(say, that=that, name=choice.name)
    return None
