"""A condition in the words in which an organizer reads and types it, and in those of paper. Pure.

What `words` writes, `read` reads as the very same condition; `read` understands more besides.
"""

from collections.abc import Mapping, Sequence

from surveys.questionnaires.conditions import (
    All,
    Answered,
    AnyOf,
    Compared,
    Condition,
    Counted,
    Not,
    Picked,
    Plain,
    Ranked,
    Sign,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.logic.fits import numbers
from surveys.questionnaires.logic.parser import Parser
from surveys.questionnaires.logic.text import QUOTES
from surveys.questionnaires.rules import Choice, Question, clean

_COUNTS: Mapping[Sign, str] = {
    ">=": "{did}至少 {n} {of}",
    "<=": "{did}最多 {n} {of}",
    "=": "{did}正好 {n} {of}",
    ">": "{did}多于 {n} {of}",
    "<": "{did}少于 {n} {of}",
    "!=": "选的个数不等于 {n}",
}
_DID: Mapping[str, tuple[str, str]] = {
    "ranks": ("排了", "位"),
    "cells": ("答了", "行"),
    "photos": ("放了", "张"),
}
"""what one does in answering, and what one counts, by what the question holds"""
_SIZES: Mapping[Sign, str] = {
    ">=": "不小于",
    "<=": "不大于",
    "=": "等于",
    ">": "大于",
    "<": "小于",
    "!=": "不等于",
}
_DAYS: Mapping[Sign, str] = {**_SIZES, ">=": "不早于", "<=": "不晚于", ">": "晚于", "<": "早于"}


def read(text: str, questions: Sequence[Question], for_key: str) -> Condition:
    """The condition that was typed: `Q3 选了 “漏雨”`, or the whole sentence around it.

    Whether it looks ahead, or at what is no longer asked, is for `logic.faults` to say.

    Args:
        questions: all of the questionnaire, in order.
        for_key: of the question that is shown on this condition.

    Raises:
        Invalid: it names the place in the text and what was expected there.
    """
    return Parser(text, questions, for_key).read()


def words(condition: Condition, questions: Sequence[Question]) -> str:
    """A condition as it is shown to be read and typed over.

    Args:
        questions: all of the questionnaire, in order.
    """
    return _Typed(questions).words(condition)


def paper_words(
    condition: Condition, questions: Sequence[Question], *, is_aside: bool = False
) -> str:
    """The line above a question on paper: 第 3 题选了“漏雨”的，才答这题。

    Args:
        is_aside: it is a note or the head of a section that stands under the condition.
    """
    return _Printed(questions).words(condition) + (
        "的，才看这段。" if is_aside else "的，才答这题。"
    )


class _Typed:
    """Words that can be typed and read again."""

    gap = " "
    joints = {All: " 且 ", AnyOf: " 或 "}

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = {question.key: question for question in questions}
        self._numbers = numbers(questions)

    def words(self, condition: Condition, *, inside: bool = False) -> str:
        """A condition in words, in brackets where it stands inside another."""
        match condition:
            case All(parts) | AnyOf(parts):
                joint = self.joints[type(condition)]
                joined = joint.join(self.words(part, inside=True) for part in parts)
                return f"（{joined}）" if inside else joined
            case Not(Picked() | Ranked() | Answered() as plain):
                return self._asks(plain.question) + self._says(plain, denied=True)
            case Not(part):
                return f"不是（{self.words(part)}）"
        return self._asks(condition.question) + self._says(condition, denied=False)

    def _says(self, plain: Plain, *, denied: bool) -> str:
        question = self._questions.get(plain.question) or Question(plain.question, "short", "")
        match plain:
            case Answered():
                return self.gap + ("没答" if denied else "答了")
            case Counted(_, sign, n):
                did, of = _DID.get(KINDS[question.type].holds, ("选了", "个"))
                return self.gap + _COUNTS[sign].format(did=did, n=n, of=of)
            case Compared(_, sign, value):
                signs = _DAYS if question.type == "date" else _SIZES
                return f"{self.gap}{signs[sign]} {self._value(value, question)}"
            case Ranked(_, place, choice):
                named = self._name(choice, question.choices)
                return f"{self.gap}第 {place} 位{'不是' if denied else '是'}{self.gap}{named}"
            case Picked():
                return self._picks(plain, question, denied=denied)

    def _picks(self, plain: Picked, question: Question, *, denied: bool) -> str:
        row = self.gap + self._name(plain.row, question.rows) if plain.row else ""
        names = "、".join(self._name(key, question.choices) for key in plain.choices)
        among = ("中的任何一个" if denied else "中的一个") if len(plain.choices) > 1 else ""
        verb = "没选" if denied else "选了"
        return f"{row}{self.gap}{verb}{self.gap}{names}" + (self.gap + among if among else "")

    def _asks(self, key: str) -> str:
        return f"Q{self._numbers[key]}" if key in self._numbers else f"${{{key}}}"

    def _name(self, key: str, choices: Sequence[Choice]) -> str:
        """A choice by its words; by its printed number or its key where they would not do."""
        offered = [choice for choice in choices if not choice.off]
        choice = next((one for one in choices if one.key == key), None)
        if choice is None:
            return f"${{{key}}}"
        is_fit = choice.name == clean(choice.name) and not set(choice.name) & {*QUOTES, "\n", ""}
        among = choices if choice.off else offered
        if choice.name and is_fit and [one.name for one in among].count(choice.name) == 1:
            return f"“{choice.name}”"
        return f"${{{key}}}" if choice.off else f"{offered.index(choice) + 1} 号"

    def _value(self, value: str, _question: Question) -> str:
        return value


class _Printed(_Typed):
    """Words to be read beside the numbered questions of a sheet."""

    gap = ""
    joints = {All: "，并且", AnyOf: "，或者"}

    def _asks(self, key: str) -> str:
        if key in self._numbers:
            return f"第 {self._numbers[key]} 题"
        question = self._questions.get(key)
        return f"“{question.title if question else key}”"

    def _name(self, key: str, choices: Sequence[Choice]) -> str:
        return f"“{next((one.name for one in choices if one.key == key), key)}”"

    def _value(self, value: str, question: Question) -> str:
        if question.type == "date" and value.count("-") == 2:
            year, month, day = value.split("-")
            return f"{year} 年 {int(month)} 月 {int(day)} 日"
        return f"{value} {question.unit}".strip()
