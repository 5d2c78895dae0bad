"""Costs in a file, in and out: one item a row, by its name; every fault by its cell."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.accounts.rules import tidy
from surveys.base import tables
from surveys.base.tables import EMPTY, Cell, Table, Value
from surveys.base.words import N_
from surveys.courtyards.headed import HEADER_WITHIN, ODD_CELLS, TOTALS, Fault
from surveys.courtyards.rules import printable
from surveys.errors import Invalid
from surveys.menus import cost_cells
from surveys.menus.cost_cells import COLUMNS, Cost, Line

NAME = N_("项目")
HEADERS = (NAME, *COLUMNS.values())
_ALIASES = {
    "name": "项目 项目名称 菜单项 名称",
    "quantity": "数量 工程量",
    "unit": "单位 计量单位",
    "unit_cost": "单价 综合单价",
    "share": "每户自付 每户自己出 自付 每户分摊",
    "upkeep": "每户每年 每年每户 以后每户每年",
}
"""headers that people write, without brackets and units"""
_FIELD_OF = {word: name for name, words in _ALIASES.items() for word in words.split()}
_AMOUNTS = frozenset({"unit_cost", "share", "upkeep"})
_BRACKETED = re.compile(r"\(.*?\)")


@dataclass(frozen=True, slots=True)
class Standing:
    """An item of the menu as a row of the file may name it."""

    id: str
    name: str
    class_name: str
    cost: Cost


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: a line for each item that it names, or the faults that keep it out."""

    sheet: str
    lines: Mapping[str, Line]
    """by item id"""
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[str, int]
    """index from 0 of each field's column"""
    names: Mapping[str, str]
    """each field's header as it stands in the file"""


def to_xlsx(items: Sequence[Standing]) -> bytes:
    """The costs as a workbook that can be read in again."""
    headers = (N_("类别"), *HEADERS)
    return tables.to_xlsx("菜单价钱", headers, (_row(item) for item in items))


def read_file(data: bytes, items: Sequence[Standing]) -> Reading:
    """What a file says about the costs of these items, on its first sheet with a header.

    Raises:
        Invalid: as `tables.read`; no header is found, it is ambiguous, or no item follows it.
    """
    table = tables.read(data, wanted=lambda table: _header_row(table) is not None)
    header = _header(table)
    if any(area.last_row > header.row for area in table.merged):
        raise Invalid(N_("表里有合并的格子。请取消合并，每一行都填上。"))
    by_name = {item.name: item for item in items}
    faults: list[Fault] = []
    lines: dict[str, Line] = {}
    first: dict[str, int] = {}
    for number, cells in table.rows:
        found = _cells(cells, header)
        if number <= header.row or not any(cell.text.strip() for cell in found.values()):
            continue
        item = _item(number, found["name"], by_name, first, header, faults)
        if item:
            lines[item.id] = _line(number, found, item, header, faults)
    if not lines and not faults:
        raise Invalid(N_("表头下面一项也没有。"))
    return Reading(table.name, lines, faults)


def _row(item: Standing) -> list[Value]:
    cost = item.cost
    return [
        item.class_name,
        item.name,
        _number(cost.quantity_milli, 1000),
        cost.unit,
        *(_number(fen, 100) for fen in (cost.unit_cost_fen, cost.share_fen, cost.upkeep_fen)),
    ]


def _number(value: int | None, parts: int) -> Value:
    if value is None:
        return None
    return Decimal(value) / parts if value % parts else value // parts


def _header_row(table: Table) -> tuple[int, list[Cell]] | None:
    rows = table.rows[:HEADER_WITHIN]
    return next(((number, cells) for number, cells in rows if len(_fields(cells)) >= 2), None)


def _header(table: Table) -> _Header:
    found = _header_row(table)
    if found is None:
        raise Invalid(N_("没找到表头。请用一行写：项目、数量、单位、单价（元）。"))
    number, cells = found
    columns: dict[str, int] = {}
    for index, name in _fields(cells):
        said = printable(cells[index].text)
        if name in columns:
            raise Invalid(N_("有两列都叫“%(name)s”。请只留一列。"), name=said)
        if name in _AMOUNTS and "万" in said:
            raise Invalid(N_("“%(name)s”这一列请改成元，表头也改一改。"), name=said)
        columns[name] = index
    if "name" not in columns:
        raise Invalid(N_("第 %(row)d 行的表头里没有“%(name)s”这一列。"), row=number, name=NAME)
    names = {name: printable(cells[index].text) for name, index in columns.items()}
    return _Header(number, columns, names)


def _fields(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    words = [_word(cell.text) for cell in cells]
    return [(index, _FIELD_OF[word]) for index, word in enumerate(words) if word in _FIELD_OF]


def _word(text: str) -> str:
    """单价（元） → 单价"""
    return _BRACKETED.sub("", "".join(unicodedata.normalize("NFKC", text).split()))


def _cells(cells: Sequence[Cell], header: _Header) -> dict[str, Cell]:
    return {
        name: cells[index] if index < len(cells) else EMPTY
        for name, index in header.columns.items()
    }


def _item(
    number: int,
    cell: Cell,
    by_name: Mapping[str, Standing],
    first: dict[str, int],
    header: _Header,
    faults: list[Fault],
) -> Standing | None:
    """The item that a row names; None where it names none, which is added to `faults`."""
    said, params = tidy(cell.text), dict[str, object]()
    if said in first:
        say, params = N_("和第 %(other)d 行是同一项，只留一行。"), {"other": first[said]}
    elif said in by_name:
        first[said] = number
        return by_name[said]
    elif said in TOTALS:
        say = N_("这一行像是合计，不是一项。请删掉。")
    elif not said:
        say = N_("没写项目的名字。")
    else:
        say, params = N_("菜单里没有“%(name)s”。先在菜单里加上，再交表。"), {"name": said[:30]}
    faults.append(Fault(number, header.names["name"], say, params))
    return None


def _line(
    number: int,
    found: Mapping[str, Cell],
    item: Standing,
    header: _Header,
    faults: list[Fault],
) -> Line:
    typed: dict[str, str] = {}
    for name in (name for name in found if name in COLUMNS):
        if found[name].kind in ODD_CELLS:
            faults.append(Fault(number, header.names[name], ODD_CELLS[found[name].kind], {}))
        else:
            typed[name] = found[name].text
    line = cost_cells.read(typed, item.cost)
    faults += [
        Fault(number, header.names.get(name, COLUMNS[name]), fault.msgid, dict(fault.params))
        for name, fault in line.faults.items()
    ]
    return line
