"""The kinds of question: each one object with all that is particular to it, found in one dict.

A new kind is one entry here, its template parts, and one table of its tests.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.rules import Question, Value, clean

SHORT = 100  # characters
LONG = 500  # characters
_SEPARATOR = re.compile(r"[\s,，、;；.。/+]+")

Reader = Callable[[Question, Sequence[str]], Value]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question."""

    name: str
    """what the desk calls it"""
    read: Reader
    """what was typed → the answer; raises Invalid"""
    part: str
    """template part for a phone"""
    keyed: str
    """template part for keying in a sheet"""
    paper: str
    """template part for a printed sheet"""
    is_text: bool
    """whether it is answered in words, not in choices"""
    seconds: int
    """how long a person takes over it, to say beforehand how long all will take"""
    most: int | None = None
    """longest text, in characters"""
    is_short: bool = False
    """whether one line is enough to write it"""


def read_answer(question: Question, typed: Sequence[str]) -> Value:
    """The answer in what was typed or ticked; an empty tuple where there is none.

    Raises:
        Invalid: too many picks, a choice that is not offered, or too long a text.
    """
    return KINDS[question.type].read(question, typed)


def as_typed(question: Question, typed: Sequence[str]) -> Value:
    """What was typed, to be shown again beside its fault: nothing is checked, no text is cut."""
    if KINDS[question.type].is_text:
        return tuple(filter(None, (clean(text) for text in typed[:1])))
    return _in_order(question, typed)


def keys_of_numbers(question: Question, typed: str) -> list[str]:
    """The keys of choices that staff typed by their printed numbers: "3", "1 4 12", "147".

    Digits may run together where no choice has a number of two digits.

    Raises:
        Invalid: something else than the numbers of this question's choices.
    """
    words = [word for word in _SEPARATOR.split(clean(typed)) if word]
    if len(question.choices) < 10:
        words = [digit for word in words for digit in word]
    if any(not word.isdecimal() or not 1 <= int(word) <= len(question.choices) for word in words):
        raise Invalid(
            N_("请填 1 到 %(most)d 之间的号，几个号用空格隔开。"), most=len(question.choices)
        )
    return [question.choices[int(word) - 1].key for word in words]


def minutes(questions: Sequence[Question]) -> int:
    """About how many minutes it takes to answer, at least one."""
    return max(1, -(-sum(KINDS[question.type].seconds for question in questions) // 60))


def _in_order(question: Question, typed: Sequence[str]) -> Value:
    return tuple(choice.key for choice in question.choices if choice.key in typed)


def _picks(question: Question, typed: Sequence[str]) -> Value:
    wanted = {key for key in typed if key}
    picked = _in_order(question, typed)
    if len(picked) != len(wanted):
        raise Invalid(N_("选的有一样不在这一题里，请重新选。"))
    return picked


def read_single(question: Question, typed: Sequence[str]) -> Value:
    """One choice at the most."""
    picked = _picks(question, typed)
    if len(picked) > 1:
        raise Invalid(N_("这一题只能选一个。"))
    return picked


def read_several(question: Question, typed: Sequence[str]) -> Value:
    """Several choices, as many as the question allows; one that stands alone only by itself."""
    picked = _picks(question, typed)
    lonely = [c.name for c in question.choices if c.alone and c.key in picked]
    if lonely and len(picked) > 1:
        raise Invalid(N_("选了“%(name)s”，就不能再选别的。"), name=lonely[0])
    if question.most is not None and len(picked) > question.most:
        raise Invalid(
            N_("最多选 %(most)d 样，您选了 %(picked)d 样，请去掉几样。"),
            most=question.most,
            picked=len(picked),
        )
    return picked


def _read_text(question: Question, typed: Sequence[str]) -> Value:
    text = clean(typed[0]) if typed else ""
    most = KINDS[question.type].most
    if most is not None and len(text) > most:
        raise Invalid(
            N_("最多写 %(most)d 个字，您写了 %(written)d 个，请写短一些。"),
            most=most,
            written=len(text),
        )
    return (text,) if text else ()


def _choosing(name: str, read: Reader) -> Kind:
    return Kind(
        name=name,
        read=read,
        part="questionnaires/_choices.html",
        keyed="questionnaires/_keyed_choices.html",
        paper="questionnaires/_paper_choices.html",
        is_text=False,
        seconds=15,
    )


def _writing(name: str, most: int, seconds: int) -> Kind:
    return Kind(
        name=name,
        read=_read_text,
        part="questionnaires/_text.html",
        keyed="questionnaires/_keyed_text.html",
        paper="questionnaires/_paper_text.html",
        is_text=True,
        seconds=seconds,
        most=most,
        is_short=most <= SHORT,
    )


KINDS: Mapping[str, Kind] = {
    "single": _choosing(N_("单选"), read_single),
    "several": _choosing(N_("多选"), read_several),
    "scale": _choosing(N_("五级量表"), read_single),
    "short": _writing(N_("填空"), SHORT, seconds=20),
    "long": _writing(N_("问答"), LONG, seconds=45),
}
