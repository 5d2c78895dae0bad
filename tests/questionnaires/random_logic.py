"""Random questionnaires with random logic, as hypothesis makes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as some

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
    Plain,
    Ranked,
)
from surveys.questionnaires.rules import ASIDE, Choice, Question

CHOOSING = ("single", "several", "dropdown", "scale", "yesno")
TYPES = (*CHOOSING, "rank", "matrix", "number", "date", "short", "photo", "note")
NAMES = (
    "漏雨 房顶漏雨 停水 是 否 都没有 Ａ A a 其他：____ “叫”停 2号楼 第1位 且 Q1 没选 一楼 三个月"
)
SIGNED = some.sampled_from(list(SIGNS))


def choices(most: int = 4, *, plain: bool = False) -> some.SearchStrategy[tuple[Choice, ...]]:
    """Two choices at least, of which two are offered; none is marked where `plain`."""
    names = some.lists(some.sampled_from(NAMES.split()), min_size=2, max_size=most, unique=True)
    return some.builds(_choices, names, some.integers(0, 3), some.integers(0, 9), some.just(plain))


def _choices(names: list[str], alone: int, off: int, plain: bool) -> tuple[Choice, ...]:
    marks: list[dict[str, bool]] = [{} for _ in names]
    if not plain and alone < len(names):
        marks[alone]["alone"] = True
    if len(names) > 2 and off < len(names):
        marks[off]["off"] = True
    if not plain and off > 6:
        marks[0]["writes"] = True
    return tuple(Choice("abcdef"[n], name, **marks[n]) for n, name in enumerate(names))


@some.composite
def question(draw: some.DrawFn, number: int, types: Sequence[str] = TYPES) -> Question:
    """One question with sound limits and no condition."""
    kind = draw(some.sampled_from(types))
    made = Question(f"q{number}", kind, f"第{number}问", required=draw(some.booleans()))
    match kind:
        case "single" | "dropdown" | "scale" | "yesno":
            return replace(made, choices=draw(choices()))
        case "several":
            return draw(_with_limits(replace(made, choices=draw(choices()))))
        case "rank":
            return draw(_with_limits(replace(made, choices=draw(choices(plain=True)))))
        case "matrix":
            rows = draw(choices(3, plain=True))
            return replace(made, choices=draw(choices(3, plain=True)), rows=rows)
        case "number":
            low, high = sorted(draw(some.tuples(some.integers(-3, 4), some.integers(-3, 4))))
            return replace(made, lowest=str(low), highest=str(high))
        case "date":
            first, last = sorted(draw(some.tuples(days(), days())))
            return replace(made, lowest=first, highest=last)
        case "photo":
            return replace(made, most=draw(some.integers(1, 3)))
    return replace(made, required=False) if kind in ASIDE else made


def days() -> some.SearchStrategy[str]:
    """A day out of five."""
    return some.integers(1, 5).map(lambda day: date(2026, 3, day).isoformat())


@some.composite
def _with_limits(draw: some.DrawFn, made: Question) -> Question:
    offered = [choice for choice in made.choices if not choice.off]
    most = draw(some.none() | some.integers(1, len(offered)))
    together = sum(not choice.alone for choice in offered) or 1
    top = min(most or together, together if made.type == "several" else len(offered))
    return replace(made, most=most, least=draw(some.none() | some.integers(1, top)))


@some.composite
def said_of(draw: some.DrawFn, of: Question) -> Plain:
    """Something that can be said of this question, true of some answers or of none."""
    keys = [choice.key for choice in of.choices]
    found: list[some.SearchStrategy[Any]] = [some.just(Answered(of.key))]
    picked = some.lists(some.sampled_from(keys or ["-"]), min_size=1, max_size=3).map(tuple)
    counted = some.builds(Counted, some.just(of.key), SIGNED, some.integers(0, 4))
    match of.type:
        case "single" | "dropdown" | "scale" | "yesno":
            found.append(some.builds(Picked, some.just(of.key), picked))
        case "several":
            found += [some.builds(Picked, some.just(of.key), picked), counted]
        case "rank":
            place = some.integers(1, of.most or len(keys))
            nth = some.builds(Ranked, some.just(of.key), place, some.sampled_from(keys))
            found += [some.builds(Picked, some.just(of.key), picked), counted, nth]
        case "matrix":
            row = some.sampled_from([row.key for row in of.rows])
            found += [some.builds(Picked, some.just(of.key), picked, row), counted]
        case "number":
            value = some.integers(-10, 10).map(lambda half: f"{half / 2:g}")
            found.append(some.builds(Compared, some.just(of.key), SIGNED, value))
        case "date":
            found.append(some.builds(Compared, some.just(of.key), SIGNED, days()))
        case "photo":
            found.append(counted)
    said: Plain = draw(some.one_of(found[1:] or found) | some.one_of(found))
    return said


def conditions(of: Sequence[Question], deep: int = 2) -> some.SearchStrategy[Condition]:
    """A condition on these questions, none of which is a note."""
    plain: some.SearchStrategy[Condition] = some.sampled_from(of).flatmap(said_of)
    if not deep:
        return plain
    inside = some.lists(conditions(of, deep - 1), min_size=2, max_size=3).map(tuple)
    more = [some.builds(one, inside) for one in (All, AnyOf)]
    return plain | some.one_of(*more) | some.builds(Not, conditions(of, deep - 1))


@some.composite
def questionnaires(
    draw: some.DrawFn, most: int = 5, types: Sequence[str] = TYPES
) -> tuple[Question, ...]:
    """Questions of all kinds, the first no note, on conditions on those before them, or none."""
    made: list[Question] = []
    for number in range(1, draw(some.integers(1, most)) + 1):
        asks = [kind for kind in types if kind not in ASIDE]
        one = draw(question(number, types if made else asks))
        before = [q for q in made if q.type not in ASIDE and not q.off]
        if before:
            one = replace(one, when=draw(some.none() | conditions(before)))
        is_off = bool(made) and draw(some.integers(0, 5)) == 5
        made.append(replace(one, off=is_off))
    return tuple(made)
