"""The conditions of a workbook's rows, in words or as XLSForm writes them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import logic
from surveys.questionnaires.conditions import All, Condition
from surveys.questionnaires.files import relevance
from surveys.questionnaires.files.relevance import Subject
from surveys.questionnaires.files.workbook_groups import Walk
from surveys.questionnaires.files.workbook_sheets import Row, Said
from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import Question

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
    if not said.faults:
        parts = {part.question.key: part for part in walk.parts}
        for fault in logic.faults(found):
            rows = [row for row in parts[fault.key].above if row["relevant"]]
            said.faults.append(rows[-1].wrong("relevant", fault.error))
    return tuple(found)


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
