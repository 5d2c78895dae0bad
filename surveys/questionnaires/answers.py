"""An answer as rows of the table `answer`, and back. Pure.

Each part of an answer is one row: a choice picked (with what was written beside it), a cell of a
matrix, a photo, a number, a day; or the one text. `place` is its order in the answer.
"""

from collections.abc import Iterator
from typing import Any

from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import Question, Value


def columns(question: Question, value: Value) -> Iterator[dict[str, Any]]:
    """The columns of each row of an answer that was read."""
    kind = KINDS[question.type]
    for place, part in enumerate(value, 1):
        choice, _sep, words = ("", "", part) if kind.is_text else part.partition("=")
        yield {"choice": choice, "text": words or None, "place": place}


def part_of(choice: str, text: str | None) -> str:
    """The part of an answer that a row holds."""
    return f"{choice}={text}" if choice and text else choice or text or ""
