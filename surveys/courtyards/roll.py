"""Reading a roll of households out of a table: its header, its rows, every fault by its cell."""

from collections.abc import Iterable
from decimal import Decimal

from itsdangerous import BadData, URLSafeSerializer

from surveys.base import tables
from surveys.base.tables import Table
from surveys.base.words import N_
from surveys.courtyards import headed, rules
from surveys.courtyards.headed import Columns, Fault, Header, Reading, Row
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid

HEADERS = (N_("楼栋"), N_("单元"), N_("房号"), N_("建筑面积（㎡）"))
"""as we write them ourselves"""

COLUMNS = Columns(
    names={"building": HEADERS[0], "stairwell": HEADERS[1], "room": HEADERS[2], "area": N_("面积")},
    aliases={
        "building": "楼栋 楼号 几号楼 号楼 楼 栋 栋号 楼栋号 幢 幢号 楼幢 楼座 座号 楼宇 BUILDING",
        "stairwell": "单元 单元号 几单元 门洞 门洞号 STAIRWELL UNIT",
        "room": "房号 室 室号 门牌 门牌号 房间 房间号 户号 房屋号 房室号 住户 ROOM",
        "area": "面积 建筑面积 房屋面积 建面 产权面积 房屋建筑面积 产权建筑面积"
        " 专有面积 登记面积 AREA",
    },
    needed=("building", "room", "area"),
    readers={
        "building": rules.tidy_building,
        "stairwell": rules.tidy_stairwell,
        "room": rules.tidy_room,
        "area": rules.read_area,
    },
    no_header=N_("没找到表头。请用一行写：楼栋、单元、房号、面积。单元可以没有。"),
    no_header_in_sheet=N_(
        "工作表“%(sheet)s”里没找到表头。请用一行写：楼栋、单元、房号、面积。单元可以没有。"
    ),
    no_header_merged=N_(
        "没找到表头，上面几行有合并的格子。请取消合并，用一行写：楼栋、单元、房号、面积。"
    ),
    total=N_("这一行像是合计，不是一户。请删掉。"),
    twice=N_("和第 %(other)d 行是同一户，只留一行。"),
    nothing=N_("表头下面一户也没有。"),
)


def read_file(data: bytes) -> Reading[RollRow]:
    """The households that a file names, on its first sheet with a header: a cover may come before.

    Raises:
        Invalid: as for `tables.read` and `read_roll`.
    """
    return read_roll(headed.read_file(data, COLUMNS))


def read_roll(table: Table) -> Reading[RollRow]:
    """The households that a table names.

    Raises:
        Invalid: no header is found, or it is ambiguous, or no household follows it.
    """
    return headed.read_rows(table, COLUMNS, _read_row)


def _read_row(row: Row, header: Header, faults: list[Fault]) -> RollRow | None:
    """One household; None where a cell is wrong, which is added to `faults`."""
    values = headed.read_cells(row, COLUMNS, header, faults)
    if values is None:
        return None
    area = values["area"]
    return RollRow(
        str(values["building"]),
        str(values.get("stairwell", "")),
        str(values["room"]),
        area if isinstance(area, int) else None,
    )


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
