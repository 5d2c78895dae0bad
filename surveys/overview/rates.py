"""三率: who knew, who took part, who is content; each against the line of a model courtyard. Pure.

A rate is worked out of the numbers that its reader is shown and of nothing else, so that it tells
nobody what a table hides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from surveys.base.words import N_
from surveys.questionnaires.rules import Question

LINE_PERCENT = 92
"""a model courtyard is above it in each of the three"""

Shown = Sequence[tuple[str, int | None]]
"""key of each choice and how often it was picked; None where that is not shown"""


@dataclass(frozen=True, slots=True)
class Measure:
    """A question of one that ships, and the choices of it that count."""

    name: str
    origin: tuple[str, str]
    """template and key of the question"""
    counted: frozenset[str]
    nobody: str
    """what is said where nobody was asked it"""


MEASURES = (
    Measure(
        N_("知晓率"),
        ("plan", "q1"),
        frozenset({"a", "b"}),
        N_("这一轮还没有用“方案意见”问过大家知不知道方案，算不出来。"),
    ),
    Measure(
        N_("满意率"),
        ("satisfaction", "q9"),
        frozenset({"1", "2"}),
        N_("这一轮还没有用“满意度回访”问过大家满不满意，算不出来。"),
    ),
)
AGE = ("needs", "q8")
"""the question that asks how old one is: template and key"""


def the_same(question: Question, template: str, origin: tuple[str, str], title: str) -> bool:
    """Whether this is that question of one that ships.

    Args:
        template: what the questionnaire was made from.
        title: of the question that ships: one made from a saved template keeps the words.
    """
    return question.key == origin[1] and (template == origin[0] or question.title == title)


@dataclass(frozen=True, slots=True)
class Rate:
    """One of the three: so many of so many."""

    part: int
    whole: int

    @property
    def lacking(self) -> int:
        """How many more it takes to be above the line; 0 where it is."""
        return max(0, self.whole * LINE_PERCENT // 100 + 1 - self.part) if self.whole else 0


def sum_of(lines: Shown, counted: Collection[str], whole: int) -> int | None:
    """How many picked one of the counted choices; None where the numbers shown do not tell.

    Args:
        whole: how many answered, each with one choice.
    """
    inside = [number for key, number in lines if key in counted]
    outside = [number for key, number in lines if key not in counted]
    for numbers, told in ((inside, sum), (outside, lambda these: whole - sum(these))):
        if None not in numbers:
            return int(told(number or 0 for number in numbers))
    return None
