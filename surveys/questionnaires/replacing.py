"""All questions replaced at once by those of a file: what was asked keeps its meaning. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.rules import Choice, Question


def in_place_of(
    published: Sequence[Sequence[Question]], questions: Sequence[Question]
) -> tuple[Question, ...]:
    """The new questions, and after them, switched off, what was asked and is not among them.

    Args:
        published: the questions of every version that was asked, the oldest first.

    Raises:
        Invalid: a key that was asked now means a question of another type.
    """
    held = {question.key: question for version in published for question in version}
    found = [_with_held(question, published) for question in questions]
    for question in questions:
        was = held.pop(question.key, question)
        if was.type != question.type:
            say = N_("编号“%(key)s”的题已经问过人了，题型不能换。请给“%(title)s”换一个编号。")
            raise Invalid(say, key=question.key, title=question.title[:20])
    return (*found, *(replace(question, off=True) for question in held.values()))


def _with_held(question: Question, published: Sequence[Sequence[Question]]) -> Question:
    asked = [one for version in published for one in version if one.key == question.key]
    return replace(
        question,
        choices=_kept(question.choices, (one.choices for one in asked)),
        rows=_kept(question.rows, (one.rows for one in asked)),
    )


def _kept(choices: tuple[Choice, ...], asked: Iterable[Sequence[Choice]]) -> tuple[Choice, ...]:
    """The choices, and those that somebody may have picked, no longer offered."""
    left = {choice.key: choice for version in asked for choice in version}
    for choice in choices:
        left.pop(choice.key, None)
    return (*choices, *(replace(choice, off=True) for choice in left.values()))
