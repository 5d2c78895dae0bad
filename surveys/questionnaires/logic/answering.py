"""What of several things said of one question can be true together. Pure.

For a question so many answers are tried that every other is like one of them: the choices that are
spoken of, and one in the place of all that are not; the numbers and days around those named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, islice, product

from surveys.questionnaires.conditions import (
    Compared,
    Picked,
    Plain,
    Ranked,
    holds,
    thousandths,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.logic.fits import unfit
from surveys.questionnaires.rules import Choice, Question, Value

Truths = frozenset[Plain]
"""of the things said, those that are true"""
MOST = 20_000
"""answers tried of one question, by things said of it; where more are needed nothing is claimed"""
_LARGEST = 10**15 - 1  # thousandths of a number that can be answered
_FIRST, _LAST = date(1900, 1, 1), date(2099, 12, 31)


def truths(said: Iterable[Plain], question: str, value: Value) -> Truths:
    """What of the things said is true of this answer to the question."""
    return frozenset(plain for plain in said if holds(plain, {question: value}))


@lru_cache(maxsize=4096)
def outcomes(question: Question, said: tuple[Plain, ...]) -> frozenset[Truths] | None:
    """All that can be true together of what is said, over the answers that can be given.

    Args:
        question: with those choices and rows only that are offered; it is shown.

    Returns:
        Nothing at all where there are too many answers to try, or where something is said that
        cannot be said of such a question.
    """
    if any(unfit(plain, question, "") for plain in said):
        return None
    try:
        answers = _ANSWERS.get(KINDS[question.type].holds, _anything)
        most = MOST // (len(said) or 1)
        tried = list(islice(answers(question, said), most + 1))
    except ValueError:  # bounds that are no numbers, or no days
        return None
    if len(tried) > most:
        return None
    if not question.required or not tried:
        tried.append(())
    return frozenset(truths(said, question.key, value) for value in tried)


# Choices


def _alike(choices: Iterable[Choice], said: Sequence[Picked]) -> list[list[str]]:
    """The keys of the choices, those together of which the same is said."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for choice in choices:
        named = tuple(choice.key in picked.choices for picked in said)
        groups.setdefault(named, []).append(choice.key)
    return list(groups.values())


def _picks(question: Question, said: Sequence[Plain]) -> Iterator[Value]:
    """One choice; or from each group of like ones none or one at the least, any number in all."""
    if question.type != "several":
        yield from ((choice.key,) for choice in question.choices)
        return
    yield from ((choice.key,) for choice in question.choices if choice.alone)
    picked = [plain for plain in said if isinstance(plain, Picked)]
    groups = _alike((one for one in question.choices if not one.alone), picked)
    for size in range(1, len(groups) + 1):
        for chosen in combinations(groups, size):
            keys = [group[0] for group in chosen] + [key for group in chosen for key in group[1:]]
            top = min(len(keys), question.most or len(keys))
            for count in range(max(size, question.least or 0), top + 1):
                yield tuple(keys[:count])


def _rankings(question: Question, said: Sequence[Plain]) -> Iterator[Value]:
    """The choices spoken of in every order; of the others always the first that is left."""
    named = {plain.choice for plain in said if isinstance(plain, Ranked)}
    named |= {key for plain in said if isinstance(plain, Picked) for key in plain.choices}
    most = question.most or len(question.choices)
    keys = [choice.key for choice in question.choices]

    def longer(begun: Value) -> Iterator[Value]:
        if len(begun) >= (question.least or 1):
            yield begun
        if len(begun) < most:
            left = [key for key in keys if key not in begun]
            others = [key for key in left if key not in named]
            for key in [*(key for key in left if key in named), *others[:1]]:
                yield from longer((*begun, key))

    return longer(())


def _grids(question: Question, said: Sequence[Plain]) -> Iterator[Value]:
    """For each row spoken of a column of each group of like ones; of the others some or all."""
    if not question.choices:
        return
    picked = [plain for plain in said if isinstance(plain, Picked)]
    none = [] if question.required else [""]
    named, others = [], []
    for row in question.rows:
        of_row = [plain for plain in picked if plain.row == row.key]
        if of_row:
            columns = [group[0] for group in _alike(question.choices, of_row)]
            named.append([f"{row.key}:{column}" for column in columns] + none)
        else:
            others.append(f"{row.key}:{question.choices[0].key}")
    for cells in product(*named):
        for count in range(len(others) if question.required else 0, len(others) + 1):
            yield tuple(filter(None, cells)) + tuple(others[:count])


# Numbers and days


def _named(said: Sequence[Plain]) -> list[str]:
    return [plain.value for plain in said if isinstance(plain, Compared)]


def _numbers(question: Question, said: Sequence[Plain]) -> Iterator[Value]:
    step = 10 ** (3 - question.decimals)
    low = thousandths(question.lowest) if question.lowest else -_LARGEST
    high = thousandths(question.highest) if question.highest else _LARGEST
    around = {-(-low // step) * step, high // step * step}
    for value in map(thousandths, _named(said)):
        around |= {value // step * step + more * step for more in (-1, 0, 1)}
    for number in sorted(around):
        if low <= number <= high:
            whole, rest = divmod(abs(number), 1000)
            yield (f"{'-' if number < 0 else ''}{whole}.{rest:03}",)


def _days(question: Question, said: Sequence[Plain]) -> Iterator[Value]:
    low = date.fromisoformat(question.lowest) if question.lowest else _FIRST
    high = date.fromisoformat(question.highest) if question.highest else _LAST
    around = {low, high}
    for day in map(date.fromisoformat, _named(said)):
        around |= {day + timedelta(days=more) for more in (-1, 0, 1)}
    yield from ((day.isoformat(),) for day in sorted(around) if low <= day <= high)


# Other kinds


def _photos(question: Question, _said: Sequence[Plain]) -> Iterator[Value]:
    return (("photo",) * count for count in range(1, (question.most or 1) + 1))


def _nothing(_question: Question, _said: Sequence[Plain]) -> Iterator[Value]:
    return iter(())


def _anything(_question: Question, _said: Sequence[Plain]) -> Iterator[Value]:
    """Of a text, and of a place, nothing is said but that it is there."""
    return iter([("an answer",)])


_ANSWERS: Mapping[str, Callable[[Question, Sequence[Plain]], Iterator[Value]]] = {
    "choices": _picks,
    "ranks": _rankings,
    "cells": _grids,
    "number": _numbers,
    "day": _days,
    "photos": _photos,
    "nothing": _nothing,
}
"""answers that stand for all that can be given but for none, by what the question holds"""
