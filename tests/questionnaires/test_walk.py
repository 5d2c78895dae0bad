"""The walk through random questionnaires agrees with a plain one that looks at nothing else."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as some

from surveys.questionnaires import logic, rules
from surveys.questionnaires.conditions import (
    All,
    Answered,
    AnyOf,
    Condition,
    Counted,
    Not,
    Picked,
)
from surveys.questionnaires.rules import Question, Value
from surveys.questionnaires.walk import walk
from tests.questionnaires.walked import choices

KEYS = [f"q{n}" for n in range(8)]
ANSWERS = some.lists(some.sampled_from("abc"), max_size=3, unique=True).map(
    lambda picked: tuple(sorted(picked))
)


def conditions(before: Sequence[str]) -> some.SearchStrategy[Condition]:
    """A condition on questions that were asked before."""
    asked = some.sampled_from(before)
    plain = some.one_of(
        some.builds(Picked, asked, some.sampled_from([("a",), ("b", "c")])),
        some.builds(Answered, asked),
        some.builds(Counted, asked, some.sampled_from([">=", "="]), some.integers(0, 3)),
    )
    return some.recursive(
        plain,
        lambda inside: some.one_of(
            some.builds(Not, inside),
            some.builds(All, some.tuples(inside, inside)),
            some.builds(AnyOf, some.tuples(inside, inside)),
        ),
        max_leaves=4,
    )


@some.composite
def questionnaires(draw: some.DrawFn) -> tuple[Question, ...]:
    """Up to eight questions, many of them under a condition."""
    found: list[Question] = []
    for key in KEYS[: draw(some.integers(1, 8))]:
        before = [question.key for question in found]
        when = draw(some.none() | conditions(before)) if before else None
        found.append(Question(key, "several", key, choices=choices("A", "B", "C"), when=when))
    return tuple(found)


def plainly(condition: Condition, seen: dict[str, Value]) -> bool:
    """Whether it holds, said as slowly as can be."""
    match condition:
        case Not(part):
            return not plainly(part, seen)
        case All(parts):
            return [plainly(part, seen) for part in parts].count(False) == 0
        case AnyOf(parts):
            return [plainly(part, seen) for part in parts].count(True) > 0
        case Answered(question):
            return len(seen[question]) > 0
        case Counted(question, sign, number):
            count = len(seen[question])
            return count == number or (sign == ">=" and count > number)
        case Picked(question, wanted):
            return len(set(wanted) & set(seen[question])) > 0
    raise AssertionError(condition)


def slowly(questions: Sequence[Question], will: dict[str, Value]) -> list[int]:
    """The numbers of the questions that somebody meets who answers so, one after the other."""
    seen: dict[str, Value] = dict.fromkeys(KEYS, ())
    met = []
    for number, question in enumerate(questions, 1):
        if question.when is None or plainly(question.when, seen):
            met.append(number)
            seen[question.key] = will.get(question.key, ())
    return met


WILLS = some.dictionaries(some.sampled_from(KEYS), ANSWERS)


@given(questionnaires(), WILLS, WILLS)
def test_a_phone_meets_what_a_plain_reader_meets(
    questions: tuple[Question, ...], will: dict[str, Value], before: dict[str, Value]
) -> None:
    """`before`: what lies in the draft from an earlier walk."""
    given = {key: value for key, value in before.items() if value}
    expected, met = slowly(questions, will), []
    number = walk(questions, given).go_to(0, "next")
    while number <= len(questions):
        met.append(number)
        key = questions[number - 1].key
        given[key] = will.get(key, ())
        least, most = logic.ahead(questions, {k: given[k] for k in given if k in will}, number)
        assert least <= most <= len(questions) - number
        number = walk(questions, given).go_to(number, "next")
    assert met == expected
    counted = rules.counted(questions, given)
    assert set(counted) == {KEYS[n - 1] for n in met if will.get(KEYS[n - 1])}


@given(questionnaires(), WILLS)
def test_going_back_meets_the_same_the_other_way(
    questions: tuple[Question, ...], will: dict[str, Value]
) -> None:
    way = walk(questions, will)
    number, met = len(questions) + 1, []
    while number:
        number = way.go_to(number, "back")
        met.append(number)
    assert met == [*reversed(slowly(questions, will)), 0]


@given(questionnaires(), WILLS)
def test_how_many_are_still_to_come_is_never_a_lie(
    questions: tuple[Question, ...], will: dict[str, Value]
) -> None:
    met = slowly(questions, will)
    given: dict[str, Value] = {}
    for number in [0, *met]:
        if number:
            given[KEYS[number - 1]] = will.get(KEYS[number - 1], ())
        least, most = logic.ahead(questions, given, number)
        still = sum(n > number for n in met)
        assert least <= still <= most
