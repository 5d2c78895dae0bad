"""All the ways on which people may go through a questionnaire under its conditions. Pure.

A way is known by what is true of the conditions still to come, not by its answers, so that many
people share one. Where there are too many even so, nothing is claimed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from surveys.questionnaires.conditions import All, AnyOf, Condition, Not, Plain, asked_of, holds
from surveys.questionnaires.logic.answering import Truths, outcomes, truths
from surveys.questionnaires.rules import ASIDE, Given, Question, Value

MOST = 4000
"""steps that are taken, each one way past one question; it takes some hundredths of a second"""
Answer = Callable[[Question, tuple[Plain, ...]], frozenset[Truths] | None]
Range = tuple[int, int]


class TooMany(Exception):
    """There are more ways than are followed."""


@dataclass(slots=True)
class Steps:
    """How many steps may still be taken, here and in what this is a part of."""

    left: int = 10 * MOST
    whole: "Steps | None" = None

    def take(self, count: int) -> None:
        """Take some.

        Raises:
            TooMany: so many are not left.
        """
        self.left -= count
        if self.left < 0:
            raise TooMany
        if self.whole:
            self.whole.take(count)

    def some(self) -> "Steps":
        """As many as one thing to find out is worth."""
        return Steps(MOST, self)


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


def can_hold(parts: Sequence[Question], target: Question, steps: Steps) -> bool | None:
    """Whether anybody can ever come to see this question; None where that is too much to find out.

    Args:
        parts: all that is asked, in order, the question among them.
        steps: for all questions that it is asked of.
    """
    if target.when is None:
        return True
    here = parts.index(target)
    wanted, cone = set(_looks_at(target)), [target]
    for part in reversed(parts[:here]):
        if part.key in wanted:
            wanted |= _looks_at(part)
            cone.insert(0, part)
    try:
        ways = _Follower(outcomes, lambda part: part is target, steps.some()).ranges(cone)
    except TooMany:
        return None
    return any(most for _least, most in ways)


def still_to_come(parts: Sequence[Question], given: Given, number: int) -> Range:
    """As `logic.ahead`: exactly, but for those questions of which that is too much to find out."""
    numbers = _numbers(parts)

    def is_over(part: Question) -> bool:
        """Whether it is answered, or was passed over."""
        return bool(given.get(part.key)) or numbers[part.key] < number

    def answer(part: Question, said: tuple[Plain, ...]) -> frozenset[Truths] | None:
        if is_over(part):
            return frozenset([truths(said, part.key, given.get(part.key, ()))])
        return outcomes(part, said)

    def counts(part: Question) -> bool:
        return part.type not in ASIDE and numbers[part.key] > number

    least = most = 0
    steps = Steps()
    for group in _groups(tuple(parts)):
        try:
            ways = _Follower(answer, counts, steps.some()).ranges(group)
        except TooMany:
            open_ = [part.key for part in group if not is_over(part)]
            ways = [roughly(group, given, open_, counts)]
        least += min(few for few, _many in ways)
        most += max(many for _few, many in ways)
    return least, most


def roughly(
    parts: Sequence[Question],
    given: Given,
    unknown: Collection[str],
    counts: Callable[[Question], bool],
) -> Range:
    """How many of those that count are shown, where each condition is taken by itself.

    What hangs on an answer that is not known yet may be or not.

    Args:
        unknown: keys of the questions whose answers are not known yet.
    """
    known: dict[str, Value | None] = {}
    least = most = 0
    for part in parts:
        is_shown = True if part.when is None else _surely(part.when, known)
        if is_shown is False:
            known[part.key] = ()
        else:
            is_known = is_shown and part.key not in unknown
            known[part.key] = given.get(part.key, ()) if is_known else None
        if counts(part):
            least += is_shown is True
            most += is_shown is not False
    return least, most


def _surely(condition: Condition, known: Mapping[str, Value | None]) -> bool | None:
    """Whether it holds; None where that hangs on an answer that is not known."""
    match condition:
        case Not(part):
            inner = _surely(part, known)
            return None if inner is None else not inner
        case All(parts) | AnyOf(parts):
            decides = isinstance(condition, AnyOf)
            found = {_surely(part, known) for part in parts}
            return decides if decides in found else None if None in found else not decides
    answer = known.get(condition.question, ())
    return None if answer is None else holds(condition, {condition.question: answer})


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


@dataclass(frozen=True, slots=True)
class _Follower:
    """Goes through some questions on every way."""

    answer: Answer
    counts: Callable[[Question], bool]
    """whether it is counted when it is shown"""
    steps: Steps

    def ranges(self, parts: Sequence[Question]) -> Collection[Range]:
        """For each way how many of the questions that count are shown on it.

        Raises:
            TooMany: more steps than are left, or a question with too many answers.
        """
        last_use = {
            plain: n for n, part in enumerate(parts) if part.when for plain in plain_in(part.when)
        }
        unanswered = frozenset(plain for plain in last_use if holds(plain, {}))
        ways: dict[Truths, Range] = {unanswered: (0, 0)}
        for n, part in enumerate(parts):
            said = tuple(plain for plain in last_use if plain.question == part.key)
            later = frozenset(plain for plain, last in last_use.items() if last > n)
            after: dict[Truths, Range] = {}
            for known, (few, many) in ways.items():
                is_shown = part.when is None or _is_true(part.when, known)
                more = is_shown and self.counts(part)
                for found in self._found(part, said, is_shown=is_shown):
                    way = (known.difference(said) | found) & later
                    least, most = after.get(way, (few + more, many + more))
                    after[way] = min(least, few + more), max(most, many + more)
            ways = after
        return ways.values()

    def _found(
        self, part: Question, said: tuple[Plain, ...], *, is_shown: bool
    ) -> frozenset[Truths]:
        hidden = frozenset([truths(said, part.key, ())])
        found = self.answer(part, said) if is_shown and said else hidden
        if found is None:
            raise TooMany
        self.steps.take(len(found))
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
