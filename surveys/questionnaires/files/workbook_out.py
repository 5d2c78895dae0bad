"""A questionnaire as a workbook; what goes out comes in again as the very same questions. Pure."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from surveys.base import books
from surveys.base.books import Offered, Sheet
from surveys.base.tables import Value
from surveys.errors import Invalid
from surveys.questionnaires.files import relevance
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import Choice, Question

YES = "是"
_XLSFORM = {
    "type": "type",
    "name": "name",
    "label": "label",
    "hint": "hint",
    "required": "required",
    "relevant": "relevant",
    "off": "disabled",
}
_SURVEY = tuple(column for column in names.SURVEY if column not in names.ONLY_IN)
_CHOICES = ("list", "name", "label", "alone", "writes", "off")
_SETTINGS = ("title", "intro", "keeps", "seen_by")


_TICKED = {"required", "suggests", "off", "alone", "writes"}
OFFERED: Offered = {
    sheet: {
        number: [kind.name for kind in KINDS.values()] if column == "type" else [YES]
        for number, column in enumerate(columns, 1)
        if column in {"type", *_TICKED}
    }
    for sheet, columns in (("题目", _SURVEY), ("选项", _CHOICES))
}
"""what a spreadsheet offers to pick from"""


def to_xlsx(head: Mapping[str, str], questions: Sequence[Question]) -> bytes:
    """A workbook of the sheets below."""
    return books.to_xlsx(sheets(head, questions), OFFERED)


def sheets(head: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Sheet]:
    """The questions, their choices, and what the first screen says.

    Args:
        head: title, intro, keeps, seen_by.
    """
    lists = _Lists()
    rows = [_row(question, questions, lists) for question in questions]
    said: list[Value] = [head.get(name, "") for name in _SETTINGS]
    return {
        "题目": (_headers("survey", _SURVEY), rows),
        "选项": (_headers("choices", _CHOICES), lists.rows()),
        "设置": (_headers("settings", _SETTINGS), [said]),
    }


def _headers(sheet: str, columns: Sequence[str]) -> list[str]:
    """Our word, and XLSForm's where it has one: 题型（type）."""
    known = _XLSFORM | {"list": "list_name"} if sheet == "choices" else _XLSFORM
    found = []
    for column in columns:
        ours = names.COLUMNS[sheet][column].split()[0]
        theirs = "form_title" if column == "title" else known.get(column, "")
        found.append(f"{ours}（{theirs}）" if theirs else ours)
    return found


class _Lists:
    """The lists of choices; questions with equal choices share one."""

    def __init__(self) -> None:
        self._names: dict[tuple[Choice, ...], str] = {}

    def name(self, choices: tuple[Choice, ...], wanted: str) -> str:
        """What a list of these choices is called; none where there are none."""
        return self._names.setdefault(choices, wanted) if choices else ""

    def rows(self) -> list[list[Value]]:
        """The sheet of choices."""
        return [
            [name, c.key, c.name, *(YES if mark else "" for mark in (c.alone, c.writes, c.off))]
            for choices, name in self._names.items()
            for c in choices
        ]


def _row(question: Question, questions: Sequence[Question], lists: _Lists) -> list[Value]:
    cells: dict[str, Value] = {
        "type": KINDS[question.type].name,
        "name": question.key,
        "label": question.title,
        "hint": question.help,
        "required": _yes(question.required),
        "list": lists.name(question.choices, question.key),
        "rows": lists.name(question.rows, f"{question.key}:行"),
        "relevant": _condition(question, questions),
        "least": question.least,
        "most": question.most,
        "lowest": _bound(question.lowest),
        "highest": _bound(question.highest),
        "decimals": question.decimals or None,
        "unit": question.unit,
        "suggests": _yes(question.takes_suggestions),
        "off": _yes(question.off),
    }
    return [cells[column] for column in _SURVEY]


def _bound(text: str) -> Value:
    """A whole number as one, so that no spreadsheet shows an apostrophe before a minus."""
    return int(text) if re.fullmatch(r"-?\d{1,12}", text, re.ASCII) else text


def _yes(is_so: bool) -> str:
    return YES if is_so else ""


def _condition(question: Question, questions: Sequence[Question]) -> str:
    """In words; as an expression where words do not say the very same, such as of two choices of
    one name."""
    if question.when is None:
        return ""
    words = logic_words.words(question.when, questions)
    with suppress(Invalid):
        if (
            not relevance.looks_like(words)
            and logic_words.read(words, questions, question.key) == question.when
        ):
            return words
    return relevance.write(question.when)
