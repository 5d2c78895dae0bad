"""Tables from anybody's computer: read with care, every fault one sentence."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from surveys.base import tables
from surveys.base.big_tables import csv_pieces
from surveys.base.tables import Kind
from surveys.errors import Invalid


def workbook(*rows: list[object], title: str = "Sheet1") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def texts(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in cells] for _number, cells in tables.read(data).rows]


def test_numbers_are_read_as_a_spreadsheet_shows_them() -> None:
    rows = texts(saved(workbook(["a", 101, 88.67, 0.1 + 0.2, True, None, "b"])))
    assert rows == [["a", "101", "88.67", "0.3", "TRUE", "", "b"]]


def test_rows_keep_the_number_that_the_spreadsheet_shows() -> None:
    found = tables.read(saved(workbook(["a"], [], [None], ["b"])))
    assert [number for number, _cells in found.rows] == [1, 4]


def test_formulas_dates_and_broken_cells_are_told_apart() -> None:
    row = tables.read(saved(workbook(["=1+1", date(2026, 3, 2), "#REF!", "3-2"]))).rows[0][1]
    assert [cell.kind for cell in row] == [Kind.FORMULA, Kind.DATE, Kind.BROKEN, Kind.TEXT]


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    book = workbook(["hidden"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("empty")
    book.create_sheet("roll").append(["here"])
    found = tables.read(saved(book))
    assert (found.name, found.rows[0][1][0].text) == ("roll", "here")


def test_merged_cells_are_reported() -> None:
    book = workbook(["a", "b"], ["c", "d"])
    book.worksheets[0].merge_cells("A1:B1")
    assert tables.read(saved(book)).merged == [tables.Merged(1, 1, 1, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_that_excel_writes(encoding: str, delimiter: str) -> None:
    text = "楼栋,单元,房号,面积\r\n1,2,101,88.67\r\n".replace(",", delimiter)
    assert texts(text.encode(encoding)) == [
        ["楼栋", "单元", "房号", "面积"],
        ["1", "2", "101", "88.67"],
    ]


def test_a_formula_in_csv_is_a_formula() -> None:
    row = tables.read(b"=1+1,a\n").rows[0][1]
    assert row[0].kind is Kind.FORMULA


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (50 * 1024 * 1024))
    assert len(out.getvalue()) < 100_000
    return out.getvalue()


def _broken_inside() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook>")
    return out.getvalue()


def _far_below() -> bytes:
    book = workbook(["a"])
    book.worksheets[0].cell(1_000_000, 1, "far")
    return saved(book)


BAD = {
    "nothing": (b"", "这个文件是空的"),
    "spaces": (b"\xef\xbb\xbf \r\n ", "这个文件是空的"),
    "empty sheet": (saved(workbook()), "这张表是空的"),
    "old excel or a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "老式的 .xls"),
    "pdf": (b"%PDF-1.7\n\x80", "这是 PDF"),
    "photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF", "这是图片"),
    "rar": (b"Rar!\x1a\x07", "压缩包"),
    "web page": (b"\n<html><table>", "一张网页"),
    "word": (_docx(), "这不是 Excel 表格"),
    "cut short": (saved(workbook(["a"]))[:200], "坏了，打不开"),
    "broken inside": (_broken_inside(), "坏了，打不开"),
    "bomb": (_bomb(), "太长了，一次最多 5000 行"),
    "cell far below": (_far_below(), "一直拉到了第 1000000 行"),
    "100,000 rows of csv": (b"1,1,101,88.67\n" * 100_000, "太长了，一次最多 5000 行"),
    "neither encoding": (b"\x81\x20\xff\xff\xff", "看不懂这个文件里的字"),
    "binary": (b"\0\1\2\3" * 100, "这不是表格"),
    "unclosed quote": (b'a,"' + b"x" * 200_000, "CSV"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name: str) -> None:
    data, says = BAD[name]
    with pytest.raises(Invalid, match=says):
        tables.read(data)


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK", b"PK\x03\x04", b"\xff\xfe"]))
def test_any_bytes_are_read_or_refused_but_never_fail(data: bytes, start: bytes) -> None:
    try:
        found = tables.read(start + data)
    except Invalid:
        return
    assert found.rows


GOOD = saved(workbook(["楼栋", "房号", "面积"], [1, 101, 88.67]))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8))
@settings(deadline=None)
def test_a_damaged_workbook_is_read_or_refused_but_never_fails(
    damage: list[tuple[int, int]],
) -> None:
    data = bytearray(GOOD)
    for at, value in damage:
        data[at] = value
    with suppress(Invalid):
        tables.read(bytes(data))


def test_a_hundred_thousand_rows_are_refused_at_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"<s>" + b"<row/>" * 100_000 + b"</s>")
    start = time.perf_counter()
    with pytest.raises(Invalid, match="太长了"):
        tables.read(out.getvalue())
    assert time.perf_counter() - start < 1


def repacked(data: bytes, old: str, new: str, encoding: str = "utf-8") -> bytes:
    """A workbook whose first sheet says `new` instead of `old`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w") as packed:
        for name in parts.namelist():
            part = parts.read(name)
            if name.endswith("sheet1.xml"):
                part = part.decode().replace(old, new).encode(encoding)
            packed.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    "span",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<mergeCells count="1"><mergeCell ref="A1&#58;XFD1048576"/></mergeCells>',
        '<mergeCells count="1"><mergeCell ref="A:XFD"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_one_merged_cell_over_the_whole_sheet_does_not_fill_the_memory(
    span: str, encoding: str
) -> None:
    data = repacked(saved(workbook(["a"])), "</sheetData>", f"</sheetData>{span}", encoding)
    began = time.monotonic()
    with pytest.raises(Invalid, match="合并的格子太大"):
        tables.read(data)
    assert time.monotonic() - began < 1


def test_a_workbook_that_declares_its_own_words_is_refused() -> None:
    grown = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    with pytest.raises(Invalid, match="坏了"):
        tables.read(repacked(saved(workbook(["a"])), "<worksheet", grown))


def test_what_is_written_can_be_read_again() -> None:
    data = tables.to_xlsx(
        "花名册: 1/2", ["楼栋", "面积"], [["1", Decimal("88.67")], ["=1+1", None], ["\0a", 3]]
    )
    assert texts(data) == [["楼栋", "面积"], ["1", "88.67"], ["=1+1", ""], ["a", "3"]]
    assert texts(b"".join(csv_pieces(["楼栋"], [["=1+1"], ["-3"], [5]]))) == [
        ["楼栋"],
        ["=1+1"],
        ["-3"],
        ["5"],
    ]


@settings(deadline=None)
@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_nothing_that_goes_out_is_ever_computed(sign: str, rest: str) -> None:
    assert not str(tables.harmless(sign + rest)).startswith(("=", "+", "-", "@", "\t", "\r"))
    sheet = openpyxl.load_workbook(io.BytesIO(tables.to_xlsx("t", ["a"], [[sign + rest]]))).active
    assert isinstance(sheet, Worksheet)
    assert sheet["A2"].data_type == "s"
    assert str(sheet["A2"].value).startswith("'")
