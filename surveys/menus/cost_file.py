"""Costs in a file, in and out: one item a row, by its name; every fault by its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.accounts.rules import tidy
from surveys.base import tables
from surveys.base.tables import Value
from surveys.base.words import N_
from surveys.courtyards import headed
from surveys.courtyards.headed import ODD_CELLS, Columns, Fault, Header, Row
from surveys.errors import Invalid
from surveys.menus import cost_cells
from surveys.menus.cost_cells import Cost, Line

NAME = N_("项目")
HEADERS = (NAME, *cost_cells.COLUMNS.values())
COLUMNS = Columns(
    names={"name": NAME, **cost_cells.COLUMNS},
    aliases={
        "name": "项目 项目名称 菜单项 名称",
        "quantity": "数量 工程量",
        "unit": "单位 计量单位",
        "unit_cost": "单价 综合单价",
        "share": "每户自付 每户自己出 自付 每户分摊",
        "upkeep": "每户每年 每年每户 以后每户每年",
    },
    needed=("name",),
    readers={},  # a line is read as on the page: `cost_cells.read`
    no_header=N_("没找到表头。请用一行写：项目、数量、单位、单价（元）。"),
    no_header_in_sheet=N_(
        "工作表“%(sheet)s”里没找到表头。请用一行写：项目、数量、单位、单价（元）。"
    ),
    no_header_merged=N_(
        "没找到表头，上面几行有合并的格子。请取消合并，用一行写：项目、数量、单位、单价（元）。"
    ),
    total=N_("这一行像是合计，不是一项。请删掉。"),
    twice=N_("和第 %(other)d 行是同一项，只留一行。"),
    nothing=N_("表头下面一项也没有。"),
)
_AMOUNTS = ("unit_cost", "share", "upkeep")


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


def to_xlsx(items: Sequence[Standing]) -> bytes:
    """The costs as a workbook that can be read in again."""
    headers = (N_("类别"), *HEADERS)
    return tables.to_xlsx("菜单价钱", headers, (_row(item) for item in items))


def read_file(data: bytes, items: Sequence[Standing]) -> Reading:
    """What a file says about the costs of these items, on its first sheet with a header.

    Raises:
        Invalid: as for `headed.read_file` and `headed.find_header`; an amount is not in yuan, or no
            item follows the header.
    """
    table = headed.read_file(data, COLUMNS)
    header = headed.find_header(table, COLUMNS)
    _in_yuan(header)
    faults = headed.merged_faults(table, header)
    if faults:
        return Reading(table.name, {}, faults)
    by_name = {item.name: item for item in items}
    lines: dict[str, Line] = {}
    first: dict[str, int] = {}
    for row in headed.rows_below(table, header):
        item = _item(row, by_name, first, header, faults)
        if item:
            lines[item.id] = _line(row, item, header, faults)
    if not lines and not faults:
        raise Invalid(COLUMNS.nothing)
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


def _in_yuan(header: Header) -> None:
    wrong = (header.names[name] for name in _AMOUNTS if "万" in header.names.get(name, ""))
    if said := next(wrong, ""):
        raise Invalid(N_("“%(name)s”这一列请改成元，表头也改一改。"), name=said)


def _item(
    row: Row,
    by_name: Mapping[str, Standing],
    first: dict[str, int],
    header: Header,
    faults: list[Fault],
) -> Standing | None:
    """The item that a row names; None where it names none, which is added to `faults`."""
    said, params = tidy(row.cells["name"].text), dict[str, object]()
    if said in first:
        say, params = COLUMNS.twice, {"other": first[said]}
    elif said in by_name:
        first[said] = row.number
        return by_name[said]
    elif row.is_total:
        say = COLUMNS.total
    elif not said:
        say = N_("没写项目的名字。")
    else:
        say, params = N_("菜单里没有“%(name)s”。先在菜单里加上，再交表。"), {"name": said[:30]}
    faults.append(Fault(row.number, header.names["name"], say, params))
    return None


def _line(row: Row, item: Standing, header: Header, faults: list[Fault]) -> Line:
    typed: dict[str, str] = {}
    for name in (name for name in row.cells if name in cost_cells.COLUMNS):
        cell = row.cells[name]
        if cell.kind in ODD_CELLS:
            faults.append(Fault(row.number, header.names[name], ODD_CELLS[cell.kind], {}))
        else:
            typed[name] = cell.text
    line = cost_cells.read(typed, item.cost)
    faults += [
        Fault(row.number, header.names.get(name, COLUMNS.names[name]), fault.msgid, fault.params)
        for name, fault in line.faults.items()
    ]
    return line
