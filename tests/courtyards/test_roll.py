"""A roll read out of a table: its header wherever it stands, every wrong cell by row and column."""

import io

import openpyxl
import pytest

from surveys.base import tables
from surveys.courtyards import roll
from surveys.courtyards.headed import Reading
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid

HEADER: list[object] = ["楼栋", "单元", "房号", "面积"]


def file_of(*rows: list[object], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows: list[object], merged: tuple[str, ...] = ()) -> Reading[RollRow]:
    return roll.read_roll(tables.read(file_of(*rows, merged=merged)))


def said(reading: Reading[RollRow]) -> list[str]:
    return [
        f"第 {fault.row} 行“{fault.column}”：{fault.msgid % fault.params}"
        for fault in reading.faults
    ]


@pytest.mark.parametrize(
    "header",
    [
        ["楼栋", "单元", "房号", "面积"],
        ["几号楼", "单元号", "门牌", "建筑面积(㎡)"],
        ["楼号", "单 元", "室", "建筑面积（平方米）"],
        ["栋号", "门洞", "房间号", "产权面积\n(m²)"],
        ["幢", "单元", "室号", "房屋面积㎡"],
        ["楼栋*", "单元：", "房号*", "建面"],
    ],
)
def test_headers_are_understood_by_their_usual_names(header: list[object]) -> None:
    assert read(header, [1, 2, 101, 88.67]).rows == [RollRow("1", "2", "101", 8867)]


def book_of(**sheets: list[list[object]]) -> bytes:
    """A workbook of several sheets, by name."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


COVER: list[list[object]] = [["劳动局家属院"], ["2026 年 11 月", "共 2 张"]]


def test_a_cover_sheet_is_passed_over() -> None:
    found = roll.read_file(book_of(封面=COVER, 说明=COVER, 花名册=[HEADER, [1, 2, 101, 88.67]]))
    assert (found.sheet, found.rows) == ("花名册", [RollRow("1", "2", "101", 8867)])


def test_the_first_sheet_with_a_header_is_read_though_something_is_wrong_with_it() -> None:
    found = roll.read_file(book_of(封面=COVER, 甲=[HEADER, [1, 2, 101, "?"]], 乙=[HEADER]))
    assert (found.sheet, len(found.faults)) == ("甲", 1)


def test_where_no_sheet_has_a_header_the_one_that_was_read_is_named() -> None:
    with pytest.raises(Invalid) as fault:
        roll.read_file(book_of(封面=COVER, 说明=COVER))
    assert str(fault.value).startswith("工作表“封面”里没找到表头")


def test_columns_stand_in_any_order_among_others() -> None:
    found = read(["序号", "面积", "姓名", "房号", "楼栋"], [1, 88.67, "某", "101室", "一号楼"])
    assert found.rows == [RollRow("1", "", "101", 8867)]


def test_the_header_is_found_under_a_merged_title() -> None:
    title: list[object] = ["劳动局家属院住户花名册"]
    found = read(title, [], HEADER, [1, 1, 101, 50], merged=("A1:D1",))
    assert found.rows == [RollRow("1", "1", "101", 5000)]
    assert not found.faults


def test_every_wrong_cell_is_named_by_row_and_column() -> None:
    found = read(
        ["楼号", "单元", "门牌", "建筑面积(㎡)"],
        [1, 1, 101, "约98"],
        [1, 1, 102, 0],
        [1, 1, 103, -3],
        [1, 1, 104, 88.675],
        [1, 1, None, 88],
        [1, 1, "106😀", "８８．５"],
        [1, 1, 107, "=88+1"],
        [1, 1, "101", 60],
        [1, 1, 108, 60],
        [1, 1, "108室", 60],
        ["合计", None, None, 900],
    )
    assert said(found) == [
        "第 2 行“建筑面积(㎡)”：“约98”不是数，请只填数字，如 98.50。",
        "第 3 行“建筑面积(㎡)”：“0”不行，面积要大于 0。",
        "第 4 行“建筑面积(㎡)”：“-3”不行，面积要大于 0。",
        "第 5 行“建筑面积(㎡)”：“88.675”小数太多，最多两位，如 98.50。",
        "第 6 行“门牌”：没有填。",
        "第 7 行“门牌”：里面有不能用的符号，只能用数字、字母和汉字，中间可以有横线。",
        "第 8 行“建筑面积(㎡)”：这一格是公式，请改成数或字（复制以后，选择性粘贴成“数值”）。",
        "第 11 行“门牌”：和第 10 行是同一户，只留一行。",
        "第 12 行“楼号”：这一行像是合计，不是一户。请删掉。",
    ]


def test_full_width_digits_are_digits() -> None:
    assert read(HEADER, ["１", "２", "３０１", "８８．６７"]).rows == [
        RollRow("1", "2", "301", 8867)
    ]


def test_a_room_that_excel_made_a_date_is_named() -> None:
    import datetime

    found = read(HEADER, [1, 1, datetime.date(2026, 3, 2), 88])
    assert said(found) == [
        "第 2 行“房号”：这一格被 Excel 当成了日期。请先把整列设成“文本”，再填一遍。"
    ]


def test_merged_cells_among_the_rows_are_named_once() -> None:
    found = read(HEADER, [1, 1, 101, 50], [None, 1, 102, 50], merged=("A2:A3",))
    assert said(found) == ["第 2 行“楼栋”：到第 3 行是合并的格子。请取消合并，每一行都填上。"]


@pytest.mark.parametrize(
    ("rows", "merged", "says"),
    [
        ([HEADER, ["", "", "", ""]], (), "一户也没有"),
        ([["甲", "乙"], [1, 2]], (), "没找到表头"),
        ([["楼栋", "单元", "房号"], [1, 1, 101]], (), "第 1 行的表头里没有“面积”"),
        ([["楼栋", "单元", "面积"], [1, 1, 50]], (), "第 1 行的表头里没有“房号”"),
        (
            [["楼栋", "房号", "面积", "建筑面积"], [1, 101, 50, 60]],
            (),
            "有两列都像“面积”：“面积”和“建筑面积”",
        ),
        ([["楼栋", "房号", "面积", None], [1, 101, 50, 60]], ("C1:D1",), "第 1 行的表头里有合并"),
        ([["住址", None], ["楼", "房"], [1, 101]], ("A1:B1",), "上面几行有合并的格子"),
    ],
)
def test_a_file_without_a_clear_header_says_so(
    rows: list[list[object]], merged: tuple[str, ...], says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        read(*rows, merged=merged)
    assert says in str(caught.value)


def test_csv_from_excel_in_china_is_a_roll_too() -> None:
    data = "楼栋,单元,房号,面积\r\n1号楼,二单元,101,88.67\r\n".encode("gb18030")
    assert roll.read_roll(tables.read(data)).rows == [RollRow("1", "2", "101", 8867)]


def test_what_goes_out_comes_in_again() -> None:
    rows = [RollRow("1", "2", "101", 8867), RollRow("A座", "", "3-201", None)]
    assert roll.read_roll(tables.read(roll.to_xlsx(rows))).rows == rows


def test_rows_travel_signed_and_only_to_their_courtyard() -> None:
    secret = bytes(32)
    rows = [RollRow(f"{n}", "1", "101", 8867 + n) for n in range(5000)]
    packed = roll.pack(rows, "seen", courtyard_id="here", secret=secret)
    assert len(packed) < 200_000  # well below what a form may weigh
    assert roll.unpack(packed, courtyard_id="here", secret=secret) == (rows, "seen")
    for bad, courtyard in (("", "here"), (packed[:-1], "here"), (packed, "elsewhere")):
        with pytest.raises(Invalid):
            roll.unpack(bad, courtyard_id=courtyard, secret=secret)
