"""What follows from the conditions of a questionnaire, and what is wrong with them. Pure.

What is written here of a person who answers holds of whoever sends the answers in: questions that
must be answered are, and an answer to a question that was hidden again is as none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import rules
from surveys.questionnaires.conditions import Condition, Plain, asked_of
from surveys.questionnaires.logic import ways as logic_ways
from surveys.questionnaires.logic.fits import called, gone, numbers, short, unfit
from surveys.questionnaires.rules import ASIDE, Given, Question

MOST = 40
"""single statements in one condition"""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the condition of one question, in one sentence."""

    key: str
    """of the question that bears the condition"""
    number: int | None
    """of that question; a note and the head of a section have none"""
    place: str
    """what to call it: "Q4", or the title in quotation marks"""
    error: Invalid
    """the sentence, without the place"""

    def __str__(self) -> str:
        return f"{self.place}：{self.error}"


def faults(questions: Sequence[Question]) -> list[Fault]:
    """All that is wrong with the conditions of the questions that are asked, in order.

    Of one question, that nobody can ever come to see it is said only where nothing else is wrong
    with it and with those that it looks at, and where that is certain.

    Args:
        questions: all of the questionnaire, those switched off too.
    """
    return _Check(questions).faults()


def broken(before: Sequence[Question], after: Sequence[Question]) -> list[Fault]:
    """The faults that came by changing the questions, by moving or removing some, say."""
    titles = {question.key: question.title for question in before}
    found = _Check(after, titles).faults()
    if not found:
        return []
    known = {(one.key, one.error.msgid) for one in faults(before)}
    return [one for one in found if (one.key, one.error.msgid) not in known]


def refuse(found: Sequence[Fault]) -> None:
    """Let pass what has no faults.

    Raises:
        Invalid: the first fault, with its place.
    """
    if found:
        first = found[0]
        say = N_("%(place)s 的显示条件：%(why)s")
        raise Invalid(say, place=first.place, why=str(first.error))


class _Check:
    """One questionnaire, looked through for faults of its conditions."""

    def __init__(self, questions: Sequence[Question], titles: Mapping[str, str] = {}) -> None:
        self._questions = questions
        self._titles = titles
        self._by_key = {question.key: question for question in questions}
        self._numbers = numbers(questions)
        self._parts = rules.asked(questions)
        self._steps = logic_ways.Steps()
        self._order = {part.key: n for n, part in enumerate(self._parts)}

    def faults(self) -> list[Fault]:
        found: list[Fault] = []
        wrong: set[str] = set()
        for part in self._parts:
            if part.when is None:
                continue
            errors = list(self._errors(part, part.when))
            if not errors and not wrong.intersection(asked_of(part.when)):
                errors = list(self._never_shown(part))
            if errors or wrong.intersection(asked_of(part.when)):
                wrong.add(part.key)
            found += [self._fault(part, error) for error in errors]
        return found

    def _fault(self, part: Question, error: Invalid) -> Fault:
        return Fault(part.key, self._numbers.get(part.key), self._called(part.key), error)

    def _called(self, key: str) -> str:
        return called(self._by_key[key], self._questions)

    def _errors(self, part: Question, when: Condition) -> Iterator[Invalid]:
        said = list(dict.fromkeys(logic_ways.plain_in(when)))
        if len(said) > MOST:
            yield Invalid(N_("条件太长了，最多写 %(most)d 样，请写简单些。"), most=MOST)
            return
        for key in dict.fromkeys(plain.question for plain in said):
            error = self._missing(key) or self._ahead(part.key, key)
            if error:
                yield error
                continue
            fits = (self._wrong(plain) for plain in said if plain.question == key)
            yield from {str(error): error for error in fits if error}.values()

    def _wrong(self, plain: Plain) -> Invalid | None:
        question, that = self._by_key[plain.question], self._called(plain.question)
        return unfit(plain, question, that) or gone(plain, question, that)

    def _missing(self, key: str) -> Invalid | None:
        """The question that is looked at is not there, or is not asked."""
        question = self._by_key.get(key)
        if question is None:
            name = short(self._titles.get(key, key))
            return Invalid(N_("要看“%(name)s”的答案，可是问卷里没有这一题。"), name=name)
        if question.off:
            name = short(question.title)
            return Invalid(N_("要看“%(name)s”的答案，可是那一题已经不问了。"), name=name)
        return None

    def _ahead(self, key: str, other: str) -> Invalid | None:
        """The question that is looked at does not come before."""
        if key == other:
            return Invalid(N_("不能拿这一题自己的答案当条件。"))
        if self._order[other] < self._order[key]:
            return None
        if loop := self._way(other, key):
            names = "、".join(map(self._called, [key, *loop[:-1]]))
            return Invalid(N_("%(loop)s 互相等对方的答案，谁也显示不出来。"), loop=names)
        return Invalid(
            N_("%(that)s 排在后面，那时候还没答。请把 %(that)s 挪到前面，或者换一个条件。"),
            that=self._called(other),
        )

    def _way(self, key: str, to: str) -> list[str]:
        """The questions from one to another, each looking at the next; empty if there is no way."""
        ways, seen = [[key]], {key}
        while ways:
            way = ways.pop(0)
            when = self._by_key[way[-1]].when if way[-1] in self._order else None
            for after in asked_of(when) if when else ():
                if after == to:
                    return [*way, after]
                if after not in seen:
                    seen.add(after)
                    ways.append([*way, after])
        return []

    def _never_shown(self, part: Question) -> Iterator[Invalid]:
        if logic_ways.can_hold(self._parts, part, self._steps) is False:
            yield Invalid(N_("这个条件谁也满足不了，这里永远不会显示。"))


def ahead(parts: Sequence[Question], given: Given, number: int) -> tuple[int, int]:
    """How many questions are still to come after the present one: at the least, at the most.

    What is answered stays so. The present question, and those after it, may still be answered in
    any way where they are not; those before it were passed over. Where there are too many ways to
    follow, the range is wider than it need be, never narrower.

    Args:
        parts: what is asked, in order; notes and heads of sections are not counted.
        number: of the present question, from 1; 0 is the first page.
    """
    if all(part.when is None for part in parts):
        left = sum(part.type not in ASIDE for part in parts) - number
        return max(0, left), max(0, left)
    return logic_ways.still_to_come(parts, given, number)
