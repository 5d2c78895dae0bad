"""Random questionnaires that can stand: every kind, bounds, words beside, off ones, and logic."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from surveys.questionnaires import logic
from surveys.questionnaires.conditions import (
    SIGNS,
    All,
    Answered,
    AnyOf,
    Compared,
    Condition,
    Counted,
    Not,
    Picked,
    Ranked,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import ASIDE, Choice, Question, clean

SIGNS_OF_TEXT = "漏雨没灯门前的好。，？（）“”<b>&;|=+-@'\"/\\$.{}0aZ9 _：*#😀é"
KEYS = "abcxyzABQ0129_.-漏雨é"
COUNTED = frozenset({"choices", "ranks", "cells"})


def texts(most: int) -> st.SearchStrategy[str]:
    """One line of text as it is kept, never empty."""
    drawn = st.text(SIGNS_OF_TEXT, min_size=1, max_size=most)
    return drawn.map(lambda text: clean(text)[:most].strip() or "题")


def keys() -> st.SearchStrategy[str]:
    """A key of a question or a choice."""
    return st.text(KEYS, min_size=1, max_size=6)


@st.composite
def some_choices(draw: st.DrawFn, least: int = 2, *, marked: bool = True) -> tuple[Choice, ...]:
    """Choices with keys of their own, so many at least that are offered."""
    found = draw(st.lists(keys(), min_size=least, max_size=least + 4, unique=True))
    size = len(found)
    names = draw(st.lists(texts(20), min_size=size, max_size=size, unique=True))
    flags = st.booleans() if marked else st.just(False)
    return tuple(
        Choice(
            key,
            names[n],
            alone=draw(flags),
            off=n >= least and draw(st.booleans()),
            writes=draw(flags),
        )
        for n, key in enumerate(found)
    )


@st.composite
def numbers(draw: st.DrawFn, decimals: int = 3) -> str:
    """A number as it is answered."""
    value = draw(st.integers(-99_999, 99_999))
    places = draw(st.integers(0, decimals))
    sign, digits = "-" if value < 0 else "", str(abs(value)).rjust(places + 1, "0")
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    text = f"{sign}{whole}" + (f".{part}" if part else "")
    return "0" if not text.strip("-0.") else text


def days() -> st.SearchStrategy[str]:
    """A day as it is answered."""
    return st.dates().map(lambda day: day.replace(year=1990 + day.year % 100, day=1).isoformat())


@st.composite
def _particular(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """What belongs to questions of this kind only."""
    if KINDS[kind].holds in COUNTED:
        return draw(_chosen(kind))
    match kind:
        case "number":
            places, unit = draw(st.integers(0, 3)), draw(st.just("") | texts(4))
            return {"decimals": places, "unit": unit, **draw(_between(numbers(), float))}
        case "date":
            return draw(_between(days(), str))
        case "short" | "long":
            return {"takes_suggestions": draw(st.booleans())}
        case "photo":
            return {"most": draw(st.sampled_from([1, 2, 3]))}
    return {}


@st.composite
def _chosen(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    marked = kind not in {"rank", "matrix"}
    found: dict[str, Any] = {"choices": draw(some_choices(marked=marked))}
    if kind == "matrix":
        found["rows"] = draw(some_choices(1, marked=False))
    if kind in {"several", "rank"}:
        offered = sum(not choice.off for choice in found["choices"])
        found["most"] = draw(st.none() | st.integers(1, offered))
        found["least"] = draw(st.none() | st.integers(1, found["most"] or offered))
    return found


@st.composite
def _between(
    draw: st.DrawFn, bounds: st.SearchStrategy[str], size: Callable[[str], Any]
) -> dict[str, str]:
    low, high = sorted([draw(bounds), draw(bounds)], key=size)
    return {
        "lowest": draw(st.sampled_from(["", low])),
        "highest": draw(st.sampled_from(["", high])),
    }


@st.composite
def a_question(draw: st.DrawFn, key: str, kind: str, before: Sequence[Question]) -> Question:
    """A question of this kind, shown always or on what was answered before it."""
    question = Question(
        key,
        kind,
        draw(texts(60)),
        help=draw(st.just("") | texts(120)),
        required=kind not in ASIDE and draw(st.booleans()),
        off=draw(st.sampled_from([False, False, False, True])),
        **draw(_particular(kind)),
    )
    if not before:
        return question
    return replace(question, when=draw(st.none() | conditions(before)))


@st.composite
def questionnaires(draw: st.DrawFn, most: int = 8) -> tuple[Question, ...]:
    """Questions in order, at least one of which is asked and takes an answer."""
    found: list[Question] = []
    for key in draw(st.lists(keys(), min_size=1, max_size=most, unique=True)):
        kind = draw(st.sampled_from(sorted(KINDS)))
        before = [q for q in found if not q.off and q.type not in ASIDE]
        found.append(draw(a_question(key, kind, before)))
    if all(question.off or question.type in ASIDE for question in found):
        found.append(Question("last-one", "short", draw(texts(10))))
    while faults := logic.faults(found):
        wrong = {fault.key for fault in faults}
        found = [replace(q, when=None) if q.key in wrong else q for q in found]
    return tuple(found)


def conditions(before: Sequence[Question]) -> st.SearchStrategy[Condition]:
    """A condition on these questions, all of which are asked."""
    plain: st.SearchStrategy[Condition] = st.sampled_from(list(before)).flatmap(_said_of)

    def wider(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, inner), st.builds(All, several), st.builds(AnyOf, several))

    return st.recursive(plain, wider, max_leaves=5)


@st.composite
def _said_of(draw: st.DrawFn, question: Question) -> Condition:
    """Something that may be said of the answer to one question."""
    holds, signs = KINDS[question.type].holds, st.sampled_from(list(SIGNS))
    offered = [choice.key for choice in question.choices if not choice.off]
    ways: list[st.SearchStrategy[Condition]] = [st.just(Answered(question.key))]
    if holds in COUNTED:
        ways.append(st.builds(Counted, st.just(question.key), signs, st.integers(0, 9)))
    if holds in {"choices", "ranks", "cells"}:
        rows = [row.key for row in question.rows if not row.off] or [""]
        some = st.lists(st.sampled_from(offered), min_size=1, unique=True)
        ordered = some.map(lambda picked: tuple(key for key in offered if key in picked))
        ways.append(st.builds(Picked, st.just(question.key), ordered, st.sampled_from(rows)))
    if holds == "ranks":
        places = st.integers(1, question.most or len(offered))
        one = st.sampled_from(offered)
        ways.append(st.builds(Ranked, st.just(question.key), places, one))
    if holds in {"number", "day"}:
        value = numbers() if holds == "number" else days()
        ways.append(st.builds(Compared, st.just(question.key), signs, value))
    return draw(st.one_of(ways))
