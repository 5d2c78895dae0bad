"""The walk through a questionnaire: what is shown to whoever answered so, what comes next. Pure.

Questions are numbered as everywhere else, hidden ones too: a number never changes its question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.questionnaires import rules
from surveys.questionnaires.rules import ASIDE, Given, Question


@dataclass(frozen=True, slots=True)
class Walk:
    """The questions that are shown, where one leads on to, and how far it is."""

    total: int
    """questions that are asked, hidden ones too"""
    numbers: tuple[int, ...]
    """of the questions that are shown"""
    leads: Mapping[str, tuple[Question, ...]]
    """what stands before each of them, by its key; "" for what stands at the end"""
    has_conditions: bool

    def go_to(self, number: int, go: str) -> int:
        """Where a button leads from a question: 0 is the first page, `total` + 1 the look back.

        "here": the page is only to be shown anew, with what is typed.
        """
        if go == "here":
            return number
        if go == "back":
            return max((n for n in self.numbers if n < number), default=0)
        after = () if go == "look" else (n for n in self.numbers if n > number)
        return min(after, default=self.total + 1)

    def done_before(self, number: int) -> int:
        """How many shown questions stand before this one."""
        return sum(n < number for n in self.numbers)


def walk(parts: Sequence[Question], given: Given) -> Walk:
    """The walk of whoever answered so.

    Args:
        parts: all that is asked, notes and heads of sections too.
    """
    has_conditions = any(part.when for part in parts)
    shown = rules.shown(parts, given) if has_conditions else tuple(parts)
    keys = {part.key for part in shown}
    questions = [part for part in parts if part.type not in ASIDE]
    leads = rules.leads(shown)
    if has_conditions:
        leads = {key: _last_section(lead) for key, lead in leads.items()}
    numbers = tuple(n for n, question in enumerate(questions, 1) if question.key in keys)
    return Walk(len(questions), numbers, leads, has_conditions)


def _last_section(lead: tuple[Question, ...]) -> tuple[Question, ...]:
    """From the last head on: those before it have lost all their questions."""
    heads = [n for n, part in enumerate(lead) if part.type == "section"]
    return lead[heads[-1] :] if heads else lead


def resume_at(questions: Sequence[Question], way: Walk, given: Given) -> int:
    """The number of the shown question to go on with: the one after the last that was answered.

    The last one where all are answered.
    """
    answered = [n for n in way.numbers if given.get(questions[n - 1].key)]
    return min(way.go_to(max(answered, default=0), "next"), way.numbers[-1] if way.numbers else 1)
