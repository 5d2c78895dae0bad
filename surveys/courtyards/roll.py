"""Reading a roll of households out of a table: its header, its rows, every fault by its cell."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from itsdangerous import BadData, URLSafeSerializer

from surveys.base import tables
from surveys.base.tables import EMPTY, Cell, Kind, Merged, Table
from surveys.base.words import N_
from surveys.courtyards import rules
from surveys.courtyards.rules import Door, RollRow
from surveys.errors import Invalid

HEADERS = (N_("楼栋"), N_("单元"), N_("房号"), N_("建筑面积（㎡）"))
"""as we write them ourselves"""
HEADER_WITHIN = 15
"""titles and notes may stand above the header, but not more"""
TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计:", "总计:"})

ALIASES = {
    "building": "楼栋 楼号 几号楼 号楼 楼 栋 栋号 楼栋号 幢 幢号 楼幢 楼座 座号 楼宇 BUILDING",
    "stairwell": "单元 单元号 几单元 门洞 门洞号 STAIRWELL UNIT",
    "room": "房号 室 室号 门牌 门牌号 房间 房间号 户号 房屋号 房室号 住户 ROOM",
    "area": "面积 建筑面积 房屋面积 建面 产权面积 房屋建筑面积 产权建筑面积 专有面积 登记面积 AREA",
}
"""headers that other people write, without brackets and units"""
_FIELD_OF = {word: field for field, words in ALIASES.items() for word in words.split()}
NAMES = {"building": HEADERS[0], "stairwell": HEADERS[1], "room": HEADERS[2], "area": N_("面积")}
NEEDED = ("building", "room", "area")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: the row and the column as the spreadsheet shows them."""

    row: int
    column: str
    msgid: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its rows, or the faults that keep it from being saved."""

    sheet: str
    rows: list[RollRow]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[str, int]
    """index from 0 of each field's column"""
    names: dict[str, str]
    """each field's header as it stands in the file"""


def read_file(data: bytes) -> Reading:
    """The households that a file names, on its first sheet with a header: a cover may come before.

    Raises:
        Invalid: as for `tables.read` and `read_roll`.
    """
    return read_roll(tables.read(data, wanted=lambda table: _header_row(table) is not None))


def read_roll(table: Table) -> Reading:
    """The households that a table names.

    Raises:
        Invalid: no header is found, or it is ambiguous, or no household follows it.
    """
    header = _find_header(table)
    faults = [_merged_fault(area, header) for area in _merged_data(table, header)]
    if faults:  # what lies under merged cells reads as blank: no use in naming each
        return Reading(table.name, [], faults)
    rows: list[RollRow] = []
    first: dict[Door, int] = {}
    for number, cells in table.rows:
        if number <= header.row:
            continue
        row = _read_row(number, cells, header, faults)
        if row is None:
            continue
        if row.door in first:
            say, params = N_("和第 %(other)d 行是同一户，只留一行。"), {"other": first[row.door]}
            faults.append(Fault(number, header.names["room"], say, dict(params)))
        first.setdefault(row.door, number)
        rows.append(row)
    if not rows and not faults:
        raise Invalid(N_("表头下面一户也没有。"))
    return Reading(table.name, rows, sorted(faults, key=lambda fault: fault.row))


def _find_header(table: Table) -> _Header:
    found = _header_row(table)
    if found is None:
        raise _no_header(table)
    number, cells = found
    if any(area.first_row <= number <= area.last_row for area in table.merged):
        raise Invalid(
            N_("第 %(row)d 行的表头里有合并的格子。请取消合并，让每一列各有一个表头。"), row=number
        )
    return _checked_header(number, cells)


def _header_row(table: Table) -> tuple[int, list[Cell]] | None:
    """The first row that names two columns of a roll, if it stands where a header may."""
    rows = table.rows[:HEADER_WITHIN]
    return next(((number, cells) for number, cells in rows if len(_fields(cells)) >= 2), None)


def _no_header(table: Table) -> Invalid:
    if any(area.first_row <= HEADER_WITHIN for area in table.merged):
        return Invalid(
            N_("没找到表头，上面几行有合并的格子。请取消合并，用一行写：楼栋、单元、房号、面积。")
        )
    if table.name:
        return Invalid(
            N_("工作表“%(sheet)s”里没找到表头。请用一行写：楼栋、单元、房号、面积。单元可以没有。"),
            sheet=table.name,
        )
    return Invalid(N_("没找到表头。请用一行写：楼栋、单元、房号、面积。单元可以没有。"))


def _checked_header(number: int, cells: list[Cell]) -> _Header:
    columns: dict[str, int] = {}
    for index, field in _fields(cells):
        if field in columns:
            raise Invalid(
                N_("有两列都像“%(name)s”：“%(one)s”和“%(other)s”。请只留一列。"),
                name=NAMES[field],
                one=rules.printable(cells[columns[field]].text),
                other=rules.printable(cells[index].text),
            )
        columns[field] = index
    missing = next((field for field in NEEDED if field not in columns), None)
    if missing:
        raise Invalid(
            N_("第 %(row)d 行的表头里没有“%(name)s”这一列。"), row=number, name=NAMES[missing]
        )
    names = {field: rules.printable(cells[index].text) for field, index in columns.items()}
    return _Header(number, columns, names)


def _fields(cells: list[Cell]) -> list[tuple[int, str]]:
    words = [_header_word(cell.text) for cell in cells]
    return [(index, _FIELD_OF[word]) for index, word in enumerate(words) if word in _FIELD_OF]


def _header_word(text: str) -> str:
    """建筑面积（㎡）→ 建筑面积"""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(re.sub(r"\(.*?\)|\[.*?\]|M2$|平方米$|[*:]", "", "".join(wide.split())).split())


def _merged_data(table: Table, header: _Header) -> list[Merged]:
    used = {index + 1 for index in header.columns.values()}
    return [
        area
        for area in table.merged
        if area.last_row > header.row and used & set(range(area.first_column, area.last_column + 1))
    ]


def _merged_fault(area: Merged, header: _Header) -> Fault:
    named = {index + 1: header.names[field] for field, index in header.columns.items()}
    column = next(named[n] for n in range(area.first_column, area.last_column + 1) if n in named)
    say = N_("到第 %(last)d 行是合并的格子。请取消合并，每一行都填上。")
    return Fault(area.first_row, column, say, {"last": area.last_row})


_READERS: dict[str, Callable[[str], object]] = {
    "building": rules.tidy_building,
    "stairwell": rules.tidy_stairwell,
    "room": rules.tidy_room,
    "area": rules.read_area,
}

ODD_CELLS = {
    Kind.FORMULA: N_("这一格是公式，请改成数或字（复制以后，选择性粘贴成“数值”）。"),
    Kind.BROKEN: N_("这一格的公式出了错，请改成数或字。"),
    Kind.DATE: N_("这一格被 Excel 当成了日期。请先把整列设成“文本”，再填一遍。"),
}


def _read_row(
    number: int, cells: list[Cell], header: _Header, faults: list[Fault]
) -> RollRow | None:
    """One household; None where a cell is wrong, which is added to `faults`."""
    found = {
        field: cells[index] if index < len(cells) else EMPTY
        for field, index in header.columns.items()
    }
    if not any(cell.text.strip() for cell in found.values()):
        return None
    if any("".join(cells[i].text.split()) in TOTALS for i in range(min(2, len(cells)))):
        say = N_("这一行像是合计，不是一户。请删掉。")
        faults.append(Fault(number, header.names["building"], say, {}))
        return None
    values: dict[str, object] = {"stairwell": ""}
    wrong = False
    for field, cell in found.items():
        try:
            values[field] = _read_cell(field, cell)
        except Invalid as fault:
            faults.append(Fault(number, header.names[field], fault.msgid, fault.params))
            wrong = True
    if wrong:
        return None
    area = values["area"]
    return RollRow(
        str(values["building"]),
        str(values["stairwell"]),
        str(values["room"]),
        area if isinstance(area, int) else None,
    )


def _read_cell(field: str, cell: Cell) -> object:
    if cell.kind in ODD_CELLS:
        raise Invalid(ODD_CELLS[cell.kind])
    return _READERS[field](cell.text)


# out


EXAMPLE = (
    RollRow("1", "1", "101", 8868),
    RollRow("1", "1", "102", 9200),
    RollRow("1", "2", "101", 8868),
)


def to_xlsx(rows: Iterable[RollRow]) -> bytes:
    """A roll as a workbook that can be read in again; areas as numbers with two decimals."""
    values = ([*row.door, _square_metres(row.area_dm2)] for row in rows)
    return tables.to_xlsx("花名册", HEADERS, values)


def _square_metres(area_dm2: int | None) -> Decimal | None:
    return None if area_dm2 is None else Decimal(area_dm2).scaleb(-2)


# between looking and saving the rows travel in the form itself, signed: nothing is kept meanwhile


def pack(rows: list[RollRow], seen: str, *, courtyard_id: str, secret: bytes) -> str:
    """Rows and the fingerprint of the plan that was shown, for one hidden field."""
    plain = [[*row.door, row.area_dm2] for row in rows]
    return str(_signer(courtyard_id, secret).dumps([seen, plain]))


def unpack(packed: str, *, courtyard_id: str, secret: bytes) -> tuple[list[RollRow], str]:
    """What `pack` packed for this courtyard.

    Raises:
        Invalid: it came from elsewhere or was changed on the way.
    """
    try:
        seen, plain = _signer(courtyard_id, secret).loads(packed)
    except BadData as error:
        raise Invalid(N_("这一页不完整了。请把文件再交一次，重新看一遍。")) from error
    return [RollRow(*row) for row in plain], seen


def _signer(courtyard_id: str, secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"roll to save:{courtyard_id}")
