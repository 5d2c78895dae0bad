"""The register of owners as a file, in and out: a unit a row, every fault by its cell."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from surveys.base import books
from surveys.base.tables import Cell, Table, Value
from surveys.base.words import N_
from surveys.courtyards import headed, roll, rules
from surveys.courtyards.headed import Columns, Fault, Header, Reading, Row
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid
from surveys.owners import merging, parties
from surveys.owners.parties import KIND_NAMES, SOURCE_NAMES, Named, UnitRow
from surveys.owners.register_models import AreaSource, OwnerKind

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "building": N_("楼栋"),
        "stairwell": N_("单元"),
        "room": N_("房号"),
        "area": N_("专有面积（㎡）"),
        "source": N_("面积来源"),
        "names": N_("产权人"),
        "marks": N_("区分（证件后四位）"),
        "voter": N_("表决代表"),
        "kind": N_("类别"),
    }
)
"""field → header as we write it, in order"""
SHEET = "业主名册"

_KINDS = {
    OwnerKind.PERSON: "个人 自然人 私有 PERSON",
    OwnerKind.TOGETHER: "共有 共同共有 按份共有 夫妻共有 CO-OWNERS",
    OwnerKind.BODY: "公司或单位 单位 公司 企业 机关 法人 组织 集体 国有 BODY",
    OwnerKind.DEVELOPER: "开发商 建设单位 开发公司 开发单位 未售 DEVELOPER",
}
_SOURCES = {
    AreaSource.REGISTER: (
        "不动产登记 登记 不动产登记簿 不动产权证 不动产证 房产证 产权证 房本 REGISTER"
    ),
    AreaSource.SURVEY: "测绘 实测 测绘报告 实测面积 测绘成果 SURVEY",
    AreaSource.CONTRACT: "买卖合同 合同 购房合同 商品房买卖合同 CONTRACT",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_SOURCE_OF = {word: source for source, words in _SOURCES.items() for word in words.split()}


def read_kind(typed: str) -> OwnerKind | None:
    """What sort of owner was typed; None where nothing was.

    Raises:
        Invalid: it is no sort that there is.
    """
    word = "".join(typed.split()).upper()
    if word and word not in _KIND_OF:
        say = N_("“%(typed)s”看不懂。请写个人、共有、单位或开发商，也可以空着。")
        raise Invalid(say, typed=rules.printable(typed))
    return _KIND_OF.get(word)


def read_source(typed: str) -> AreaSource:
    """Where an area was taken from, as typed.

    Raises:
        Invalid: nothing was typed, or no source that there is.
    """
    word = "".join(typed.split()).upper()
    if not word:
        raise Invalid(N_("没写面积是从哪里来的。请写不动产登记、测绘或买卖合同。"))
    if word not in _SOURCE_OF:
        say = N_("“%(typed)s”看不懂。请写不动产登记、测绘或买卖合同。")
        raise Invalid(say, typed=rules.printable(typed))
    return _SOURCE_OF[word]


def read_area(typed: str) -> int:
    """An area in dm² as typed in square metres.

    Raises:
        Invalid: nothing was typed, or what no unit can have (`courtyards.rules.read_area`).
    """
    area = rules.read_area(typed)
    if area is None:
        raise Invalid(N_("没填面积。"))
    return area


def _as_it_is(typed: str) -> str:
    return typed


COLUMNS = Columns(
    names={**NAMES, "area": N_("专有面积"), "marks": N_("区分")},
    aliases={
        **roll.COLUMNS.aliases,
        "area": f"{roll.COLUMNS.aliases['area']} EXCLUSIVEAREA",
        "source": "面积来源 面积依据 来源 依据 SOURCE SOURCEOFTHEAREA",
        "names": "产权人 产权人姓名 业主 业主姓名 姓名 所有权人 权利人 权利人名称 房主 OWNER",
        "marks": "区分 后四位 证件后四位 身份证后四位 证件号后四位 MARK",
        "voter": "表决代表 代表 推选代表 投票代表 VOTER",
        "kind": "类别 业主类别 产权性质 业主性质 KIND",
    },
    needed=("building", "room", "area", "source", "names"),
    readers={
        **roll.COLUMNS.readers,
        "area": read_area,
        "source": read_source,
        "names": parties.read_people,
        "marks": _as_it_is,
        "voter": _as_it_is,
        "kind": read_kind,
    },
    no_header=N_("没找到表头。请用一行写：楼栋、单元、房号、专有面积、面积来源、产权人。"),
    no_header_in_sheet=N_(
        "工作表“%(sheet)s”里没找到表头。请用一行写：楼栋、单元、房号、专有面积、面积来源、产权人。"
    ),
    no_header_merged=N_(
        "没找到表头，上面几行有合并的格子。请取消合并，"
        "用一行写：楼栋、单元、房号、专有面积、面积来源、产权人。"
    ),
    total=N_("这一行像是合计，不是一套房。请删掉。"),
    twice=N_("和第 %(other)d 行是同一套。几个人共有的，写在一行里，名字用顿号隔开。"),
    nothing=N_("表头下面一套房也没有。"),
)


def read_file(data: bytes) -> Reading[UnitRow]:
    """The units that a file names, on its first sheet with a header: a cover may come before.

    Raises:
        Invalid: as for `tables.read` and `read_table`.
    """
    return read_table(headed.read_file(data, COLUMNS))


def read_table(table: Table) -> Reading[UnitRow]:
    """The units that a table names.

    Raises:
        Invalid: no header is found, or it is ambiguous, or no unit follows it.
    """
    return headed.read_rows(table, COLUMNS, _read_row, _clashes)


def _read_row(row: Row, header: Header, faults: list[Fault]) -> UnitRow | None:
    """One unit; None where a cell is wrong, which is added to `faults`."""
    values: dict[str, Any] | None = headed.read_cells(row, COLUMNS, header, faults)
    if values is None:
        return None
    field = "marks"
    try:
        parties.read_marks(values.get("marks", ""), len(values["names"]))
        field = "names"
        named = parties.read_names("、".join(values["names"]), values.get("marks", ""))
        field = "kind"
        kind = parties.kind_of(values.get("kind"), len(named))
        field = "voter"
        voter = parties.read_voter(values.get("voter", ""), named)
    except Invalid as fault:
        column = header.names.get(field, COLUMNS.names[field])
        faults.append(Fault(row.number, column, fault.msgid, fault.params))
        return None
    door = (values["building"], values.get("stairwell", ""), values["room"])
    return UnitRow(*door, values["area"], values["source"], kind, named, voter)


def read_unit(typed: Mapping[str, str]) -> tuple[UnitRow | None, Sequence[Fault]]:
    """One unit as it was typed into a form, by field, or what is wrong with which field."""
    itself = Header(0, {}, {field: field for field in NAMES})
    faults: list[Fault] = []
    cells = {field: Cell(typed.get(field, "")) for field in NAMES}
    return _read_row(Row(1, cells, False), itself, faults), faults


def typed_as(row: UnitRow) -> dict[str, str]:
    """A unit as it may be typed into a form, by field."""
    names, marks = parties.in_one_line(row.named)
    kind = "" if row.kind is OwnerKind.TOGETHER else KIND_NAMES[row.kind]
    area = f"{row.area_dm2 // 100}.{row.area_dm2 % 100:02d}"
    said = [*row.door, area, SOURCE_NAMES[row.source], names, marks, row.voter, kind]
    return dict(zip(NAMES, said, strict=True))


_CLASHES = {
    "kind": N_("和第 %(other)d 行是同一位业主，类别却不一样。"),
    "voter": N_("和第 %(other)d 行是同一位业主，表决代表却不一样。"),
}


def _clashes(rows: Sequence[UnitRow], numbers: Sequence[int], header: Header) -> list[Fault]:
    return [
        Fault(
            numbers[clash.second],
            header.names.get(clash.field, COLUMNS.names[clash.field]),
            _CLASHES[clash.field],
            {"other": numbers[clash.first]},
        )
        for clash in merging.clashes(rows)
    ]


# out


EXAMPLE = (
    UnitRow(
        *("1", "1", "101", 8868, AreaSource.REGISTER, OwnerKind.PERSON),
        (Named("王建国", "1234"),),
    ),
    UnitRow(
        *("1", "1", "102", 9200, AreaSource.REGISTER, OwnerKind.TOGETHER),
        (Named("李秀英", "567X"), Named("张卫东", "8901")),
        "李秀英",
    ),
    UnitRow(
        *("1", "", "底商1", 12050, AreaSource.CONTRACT, OwnerKind.DEVELOPER),
        (Named("金祥置业有限公司"),),
    ),
)


def to_xlsx(rows: Iterable[UnitRow]) -> bytes:
    """A register as a workbook that can be read in again; areas as numbers with two decimals."""
    in_order = sorted(rows, key=lambda row: rules.door_key(row.door))
    return _workbook(_cells(row) for row in in_order)


def prefilled(homes: Iterable[RollRow]) -> bytes:
    """The doors and areas of the roll as a register in which the owners are still to be written."""
    return _workbook([*home.door, _number(home.area_dm2)] for home in homes)


def _workbook(rows: Iterable[Sequence[Value]]) -> bytes:
    offered = {5: list(SOURCE_NAMES.values()), 9: list(KIND_NAMES.values())}
    return books.to_xlsx({SHEET: (tuple(NAMES.values()), rows)}, {SHEET: offered})


def _cells(row: UnitRow) -> list[Value]:
    names, marks = parties.in_one_line(row.named)
    area, source = _number(row.area_dm2), SOURCE_NAMES[row.source]
    return [*row.door, area, source, names, marks, row.voter, KIND_NAMES[row.kind]]


def _number(area_dm2: int | None) -> Decimal | None:
    return None if area_dm2 is None else Decimal(area_dm2).scaleb(-2)


# between looking and saving the rows travel in the form itself, signed: nothing is kept meanwhile


def pack(rows: Iterable[UnitRow], seen: str, *, courtyard_id: str, secret: bytes) -> str:
    """Rows and the fingerprint of the plan that was shown, for one hidden field."""
    plain = [
        [*row.door, row.area_dm2, row.source, row.kind, row.voter]
        + [part for one in row.named for part in (one.name, one.mark)]
        for row in rows
    ]
    return str(_signer(courtyard_id, secret).dumps([seen, plain]))


def unpack(packed: str, *, courtyard_id: str, secret: bytes) -> tuple[list[UnitRow], str]:
    """What `pack` packed for this courtyard.

    Raises:
        Invalid: it came from elsewhere or was changed on the way.
    """
    try:
        seen, plain = _signer(courtyard_id, secret).loads(packed)
    except BadData as error:
        raise Invalid(N_("这一页不完整了。请把文件再交一次，重新看一遍。")) from error
    return [_unpacked(*row) for row in plain], seen


def _unpacked(
    building: str,
    stairwell: str,
    room: str,
    area_dm2: int,
    source: str,
    kind: str,
    voter: str,
    *people: str,
) -> UnitRow:
    named = tuple(map(Named, people[::2], people[1::2]))
    sort = AreaSource(source), OwnerKind(kind)
    return UnitRow(building, stairwell, room, area_dm2, *sort, named, voter)


def _signer(courtyard_id: str, secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"register to save:{courtyard_id}")
