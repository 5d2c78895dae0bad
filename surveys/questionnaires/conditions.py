"""When a question is shown: a condition on the answers to questions before it. Pure.

A condition is data: what stands in a version, is hashed with it and read back. Its words, as an
organizer types them, are in `logic_words`; what may be wrong with it, in `logic`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Literal

Given = Mapping[str, tuple[str, ...]]
Sign = Literal["=", "!=", "<", "<=", ">", ">="]
SIGNS: Mapping[Sign, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@dataclass(frozen=True, slots=True)
class Picked:
    """Any of these choices was picked, of a matrix in this row."""

    question: str
    choices: tuple[str, ...]
    row: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """This choice was put in this place, from 1."""

    question: str
    place: int
    choice: str


@dataclass(frozen=True, slots=True)
class Answered:
    """There is an answer."""

    question: str


@dataclass(frozen=True, slots=True)
class Counted:
    """So many choices were picked; of an unanswered question none was."""

    question: str
    sign: Sign
    number: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The number or the date stands so to this one; what is unanswered stands so to nothing."""

    question: str
    sign: Sign
    value: str
    """a number with at most three decimals, or a day as in ISO 8601"""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Each of these, two at least."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these, of two at least."""

    parts: tuple["Condition", ...]


Plain = Picked | Ranked | Answered | Counted | Compared
"""what is said of one question"""
Condition = Plain | Not | All | AnyOf
_OTHERS: Mapping[str, Callable[..., Condition]] = {
    "ranked": Ranked,
    "answered": Answered,
    "counted": Counted,
    "compared": Compared,
}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,3})?")


def picked_key(part: str) -> str:
    """The key of a choice, without the words that were written beside it."""
    return part.partition("=")[0]


def thousandths(number: str) -> int:
    """A number as it is answered, such as "12", "-0.5" or "3.125", in thousandths.

    Raises:
        ValueError: it is no such number.
    """
    if not _NUMBER.fullmatch(number):
        raise ValueError(number)
    return int(Decimal(number) * 1000)


def holds(condition: Condition, given: Given) -> bool:
    """Whether it holds for these answers, of which those to hidden questions are left out."""
    match condition:
        case Not(part):
            return not holds(part, given)
        case All(parts):
            return all(holds(part, given) for part in parts)
        case AnyOf(parts):
            return any(holds(part, given) for part in parts)
    return _true_of(condition, given.get(condition.question, ()))


def _true_of(condition: Plain, answer: tuple[str, ...]) -> bool:
    match condition:
        case Answered():
            return bool(answer)
        case Counted(_, sign, number):
            return SIGNS[sign](len(answer), number)
        case Compared(_, sign, value):
            return bool(answer) and _compares(sign, _measure(answer[0]), _measure(value))
        case Ranked(_, place, choice):
            return answer[place - 1 : place] == (choice,)
        case Picked(_, choices, row):
            wanted = {f"{row}:{choice}" if row else choice for choice in choices}
            return any(picked_key(part) in wanted for part in answer)


def _compares(sign: Sign, one: int | str, other: int | str) -> bool:
    """A number is not compared with a day: nothing holds of the two."""
    return type(one) is type(other) and SIGNS[sign](one, other)


def _measure(text: str) -> int | str:
    """Numbers by their size, days by the calendar: ISO 8601 sorts as text."""
    return thousandths(text) if _NUMBER.fullmatch(text) else text


def asked_of(condition: Condition) -> Iterator[str]:
    """The keys of the questions that it looks at, as often as it does."""
    match condition:
        case Not(part):
            yield from asked_of(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from asked_of(part)
        case _:
            yield condition.question


def to_plain(condition: Condition) -> list[Any]:
    """As JSON: ["picked", "q3", ["a"], ""]."""
    parts = (getattr(condition, field.name) for field in fields(condition))
    return [type(condition).__name__.lower(), *map(_plain, parts)]


def _plain(part: Any) -> Any:
    if isinstance(part, tuple):
        return [_plain(one) for one in part]
    return part if isinstance(part, str | int) else to_plain(part)


def from_plain(plain: Sequence[Any]) -> Condition:
    """Out of its JSON."""
    name, *parts = plain
    match name:
        case "not":
            return Not(from_plain(parts[0]))
        case "all" | "anyof":
            inside = tuple(from_plain(part) for part in parts[0])
            return All(inside) if name == "all" else AnyOf(inside)
        case "picked":
            return Picked(parts[0], tuple(parts[1]), *parts[2:])
    return _OTHERS[name](*parts)
