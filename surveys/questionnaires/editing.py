"""Changing the questions before anybody is asked: rewording, reordering, switching off. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.rules import Choice, Question, asked, clean

TITLE = 60  # characters of a question
HELP = 120
NAME = 40  # characters of a choice


@dataclass(frozen=True, slots=True)
class Rewording:
    """What the desk typed for one question. `names` and `offered` go by the choices' keys."""

    title: str
    help: str
    is_asked: bool
    required: bool
    most: str
    names: Mapping[str, str]
    offered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """All that the desk typed on a questionnaire's page."""

    head: Mapping[str, str]
    """title, intro, keeps, seen_by; those not named stay"""
    questions: Mapping[str, Rewording]
    seen: str | None = None
    """digest of the questions as they were shown when somebody began to type"""


def reworded(questions: Sequence[Question], typed: Mapping[str, Rewording]) -> tuple[Question, ...]:
    """The questions as reworded; one that nothing was typed for stays as it is.

    Raises:
        Invalid: an empty or overlong text, a question with fewer than two choices left, a `most`
            that is no number, or no question left at all. It names the question by its number.
    """
    changed = tuple(
        _reworded(n, question, typed[question.key]) if question.key in typed else question
        for n, question in enumerate(questions, 1)
    )
    if not asked(changed):
        raise Invalid(N_("至少要留一道题。"))
    return changed


def moved(questions: Sequence[Question], key: str, step: int) -> tuple[Question, ...]:
    """The questions with the one of `key` moved up (-1) or down (1); at the end it stays."""
    order = list(questions)
    here = next((n for n, question in enumerate(order) if question.key == key), None)
    if here is not None and 0 <= here + step < len(order):
        order[here], order[here + step] = order[here + step], order[here]
    return tuple(order)


def _reworded(number: int, question: Question, typed: Rewording) -> Question:
    choices = tuple(_choice(number, choice, typed) for choice in question.choices)
    left = sum(not choice.off for choice in choices)
    if choices and typed.is_asked and left < 2:
        raise Invalid(N_("第 %(number)d 题：至少要留两个选项。"), number=number)
    return replace(
        question,
        title=_text(number, typed.title, TITLE),
        help=_text(number, typed.help, HELP, may_be_empty=True),
        off=not typed.is_asked,
        required=typed.required,
        most=_most(number, question, typed.most, left),
        choices=choices,
    )


def _choice(number: int, choice: Choice, typed: Rewording) -> Choice:
    name = _text(number, typed.names.get(choice.key, choice.name), NAME)
    return replace(choice, name=name, off=choice.key not in typed.offered)


def _most(number: int, question: Question, typed: str, left: int) -> int | None:
    if question.type != "several" or not typed.strip():
        return None
    if not re.fullmatch(r"[1-9]\d{0,2}", typed.strip()):
        raise Invalid(N_("第 %(number)d 题：“最多选几样”要填数字，不限就空着。"), number=number)
    return int(typed) if int(typed) < left else None


def _text(number: int, typed: str, most: int, *, may_be_empty: bool = False) -> str:
    text = clean(typed).replace("\n", " ")
    if not text and not may_be_empty:
        raise Invalid(N_("第 %(number)d 题：题目和选项都不能空着。"), number=number)
    if len(text) > most:
        raise Invalid(
            N_("第 %(number)d 题：“%(start)s…”太长了，最多 %(most)d 个字。"),
            number=number,
            start=text[:8],
            most=most,
        )
    return text
