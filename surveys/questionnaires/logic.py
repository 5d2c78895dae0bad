"""What follows from the conditions of a questionnaire as a whole. Pure."""

from collections.abc import Sequence

from surveys.questionnaires.conditions import All, AnyOf, Condition, Not, holds
from surveys.questionnaires.rules import ASIDE, Given, Question, Value


def ahead(parts: Sequence[Question], given: Given, number: int) -> tuple[int, int]:
    """How many questions are still to come after the present one: at the least, at the most.

    What is answered stays so. The present question, and those after it, may still be answered in
    any way where they are not; those before it were passed over.

    Args:
        parts: what is asked, in order; notes and heads of sections are not counted.
        number: of the present question, from 1; 0 is the first page.
    """
    known: dict[str, Value | None] = {}
    least = most = at = 0
    for part in parts:
        at += part.type not in ASIDE
        is_shown = True if part.when is None else _surely(part.when, known)
        value: Value | None = given.get(part.key, ())
        if is_shown is False:
            value = ()
        elif is_shown is None or (not value and at >= number):
            value = None
        known[part.key] = value
        if at > number and part.type not in ASIDE:
            least += is_shown is True
            most += is_shown is not False
    return least, most


def _surely(condition: Condition, known: dict[str, Value | None]) -> bool | None:
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
