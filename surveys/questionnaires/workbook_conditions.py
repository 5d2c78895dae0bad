"""The conditions of a workbook's rows, in words or as XLSForm writes them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import logic_words, relevance
from surveys.questionnaires.conditions import All, Condition, asked_of
from surveys.questionnaires.relevance import Subject
from surveys.questionnaires.rules import Question
from surveys.questionnaires.workbook_groups import Part, Walk
from surveys.questionnaires.workbook_sheets import Row, Said

_NAMED = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def conditioned(walk: Walk, said: Said) -> tuple[Question, ...]:
    """All questions, each with the conditions of its row and of the groups around it."""
    questions = tuple(part.question for part in walk.parts)
    subjects = {**walk.subjects, **relevance.subjects_of(questions)}
    read: dict[int, Condition | None] = {}
    found = []
    for part in walk.parts:
        for row in part.above:
            if row["relevant"] and row.number not in read:
                read[row.number] = _read(row, part.question, questions, subjects, walk, said)
        conditions = [c for row in part.above if (c := read.get(row.number)) is not None]
        found.append(replace(part.question, when=_together(conditions)))
        _mind_the_order(part, found, said)
    return tuple(found)


def _mind_the_order(part: Part, found: Sequence[Question], said: Said) -> None:
    """A condition looks at questions that come before it, and are asked."""
    asked = {question.key for question in found[:-1] if not question.off}
    ahead = [key for key in asked_of(found[-1].when) if key not in asked] if found[-1].when else []
    if ahead:
        row = next(row for row in reversed(part.above) if row["relevant"])
        say = N_("条件用到了“%(name)s”，那一题在后面，或者就是这一题，或者停用了。")
        said.faults.append(row.fault("relevant", say, name=ahead[0]))


def _together(conditions: list[Condition]) -> Condition | None:
    """All of them, without brackets in brackets."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    parts: list[Condition] = []
    for condition in conditions:
        parts += condition.parts if isinstance(condition, All) else [condition]
    return All(tuple(parts))


def _read(
    row: Row,
    question: Question,
    questions: tuple[Question, ...],
    subjects: Mapping[str, Subject],
    walk: Walk,
    said: Said,
) -> Condition | None:
    text = row["relevant"]
    try:
        for name in _NAMED.findall(text):
            if name in walk.ignored:
                say = N_("条件用到了“%(name)s”，那一行没有收进来。")
                raise Invalid(say, name=name[:40])
        if relevance.looks_like(text):
            return relevance.read(text, subjects)
        return logic_words.read(text, questions, question.key)
    except Invalid as error:
        said.faults.append(row.wrong("relevant", error))
        return None
