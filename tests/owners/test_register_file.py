"""The register of owners as a file: every wrong cell by row and column, and out as it came in."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.base import tables
from surveys.courtyards.headed import Reading
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid
from surveys.owners import parties, register_file
from surveys.owners.parties import Named, UnitRow
from surveys.owners.register_models import AreaSource, OwnerKind
from tests.courtyards.test_roll import file_of
from tests.owners.registers import row

HEADER: list[object] = [
    *("楼栋", "单元", "房号", "专有面积", "面积来源"),
    *("产权人", "区分(证件后四位)", "表决代表", "类别"),
]
GOOD: list[object] = [1, 1, 101, 88.67, "不动产登记", "王建国", "1234", None, None]


def line(**changed: object) -> list[object]:
    """A good row with some cells changed, by field."""
    fields = list(register_file.NAMES)
    values = list(GOOD)
    for name, value in changed.items():
        values[fields.index(name)] = value
    return values


def read(*rows: list[object], merged: tuple[str, ...] = ()) -> Reading[UnitRow]:
    return register_file.read_file(file_of(HEADER, *rows, merged=merged))


def said(reading: Reading[UnitRow]) -> list[str]:
    return [f"{f.row} {f.column}：{f.msgid % dict(f.params)}" for f in reading.faults]


def test_a_row_is_a_unit_with_whose_it_is() -> None:
    reading = read(
        GOOD,
        line(room=102, area="92", names="李秀英、张卫东", marks="567x、", voter="张卫东"),
        line(room="底商1", stairwell=None, source="合同", names="金祥", marks="", kind="开发商"),
    )
    assert said(reading) == []
    assert list(reading.rows) == [
        row("1-1-101", 8867, "王建国#1234"),
        row("1-1-102", 9200, "李秀英#567X、张卫东", voter="张卫东"),
        UnitRow(
            *("1", "", "底商1", 8867, AreaSource.CONTRACT, OwnerKind.DEVELOPER),
            (Named("金祥"),),
        ),
    ]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"area": 0}, "2 专有面积：“0”不行，面积要大于 0"),
        ({"area": 1_000_000}, "2 专有面积：“1000000”太大了"),
        ({"area": -3}, "2 专有面积：“-3”不行"),
        ({"area": 88.675}, "2 专有面积：“88.675”小数太多"),
        ({"area": None}, "2 专有面积：没填面积"),
        ({"area": "=40+48"}, "2 专有面积：这一格是公式"),
        ({"names": None}, "2 产权人：没写产权人"),
        ({"names": "王强、王强", "marks": None}, "2 产权人：同一个产权人写了两遍"),
        ({"names": "王强、李梅"}, "2 区分(证件后四位)：产权人有 2 个，区分有 1 个"),
        ({"marks": "410102196001011234"}, "2 区分(证件后四位)：不要写整个证件号"),
        ({"source": None}, "2 面积来源：没写面积是从哪里来的"),
        ({"source": "邻居说的"}, "2 面积来源：“邻居说的”看不懂"),
        ({"kind": "外星人"}, "2 类别：“外星人”看不懂"),
        ({"kind": "共有"}, "2 类别：写的是共有，产权人却只有一个"),
        (
            {"names": "甲、乙", "marks": None, "voter": "丙"},
            "2 表决代表：表决代表要是产权人里的一个",
        ),
        ({"room": None}, "2 房号：没有填"),
        ({"building": "合计"}, "2 楼栋：这一行像是合计"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(changed: dict[str, object], says: str) -> None:
    reading = read(line(**changed))
    assert [says in fault for fault in said(reading)] == [True], said(reading)


def test_a_date_that_excel_made_of_a_room_is_told() -> None:
    import datetime

    reading = read(line(room=datetime.date(2026, 1, 2)))
    assert "当成了日期" in said(reading)[0]


def test_every_fault_is_told_and_not_only_the_first() -> None:
    reading = read(line(area=0, source="?"), line(room=102, names="", kind="?"))
    assert [fault.split(" ")[0] for fault in said(reading)] == ["2", "2", "3", "3"]


def test_co_owners_in_two_rows_are_told_to_share_one() -> None:
    reading = read(GOOD, line(names="李梅", marks=None))
    assert said(reading) == [
        "3 房号：和第 2 行是同一套。几个人共有的，写在一行里，名字用顿号隔开。"
    ]


def test_rows_of_one_owner_that_disagree_are_told() -> None:
    together: dict[str, object] = {"names": "甲、乙", "marks": None}
    reading = read(
        line(kind="单位"),
        line(room=102, kind="个人"),
        line(room=103, voter="甲", **together),
        line(room=104, **together),
        line(room=105, voter="乙", **together),
    )
    assert [fault.split("，")[-1] for fault in said(reading)] == [
        "类别却不一样。",
        "表决代表却不一样。",
    ]


def test_merged_cells_are_told() -> None:
    reading = read(GOOD, line(room=102), merged=("F2:F3",))
    assert said(reading) == ["2 产权人：到第 3 行是合并的格子。请取消合并，每一行都填上。"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([HEADER], "一套房也没有"),
        ([["楼栋", "单元", "房号", "面积"], [1, 1, 101, 88]], "没有“面积来源”这一列"),
        ([["一", "二"], [1, 2]], "没找到表头"),
        ([[*HEADER, "业主"], [*GOOD, "x"]], "有两列都像“产权人”"),
    ],
)
def test_a_file_that_is_no_register_is_told(rows: list[list[object]], says: str) -> None:
    with pytest.raises(Invalid) as fault:
        register_file.read_file(file_of(*rows))
    assert says in str(fault.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0 old",
        b"PK\x03\x04 cut short",
        b"<html>",
        b"\x89PNG\r\n",
        b"\x00\x01\x02\x03" * 100,
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_bytes(data: bytes) -> None:
    with pytest.raises(Invalid):
        register_file.read_file(data)


def test_a_csv_of_an_old_office_is_read() -> None:
    lines = [",".join(str(value or "") for value in values) for values in (HEADER, GOOD)]
    reading = register_file.read_file("\r\n".join(lines).encode("gb18030"))
    assert [one.named[0].name for one in reading.rows] == ["王建国"]


NAME = st.sampled_from(["王强", "李梅", "买买提·艾力", "金祥置业（集团）有限公司", "O'Neil Bao"])
UNITS = st.lists(
    st.tuples(
        st.lists(NAME, min_size=1, max_size=3, unique=True),
        st.integers(1, 9_999_999),
        st.sampled_from(list(AreaSource)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25)
@given(UNITS)
def test_what_goes_out_comes_in_again(units: list[tuple[list[str], int, AreaSource]]) -> None:
    rows = []
    for n, (names, area, source) in enumerate(units, 1):
        named = parties.read_names("、".join(names), "、".join(f"{i}9" for i in range(len(names))))
        voter = names[0] if len(names) > 1 else ""
        kind = parties.kind_of(None, len(named))
        rows.append(UnitRow("1", "1", str(n), area, source, kind, named, voter))
    reading = register_file.read_file(register_file.to_xlsx(rows))
    clashing = {frozenset(row.named) for row in rows if row.voter}
    if len({(frozenset(r.named), r.voter) for r in rows if r.voter}) == len(clashing):
        assert said(reading) == []
        assert list(reading.rows) == rows


def test_every_sort_of_owner_goes_out_and_comes_in_again() -> None:
    rows = [
        row("1-1-1", 1, "甲"),
        row("1-1-2", 1, "甲、乙"),
        row("1-1-3", 1, "丙", kind=OwnerKind.BODY),
        row("1-1-4", 1, "丁", kind=OwnerKind.DEVELOPER),
    ]
    assert list(register_file.read_file(register_file.to_xlsx(rows)).rows) == rows
    for one in rows:
        typed, faults = register_file.read_unit(register_file.typed_as(one))
        assert (typed, list(faults)) == (one, [])


def test_the_example_can_go_in_as_it_is() -> None:
    reading = register_file.read_file(register_file.to_xlsx(register_file.EXAMPLE))
    assert said(reading) == []
    assert {row.party for row in reading.rows} == {row.party for row in register_file.EXAMPLE}


def test_the_roll_fills_in_doors_and_areas() -> None:
    data = register_file.prefilled([RollRow("1", "2", "301", 8867), RollRow("1", "", "底商", None)])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [[cell.value for cell in one][:4] for one in sheet.iter_rows(min_row=2)] == [
        ["1", "2", "301", 88.67],
        ["1", None, "底商", None],
    ]
    told = {fault.column for fault in register_file.read_file(data).faults}
    assert told == {"面积来源", "产权人", "专有面积（㎡）"}


def test_what_was_looked_at_comes_back_unchanged_or_not_at_all() -> None:
    secret = b"s" * 32
    packed = register_file.pack(register_file.EXAMPLE, "seen", courtyard_id="c", secret=secret)
    rows, seen = register_file.unpack(packed, courtyard_id="c", secret=secret)
    assert (tuple(rows), seen) == (register_file.EXAMPLE, "seen")
    for spoilt, of in ((packed[:-1], "c"), (packed, "other"), ("", "c")):
        with pytest.raises(Invalid):
            register_file.unpack(spoilt, courtyard_id=of, secret=secret)


def test_the_largest_table_fits_into_the_form_that_carries_it() -> None:
    rows = [
        row(f"{n // 100 + 1}-1-{n}", 8867 + n, f"王{chr(0x4E00 + n)}{chr(0x5000 + n)}#{n:04d}")
        for n in range(tables.MOST_ROWS)
    ]
    packed = register_file.pack(rows, "seen", courtyard_id="c", secret=b"s" * 32)
    assert len(packed) < 500 * 1024


def test_a_register_kept_in_english_is_read_too() -> None:
    table = [
        ["Building", "Stairwell", "Room", "Exclusive area", "Source of the area", "Owner", "Kind"],
        ["1", "1", "101", "88.67", "register", "王秀英", "person"],
        ["1", "1", "102", "90", "Survey", "城建公司", "Developer"],
    ]
    text = "\n".join(",".join(row) for row in table)
    found = register_file.read_file(text.encode())
    assert not found.faults
    assert [(row.area_dm2, row.source.value) for row in found.rows] == [
        (8867, "register"),
        (9000, "survey"),
    ]
