"""The sheets of a questionnaire's workbook, row by row, under the names of `workbook_names`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.base.tables import EMPTY, Cell, Kind, Merged, Table
from surveys.base.words import N_
from surveys.courtyards.headed import HEADER_WITHIN, ODD_CELLS
from surveys.errors import Invalid
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.files.incoming import Fault

_UNREAD = frozenset({"aside", "media"})
_DATED = frozenset({"lowest", "highest"})
"""columns where a cell that Excel took for a date is meant as one"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says something: the text of each column that we know, where there is any."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    headers: Mapping[str, str]
    """column → its header, as it stands in the file"""

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def fault(self, column: str, msgid: str, **params: object) -> Fault:
        """Something to say about one cell of this row."""
        header = self.headers.get(column) or names.COLUMNS["survey"].get(column, column).split()[0]
        return Fault(self.sheet, self.number, header, msgid, params)

    def wrong(self, column: str, error: Invalid) -> Fault:
        """The same of what somebody else objects to."""
        return self.fault(column, error.msgid, **error.params)


@dataclass(slots=True)
class Said:
    """What is said while a workbook is read."""

    faults: list[Fault] = field(default_factory=list)
    told: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[str, Sequence[int]]
    """column → indices from 0, the one to look into first in front"""
    headers: Mapping[str, str]


def rows_of(which: str, table: Table, language: str, said: Said) -> list[Row]:
    """The rows below the header of a sheet; what is wrong with cells is added to `said`.

    Args:
        which: the sheet, as in `workbook_names.COLUMNS`.
        language: the file's own, to choose among labels in several.

    Raises:
        Invalid: no header is found.
    """
    header = _header(which, table, language, said)
    merged = [area for area in table.merged if _joins(area, header)]
    say = N_("到第 %(last)d 行是合并的格子。请取消合并，每一行都填上。")
    for area in merged:
        said.faults.append(Fault(table.name, area.first_row, "", say, {"last": area.last_row}))
    if merged:  # what lies under merged cells reads as blank: no use in naming each
        return []
    found = (_row(table.name, n, cells, header, said) for n, cells in table.rows if n > header.row)
    return [row for row in found if row.texts]


def _joins(area: Merged, header: _Header) -> bool:
    used = {index + 1 for indices in header.columns.values() for index in indices}
    spans = set(range(area.first_column, area.last_column + 1))
    return area.last_row > header.row and bool(used & spans)


def is_survey(table: Table) -> bool:
    """Whether a sheet of any name has the header of the questions."""
    return _header_row("survey", table) is not None


def _header_row(which: str, table: Table) -> tuple[int, list[Cell]] | None:
    """The first row that names enough columns, if it stands where a header may."""
    enough = 1 if which == "settings" else 2
    for number, cells in table.rows[:HEADER_WITHIN]:
        called = [names.column_called(which, cell.text) for cell in cells if cell.text.strip()]
        if len({column for column, _language in filter(None, called)} - _UNREAD) >= enough:
            return number, cells
    return None


_LOOKED_FOR = {
    "survey": N_("题型、题目"),
    "choices": N_("选项表、编号、选项"),
    "settings": N_("标题"),
}


def _header(which: str, table: Table, language: str, said: Said) -> _Header:
    found = _header_row(which, table)
    if found is None:
        say = N_("工作表“%(sheet)s”里没找到表头。请用一行写：%(columns)s。")
        raise Invalid(say, sheet=table.name, columns=_LOOKED_FOR[which])
    number, cells = found
    columns: dict[str, list[tuple[int, int]]] = {}
    for index, cell in enumerate(cells):
        called = names.column_called(which, cell.text)
        if called and called[0] not in _UNREAD:
            order = names.by_language(called[1], language)
            columns.setdefault(called[0], []).append((order, index))
        elif cell.text.strip() and not called:
            say = N_("这一列没认出来，没有收。")
            said.told.append(Fault(table.name, number, cell.text.strip()[:40], say))
    ordered = {name: [index for _order, index in sorted(at)] for name, at in columns.items()}
    headers = {name: cells[at[0]].text.strip()[:40] for name, at in ordered.items()}
    return _Header(number, ordered, headers)


def _row(sheet: str, number: int, cells: Sequence[Cell], header: _Header, said: Said) -> Row:
    texts: dict[str, str] = {}
    row = Row(sheet, number, texts, header.headers)
    for column, indices in header.columns.items():
        found = (cells[index] if index < len(cells) else EMPTY for index in indices)
        cell = next((cell for cell in found if cell.text.strip()), EMPTY)
        if cell.kind is Kind.DATE and column in _DATED:
            cell = replace(cell, text=cell.text[:10], kind=Kind.TEXT)
        if cell.kind in ODD_CELLS:
            said.faults.append(row.fault(column, ODD_CELLS[cell.kind]))
            texts[column] = ""
        elif cell.text.strip():
            texts[column] = cell.text.strip()
    return row
