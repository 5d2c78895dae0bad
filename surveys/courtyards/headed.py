"""A table that other people wrote: its header found, its rows read, every fault by its cell."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from surveys.base import tables
from surveys.base.tables import EMPTY, Cell, Kind, Merged, Table
from surveys.base.words import N_
from surveys.courtyards.rules import Door, printable
from surveys.errors import Invalid

HEADER_WITHIN = 15
"""titles and notes may stand above the header, but not more"""
TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计:", "总计:"})
ODD_CELLS = {
    Kind.FORMULA: N_("这一格是公式，请改成数或字（复制以后，选择性粘贴成“数值”）。"),
    Kind.BROKEN: N_("这一格的公式出了错，请改成数或字。"),
    Kind.DATE: N_("这一格被 Excel 当成了日期。请先把整列设成“文本”，再填一遍。"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: the row and the column as the spreadsheet shows them."""

    row: int
    column: str
    msgid: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of table."""

    names: Mapping[str, str]
    """field → message id of the header as we write it"""
    aliases: Mapping[str, str]
    """field → headers that other people write, without brackets and units"""
    needed: Sequence[str]
    readers: Mapping[str, Callable[[str], object]]
    """field → reads the text of a cell, or raises Invalid"""
    no_header: str
    no_header_in_sheet: str
    """names the sheet as %(sheet)s"""
    no_header_merged: str
    total: str
    """said of a row that adds up the rows above it"""
    twice: str
    """said of a row whose door row %(other)d names already"""
    nothing: str
    """said of a header without a row below it"""
    field_of: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = {word: name for name, words in self.aliases.items() for word in words.split()}
        object.__setattr__(self, "field_of", found)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's columns are."""

    row: int
    columns: Mapping[str, int]
    """index from 0 of each field's column"""
    names: Mapping[str, str]
    """each field's header as it stands in the file"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number in the spreadsheet, its cells by field."""

    number: int
    cells: Mapping[str, Cell]
    is_total: bool
    """it adds up the rows above it"""


class BehindADoor(Protocol):
    """What a row names: known by its door, which no other row may name."""

    @property
    def door(self) -> Door:
        """Building, stairwell and room."""


One = TypeVar("One", bound=BehindADoor)


@dataclass(frozen=True, slots=True)
class Reading(Generic[One]):
    """What a file says: its rows, or the faults that keep it from being saved."""

    sheet: str
    rows: list[One]
    faults: list[Fault]


def read_file(data: bytes, columns: Columns) -> Table:
    """The first sheet of a file that has a header: a cover may come before.

    Raises:
        Invalid: as for `tables.read`.
    """
    return tables.read(data, wanted=lambda table: has_header(table, columns))


def read_rows(
    table: Table,
    columns: Columns,
    read: Callable[[Row, Header, list[Fault]], One | None],
    check: Callable[[Sequence[One], Sequence[int], Header], list[Fault]] | None = None,
) -> Reading[One]:
    """What the rows of a table name, one by one.

    Args:
        read: what one row names; None where a cell is wrong, which it adds to the faults.
        check: faults of all that could be read together, given the number of each row.

    Raises:
        Invalid: no header is found, or it is ambiguous, or nothing follows it.
    """
    header = find_header(table, columns)
    faults = merged_faults(table, header)
    if faults:  # what lies under merged cells reads as blank: no use in naming each
        return Reading(table.name, [], faults)
    rows: list[One] = []
    numbers: list[int] = []
    for row in rows_below(table, header):
        if row.is_total:
            faults.append(Fault(row.number, header.names["building"], columns.total, {}))
        elif (found := read(row, header, faults)) is not None:
            rows.append(found)
            numbers.append(row.number)
    faults += _twice(rows, numbers, columns, header)
    faults += check(rows, numbers, header) if check else []
    if not rows and not faults:
        raise Invalid(columns.nothing)
    return Reading(table.name, rows, sorted(faults, key=lambda fault: fault.row))


def _twice(
    rows: Sequence[BehindADoor], numbers: Sequence[int], columns: Columns, header: Header
) -> list[Fault]:
    """A fault for each row that names a door which a row before it names."""
    first: dict[Door, int] = {}
    return [
        Fault(number, header.names["room"], columns.twice, {"other": first[row.door]})
        for row, number in zip(rows, numbers, strict=True)
        if first.setdefault(row.door, number) != number
    ]


def has_header(table: Table, columns: Columns) -> bool:
    """Whether a row that names two columns stands where a header may."""
    return _header_row(table, columns) is not None


def find_header(table: Table, columns: Columns) -> Header:
    """The header of a table.

    Raises:
        Invalid: there is none, it has merged cells, lacks a needed column or has one twice.
    """
    found = _header_row(table, columns)
    if found is None:
        raise _no_header(table, columns)
    number, cells = found
    if any(area.first_row <= number <= area.last_row for area in table.merged):
        raise Invalid(
            N_("第 %(row)d 行的表头里有合并的格子。请取消合并，让每一列各有一个表头。"), row=number
        )
    return _checked(number, cells, columns)


def _header_row(table: Table, columns: Columns) -> tuple[int, list[Cell]] | None:
    rows = table.rows[:HEADER_WITHIN]
    return next((row for row in rows if len(_fields(row[1], columns)) >= 2), None)


def _no_header(table: Table, columns: Columns) -> Invalid:
    if any(area.first_row <= HEADER_WITHIN for area in table.merged):
        return Invalid(columns.no_header_merged)
    if table.name:
        return Invalid(columns.no_header_in_sheet, sheet=table.name)
    return Invalid(columns.no_header)


def _checked(number: int, cells: list[Cell], columns: Columns) -> Header:
    found: dict[str, int] = {}
    for index, name in _fields(cells, columns):
        if name in found:
            raise Invalid(
                N_("有两列都像“%(name)s”：“%(one)s”和“%(other)s”。请只留一列。"),
                name=columns.names[name],
                one=printable(cells[found[name]].text),
                other=printable(cells[index].text),
            )
        found[name] = index
    missing = next((name for name in columns.needed if name not in found), None)
    if missing:
        raise Invalid(
            N_("第 %(row)d 行的表头里没有“%(name)s”这一列。"),
            row=number,
            name=columns.names[missing],
        )
    return Header(number, found, {name: printable(cells[i].text) for name, i in found.items()})


def _fields(cells: list[Cell], columns: Columns) -> list[tuple[int, str]]:
    words = [_word(cell.text) for cell in cells]
    of = columns.field_of
    return [(index, of[word]) for index, word in enumerate(words) if word in of]


def _word(text: str) -> str:
    """建筑面积（㎡）→ 建筑面积"""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(re.sub(r"\(.*?\)|\[.*?\]|M2$|平方米$|[*:]", "", "".join(wide.split())).split())


def merged_faults(table: Table, header: Header) -> list[Fault]:
    """A fault for each group of merged cells below the header, in the columns that are read."""
    used = {index + 1 for index in header.columns.values()}
    return [
        _merged_fault(area, header)
        for area in table.merged
        if area.last_row > header.row and used & set(range(area.first_column, area.last_column + 1))
    ]


def _merged_fault(area: Merged, header: Header) -> Fault:
    named = {index + 1: header.names[name] for name, index in header.columns.items()}
    column = next(named[n] for n in range(area.first_column, area.last_column + 1) if n in named)
    say = N_("到第 %(last)d 行是合并的格子。请取消合并，每一行都填上。")
    return Fault(area.first_row, column, say, {"last": area.last_row})


def rows_below(table: Table, header: Header) -> Iterator[Row]:
    """The rows that say anything in the columns that are read."""
    for number, cells in table.rows:
        found = {
            name: cells[index] if index < len(cells) else EMPTY
            for name, index in header.columns.items()
        }
        if number > header.row and any(cell.text.strip() for cell in found.values()):
            yield Row(number, found, any(_is_total(cell) for cell in cells[:2]))


def _is_total(cell: Cell) -> bool:
    return "".join(cell.text.split()) in TOTALS


def read_cells(
    row: Row, columns: Columns, header: Header, faults: list[Fault]
) -> dict[str, object] | None:
    """What a row says, by field; None where a cell is wrong, which is added to `faults`."""
    values: dict[str, object] = {}
    wrong = False
    for name, cell in row.cells.items():
        try:
            values[name] = _read_cell(cell, columns.readers[name])
        except Invalid as fault:
            faults.append(Fault(row.number, header.names[name], fault.msgid, fault.params))
            wrong = True
    return None if wrong else values


def _read_cell(cell: Cell, read: Callable[[str], object]) -> object:
    if cell.kind in ODD_CELLS:
        raise Invalid(ODD_CELLS[cell.kind])
    return read(cell.text)
