"""Tables in and out: .xlsx and CSV, read with care, since they come from anybody's computer.

What a file is, its first bytes say; its name is not believed. Reading is bounded: by the size a
workbook unpacks to, by its rows and columns. Every fault is one sentence for whoever sits at the
desk.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from surveys.base.words import N_
from surveys.errors import Invalid

if TYPE_CHECKING:  # openpyxl is imported where it is used: it takes a tenth of every start
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 5_000
MOST_COLUMNS = 30
MOST_UNPACKED = 8 * 1024 * 1024
"""bytes of all parts of a workbook together; 5,000 rows of ten columns take about 2 MB"""
FURTHEST_ROW = 10_000
"""number of the last row that may hold anything, so that a stray cell far below costs nothing"""
MOST_SPANNED = 150_000
"""cells under merged cells and links together: each is built, though the file names only corners"""
WIDEST, LONGEST = 16_384, 1_048_576
"""columns and rows of a whole sheet, where a range names none"""

PARTING = ",\t;，"
LOOKED_AT = 100_000
"""characters of a CSV of which the first lines tell what parts its cells"""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HARMLESS = re.compile(r"^'(?='*[=+\-@\t\r])")
_AS_IF_LIVE = re.compile(r"'*[=+\-@\t\r]")
_SPANNING = frozenset({"mergeCell", "hyperlink"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Kind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FORMULA = "formula"
    BROKEN = "broken"
    """a formula that came to no value, such as #REF!"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text (numbers as a spreadsheet shows them, 15 digits) and what it is."""

    text: str
    kind: Kind = Kind.TEXT


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells joined into one: rows and columns counted from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: rows that hold anything, each with its number as the spreadsheet counts."""

    name: str
    rows: list[tuple[int, list[Cell]]]
    merged: list[Merged]


def read(
    data: bytes,
    most_columns: int = MOST_COLUMNS,
    wanted: Callable[[Table], bool] = lambda table: True,
    *,
    most_rows: int = MOST_ROWS,
    parted_by: str = PARTING,
) -> Table:
    """The first sheet of a file that is wanted; where none is, the first that holds anything.

    Args:
        most_columns: columns beyond are left.
        wanted: tells the sheet that is meant from those that stand before it.
        most_rows: of which a workbook is read up to `FURTHEST_ROW` all the same.
        parted_by: the characters of which one may part the cells of a CSV.

    Raises:
        Invalid: it is no table, is too long, cannot be read, or is empty.
    """
    if data.startswith(b"PK"):
        table = _read_xlsx(data, most_columns, most_rows, wanted)
    else:
        refuse_other_kinds(data)
        table = _read_csv(data, most_columns, most_rows, parted_by)
    if not table.rows:
        raise Invalid(N_("这张表是空的。"))
    return table


_OTHER_KINDS = (
    (
        b"\xd0\xcf\x11\xe0",
        N_("这是老式的 .xls，或者加了密码。请在 Excel 里另存为不带密码的 .xlsx，再交。"),
    ),
    (b"%PDF", N_("这是 PDF，不是表格。请交 .xlsx 或 .csv。")),
    (b"\xff\xd8\xff", N_("这是图片，不是表格。请交 .xlsx 或 .csv。")),
    (b"\x89PNG", N_("这是图片，不是表格。请交 .xlsx 或 .csv。")),
    (b"Rar!", N_("这是压缩包。请先解开，交里面的 .xlsx 或 .csv。")),
    (b"7z\xbc\xaf", N_("这是压缩包。请先解开，交里面的 .xlsx 或 .csv。")),
    (b"<", N_("这其实是一张网页。请用 Excel 打开，另存为 .xlsx，再交。")),
)


def refuse_other_kinds(data: bytes) -> None:
    """Say what a file is that is no table, by its first bytes."""
    start = data.removeprefix(codecs.BOM_UTF8)[:64].lstrip()
    if not start:
        raise Invalid(N_("这个文件是空的。"))
    for mark, say in _OTHER_KINDS:
        if start.startswith(mark):
            raise Invalid(say)


# .xlsx


_BROKEN = N_("这个 .xlsx 坏了，打不开。请用 Excel 打开它，另存一份，再交。")


def _read_xlsx(
    data: bytes, most_columns: int, most_rows: int, wanted: Callable[[Table], bool]
) -> Table:
    mind_the_zip(data)
    first = Table("", [], [])
    for sheet in visible_sheets(data):
        table = read_sheet(sheet, most_columns, most_rows)
        if table.rows and wanted(table):
            return table
        first = first if first.rows else table
    return first


def visible_sheets(data: bytes) -> list["Worksheet"]:
    """The sheets of a workbook that nobody hid, once its zip was looked at."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
        return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # openpyxl stumbles over broken parts with whatever it meets
        raise Invalid(_BROKEN) from error


def mind_the_zip(data: bytes) -> list[str]:
    """Look at what a workbook would become before it is built: that might take all memory.

    Returns the names of its parts, in small letters.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            found = parts.infolist()
            if sum(part.file_size for part in found) > MOST_UNPACKED:
                raise _too_long()
            for part in found:
                with parts.open(part) as stream:
                    _mind_the_part(stream)
    except Invalid:
        raise
    except Exception as error:  # cut short, encrypted, or packed in some odd way
        raise Invalid(_BROKEN) from error
    if not any(part.filename.startswith("xl/") for part in found):
        raise Invalid(N_("这不是 Excel 表格。请交 .xlsx 或 .csv。"))
    return [part.filename.lower() for part in found]


def _mind_the_part(stream: IO[bytes]) -> None:
    """Refuse a sheet that would be built into far more cells than anybody typed.

    Sheets lie anywhere in a workbook and in any encoding: each part is parsed to tell.
    """
    rows = spanned = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal rows, spanned
        tag = name.rpartition(":")[2]
        rows += tag == "row"
        if tag in _SPANNING:
            spanned += _cells_in(attributes.get("ref", ""))
        if rows > FURTHEST_ROW:
            raise _too_long()
        if spanned > MOST_SPANNED:
            raise Invalid(N_("这张表里合并的格子太大了。请取消合并，存好再交。"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with suppress(expat.ExpatError):  # a picture; or a part that nothing else can read either
        parser.ParseFile(stream)


def _refuse_doctype(*_told: object) -> None:
    """No workbook has one, and what it declares might grow without end."""
    raise Invalid(_BROKEN)


def _cells_in(ref: str) -> int:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    wide = (right or WIDEST) - (left or 1) + 1
    return wide * ((bottom or LONGEST) - (top or 1) + 1)


def _too_long(most: int = MOST_ROWS) -> Invalid:
    return Invalid(
        N_("这张表太长了，一次最多 %(most)d 行。下面要是有一大片空行，请删掉再交。"), most=most
    )


def read_sheet(sheet: "Worksheet", most_columns: int, most_rows: int) -> Table:
    """What stands on one sheet of a workbook."""
    if sheet.max_row > FURTHEST_ROW:
        raise Invalid(
            N_("工作表“%(sheet)s”一直拉到了第 %(row)d 行。请删掉下面的空行，存好再交。"),
            sheet=sheet.title,
            row=sheet.max_row,
        )
    rows: list[tuple[int, list[Cell]]] = []
    wide = min(sheet.max_column, most_columns)
    for number, row in enumerate(sheet.iter_rows(max_col=wide), 1):
        cells = [_cell(cell) for cell in row]
        if any(cell.text for cell in cells):
            rows.append((number, cells))
        if len(rows) > most_rows:
            raise _too_long(most_rows)
    merged = [
        Merged(area.min_row, area.max_row, area.min_col, area.max_col)
        for area in sheet.merged_cells.ranges
    ]
    return Table(sheet.title, rows, merged)


def _cell(cell: object) -> Cell:
    value = getattr(cell, "value", None)
    sort = getattr(cell, "data_type", "")
    if value is None:
        return EMPTY
    if sort == "f":
        return Cell(value if isinstance(value, str) else "=", Kind.FORMULA)
    if sort == "e":
        return Cell(str(value), Kind.BROKEN)
    if isinstance(value, (datetime, date, time, timedelta)):
        return Cell(str(value), Kind.DATE)
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, (int, float)):
        return Cell(f"{value:.15g}", Kind.NUMBER)
    return Cell(_HARMLESS.sub("", str(value)))


# CSV


def _read_csv(data: bytes, most_columns: int, most_rows: int, parted_by: str) -> Table:
    text = _decode(data)
    if "\0" in text[:2000]:
        raise Invalid(N_("这不是表格。请交 .xlsx 或 .csv。"))
    rows: list[tuple[int, list[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, parted_by))
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                rows.append((number, [_csv_cell(cell) for cell in row[:most_columns]]))
            if len(rows) > most_rows:
                raise _too_long(most_rows)
    except csv.Error as error:
        raise Invalid(
            N_("这个 CSV 从第 %(row)d 行起读不懂。请用 Excel 打开，另存为 .xlsx，再交。"),
            row=reader.line_num,
        ) from error
    return Table("", rows, [])


def _decode(data: bytes) -> str:
    """By byte order mark, else strict UTF-8, else GB18030 (what Excel writes in China)."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(N_("看不懂这个文件里的字。请用 Excel 打开，另存为 .xlsx，再交。"))


def _delimiter(text: str, parted_by: str) -> str:
    start = "\n".join(text[:LOOKED_AT].splitlines()[:10])
    return max(parted_by, key=start.count)


def _csv_cell(text: str) -> Cell:
    plain = _HARMLESS.sub("", text.strip())
    return Cell(plain, Kind.FORMULA if text.startswith("=") else Kind.TEXT)


# out


Value = str | int | Decimal | datetime | date | None
"""what may stand in a cell that we write; no floats, so that numbers stay exact"""


def harmless(value: Value) -> Value:
    """Text that a spreadsheet would take for a formula, made plain text by an apostrophe."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return "'" + text if _AS_IF_LIVE.match(text) else text


def to_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one sheet: a bold first row that stays in sight, columns wide enough.

    Text is always text: nothing in it is ever computed.
    """
    import openpyxl
    from openpyxl.worksheet.worksheet import Worksheet

    book = openpyxl.Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has one worksheet")
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    fill(sheet, headers, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(sheet: "Worksheet", headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a table on an empty sheet: text as text, the first row bold, columns wide enough."""
    widths = [_width(header) for header in headers]
    for row, values in enumerate(chain([headers], rows), 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, harmless(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, Decimal):
                cell.number_format = "0.00"
            widths[column - 1] = max(widths[column - 1], _width(value))
    _dress(sheet, widths)


def _dress(sheet: "Worksheet", widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for head in sheet[1]:
        head.font = Font(bold=True)
        head.alignment = Alignment(vertical="center")
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, 60)
    sheet.freeze_panes = "A2"


def _width(value: object) -> int:
    """How wide a value is in a column, a Chinese sign counting as two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(value))
