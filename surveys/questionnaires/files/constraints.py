"""XLSForm's `constraint` as the bounds of a question; what is no bound is told. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from surveys.errors import Invalid
from surveys.questionnaires.conditions import (
    All,
    AnyOf,
    Compared,
    Condition,
    Counted,
    Not,
    Picked,
    Sign,
)
from surveys.questionnaires.files import relevance
from surveys.questionnaires.rules import Question


def bounded(question: Question, text: str) -> tuple[Question, list[str]]:
    """The question within what the constraint says, and the parts of it that are left out."""
    left = []
    for part in _parted(text):
        try:
            said = relevance.read(part, {".": relevance.Subject(".", question)})
        except Invalid:
            left.append(part)
            continue
        within = _within(question, said)
        if within is None:
            left.append(part)
        question = within or question
    return question, left


def _parted(text: str) -> list[str]:
    """Cut at each `and` that stands in no bracket: what one part says hangs on no other."""
    parts, deep = [""], 0
    for word in text.replace("(", " ( ").replace(")", " ) ").split():
        deep += (word == "(") - (word == ")")
        if word == "or" and deep == 0:
            return [text]
        if word == "and" and deep == 0:
            parts.append("")
        else:
            parts[-1] += f" {word}"
    closed = (part.replace(" ( ", "(").replace(" )", ")").strip() for part in parts)
    return [part for part in closed if part]


def _within(question: Question, said: Condition) -> Question | None:
    """The question with this bound; None where there is no such bound."""
    match said:
        case All(parts):
            within: Question | None = question
            for part in parts:
                within = within and _within(within, part)
            return within
        case Compared(_, sign, value):
            return _measured(question, sign, value)
        case Counted(_, sign, number):
            return _counted(question, sign, number)
        case Not(All((Picked(_, keys), Counted(_, ">", 1)))):
            return _alone(question, keys)
        case AnyOf((Not(Picked(_, keys)), Counted(_, "=" | "<=", 1))):
            return _alone(question, keys)
    return None


def _measured(question: Question, sign: Sign, value: str) -> Question | None:
    if sign == "!=":
        return None
    low, high = question.lowest, question.highest
    if sign in {">=", "="}:
        low = value
    if sign in {"<=", "="}:
        high = value
    if sign == ">":
        low = _beside(question, value, 1)
    if sign == "<":
        high = _beside(question, value, -1)
    return replace(question, lowest=low, highest=high)


def _beside(question: Question, value: str, step: int) -> str:
    """The next number or day that may be answered."""
    if question.type == "date":
        return (date.fromisoformat(value) + timedelta(days=step)).isoformat()
    return f"{Decimal(value) + Decimal(step).scaleb(-question.decimals):f}"


def _counted(question: Question, sign: Sign, number: int) -> Question | None:
    if question.type not in {"several", "rank"} or sign == "!=":
        return None
    least, most = question.least, question.most
    if sign in {">=", "=", ">"}:
        least = number + (sign == ">")
    if sign in {"<=", "=", "<"}:
        most = number - (sign == "<")
    return replace(question, least=least or None, most=most)


def _alone(question: Question, keys: Sequence[str]) -> Question:
    choices = (replace(c, alone=c.alone or c.key in keys) for c in question.choices)
    return replace(question, choices=tuple(choices))
