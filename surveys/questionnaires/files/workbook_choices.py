"""The lists of choices of a workbook: a sheet of them, or one cell beside the question. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.cards import NAME
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.files.incoming import a_key, next_free, short
from surveys.questionnaires.files.workbook_sheets import Row, Said
from surveys.questionnaires.rules import Choice

Lists = dict[str, tuple[Choice, ...]]
OTHER = "其他"
_PARTED = re.compile(r"[\n；;|]")
_BLANK = re.compile(r"[_＿]{2,}$")
_MARKS = {"（排他）": "alone", "(排他)": "alone", "（停用）": "off", "(停用)": "off"}


def read_lists(rows: Sequence[Row], said: Said) -> Lists:
    """Every list of the sheet of choices, by its name."""
    found: dict[str, list[tuple[Row, Choice]]] = {}
    taken: dict[str, set[str]] = {}
    for row in rows:
        taken.setdefault(list_name(row["list"]), set()).add(row["name"])
    for row in rows:
        if not row["list"]:
            said.faults.append(row.fault("list", N_("没写这个选项属于哪张选项表。")))
            continue
        mates = found.setdefault(list_name(row["list"]), [])
        first = next((r.number for r, c in mates if row["name"] and c.key == row["name"]), None)
        if first is not None:
            say = N_("编号“%(key)s”和第 %(other)d 行的一样，请改一个。")
            said.faults.append(row.fault("name", say, key=row["name"][:40], other=first))
        mates.append((row, _choice(row, taken[list_name(row["list"])], len(mates) + 1, said)))
    return {name: tuple(choice for _row, choice in mates) for name, mates in found.items()}


def list_name(text: str) -> str:
    """The name of a list, as it is compared."""
    return unicodedata.normalize("NFKC", text).strip()


def _choice(row: Row, taken: set[str], number: int, said: Said) -> Choice:
    key, name = row["name"], ""
    try:
        key = a_key(key) if key else next_free("", taken, number)
    except Invalid as error:
        said.faults.append(row.wrong("name", error))
    try:
        name = short(row["label"], NAME)
    except Invalid as error:
        said.faults.append(row.wrong("label", error))
    marks = {mark: is_yes(row, mark, said) for mark in ("alone", "off", "writes")}
    return Choice(key, name, **marks)


def is_yes(row: Row, column: str, said: Said) -> bool:
    """What a column says that is ticked or not."""
    text = row[column].lower()
    if text not in names.YES | names.NO:
        said.faults.append(row.fault(column, N_("这里只填“是”，或者空着。")))
    return text in names.YES


def in_one_cell(row: Row, column: str, said: Said) -> tuple[Choice, ...]:
    """Choices that stand in one cell, one a line or parted by ；: 漏雨；都没有（排他）；其他____"""
    choices = []
    for number, text in enumerate(filter(str.strip, _PARTED.split(row[column])), 1):
        try:
            choices.append(marked(str(number), text))
        except Invalid as error:
            said.faults.append(row.wrong(column, error))
    return tuple(choices)


def marked(key: str, text: str) -> Choice:
    """A choice in words, which may end in ____ to be written on, or in （排他）.

    Raises:
        Invalid: nothing is left of it, or it is too long.
    """
    text, marks = text.strip(), {}
    for sign, mark in _MARKS.items():
        if text.endswith(sign):
            text, marks[mark] = text.removesuffix(sign).strip(), True
    written = _BLANK.search(text)
    if written:
        text = text[: written.start()].rstrip(" ：:，,")
        text = text or OTHER
    return Choice(key, short(text, NAME), writes=bool(written), **marks)


def with_other(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices and one more beside which words may be written, as `or_other` asks for."""
    if any(choice.key == "other" for choice in choices):
        return tuple(replace(c, writes=c.writes or c.key == "other") for c in choices)
    return (*choices, Choice("other", OTHER, writes=True))
