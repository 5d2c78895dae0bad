"""All the ways on which people may go through a questionnaire under its conditions. Pure.

A way is known by what is true of the conditions still to come, not by its answers, so that many
people share one. Where there are too many even so, nothing is claimed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from surveys.questionnaires.conditions import All, AnyOf, Condition, Not, Plain, asked_of, holds
from surveys.questionnaires.logic_answers import Truths, outcomes, truths
from surveys.questionnaires.rules import ASIDE, Given, Question

MOST = 3000
"""ways that are followed at a time"""
Answer = Callable[[Question, tuple[Plain, ...]], frozenset[Truths] | None]
Range = tuple[int, int]


class TooMany(Exception):
    """There are more ways than are followed."""


def plain_in(condition: Condition) -> Iterator[Plain]:
    """What it says of single questions."""
    match condition:
        case Not(part):
            yield from plain_in(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from plain_in(part)
        case _:
            yield condition


def can_hold(parts: Sequence[Question], target: Question) -> bool | None:
    """Whether anybody can ever come to see this question; None where that is too much to find out.

    Args:
        parts: all that is asked, in order, the question among them.
    """
    if target.when is None:
        return True
    wanted = {target.key}
    for part in reversed(parts[: parts.index(target)]):
        if any(part.key in _looks_at(one) for one in parts if one.key in wanted):
            wanted.add(part.key)
    cone = [part for part in parts[: parts.index(target) + 1] if part.key in wanted]
    try:
        ways = _follow(cone, outcomes, lambda part: part is target)
    except TooMany:
        return None
    return any(most for _least, most in ways)


def still_to_come(parts: Sequence[Question], given: Given, number: int) -> Range:
    """As `logic.ahead`, exactly.

    Raises:
        TooMany: it takes too long to find out.
    """
    numbers = _numbers(parts)

    def answer(part: Question, said: tuple[Plain, ...]) -> frozenset[Truths] | None:
        value = given.get(part.key, ())
        if value or numbers[part.key] < number:
            return frozenset([truths(said, part.key, value)])
        return outcomes(part, said)

    least = most = 0
    for group in _groups(tuple(parts)):
        ways = _follow(
            group, answer, lambda part: part.type not in ASIDE and numbers[part.key] > number
        )
        least += min(few for few, _many in ways)
        most += max(many for _few, many in ways)
    return least, most


def _numbers(parts: Sequence[Question]) -> dict[str, int]:
    """The number of each question, and of a note that of the question before it."""
    number, found = 0, {}
    for part in parts:
        number += part.type not in ASIDE
        found[part.key] = number
    return found


@lru_cache(maxsize=64)
def _groups(parts: tuple[Question, ...]) -> tuple[tuple[Question, ...], ...]:
    """The parts in groups that have nothing to do with one another, each in order."""
    group_of = {part.key: {part.key} for part in parts}
    for part in parts:
        for key in _looks_at(part) & group_of.keys():
            joined = group_of[key] | group_of[part.key]
            group_of.update(dict.fromkeys(joined, joined))
    groups = {id(keys): keys for keys in group_of.values()}.values()
    return tuple(tuple(part for part in parts if part.key in keys) for keys in groups)


def _looks_at(part: Question) -> frozenset[str]:
    return frozenset(asked_of(part.when)) if part.when else frozenset()


def _follow(
    parts: Sequence[Question], answer: Answer, counts: Callable[[Question], bool]
) -> Iterable[Range]:
    """For each way through these questions how many of those that count are shown on it.

    Raises:
        TooMany: more ways than are followed, or a question with too many answers.
    """
    last_use = {
        plain: n for n, part in enumerate(parts) if part.when for plain in plain_in(part.when)
    }
    unanswered = frozenset(plain for plain in last_use if holds(plain, {}))
    ways: dict[Truths, Range] = {unanswered: (0, 0)}
    for n, part in enumerate(parts):
        of_it = tuple(plain for plain in last_use if plain.question == part.key)
        is_used = frozenset(plain for plain, last in last_use.items() if last > n)
        hidden = frozenset([truths(of_it, part.key, ())])
        after: dict[Truths, Range] = {}
        for known, (few, many) in ways.items():
            is_shown = part.when is None or _is_true(part.when, known)
            more = is_shown and counts(part)
            for found in _found(part, of_it, answer) if is_shown and of_it else hidden:
                way = (known.difference(of_it) | found) & is_used
                least, most = after.get(way, (few + more, many + more))
                after[way] = min(least, few + more), max(most, many + more)
        if len(after) > MOST:
            raise TooMany
        ways = after
    return ways.values()


def _found(part: Question, said: tuple[Plain, ...], answer: Answer) -> frozenset[Truths]:
    found = answer(part, said)
    if found is None:
        raise TooMany
    return found


def _is_true(condition: Condition, known: Truths) -> bool:
    match condition:
        case Not(part):
            return not _is_true(part, known)
        case All(parts):
            return all(_is_true(part, known) for part in parts)
        case AnyOf(parts):
            return any(_is_true(part, known) for part in parts)
    return condition in known
