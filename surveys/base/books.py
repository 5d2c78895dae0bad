"""Workbooks of several sheets, in and out; each sheet is read with the care of `tables`."""

import io
from collections.abc import Iterable, Mapping, Sequence

from surveys.base import tables
from surveys.base.tables import MOST_COLUMNS, MOST_ROWS, Table, Value
from surveys.base.words import N_
from surveys.errors import Invalid

Sheet = tuple[Sequence[str], Iterable[Sequence[Value]]]
"""headers and rows"""
Offered = Mapping[str, Mapping[int, Sequence[str]]]
"""sheet → column, counted from 1 → words that a spreadsheet offers there, none with a comma"""
OFFERED_TO = 500
"""the last row where they are offered"""


def read(
    data: bytes, most_columns: int = MOST_COLUMNS, *, most_rows: int = MOST_ROWS
) -> list[Table]:
    """Every visible sheet of a workbook, in order; of one that holds nothing only its name.

    Nothing in a workbook is ever run or fetched. One that brings programs or hangs on other files
    is refused all the same: what its maker sees on the screen is not what stands in it.

    Raises:
        Invalid: it is no workbook, is too long, cannot be read, brings macros or hangs on others.
    """
    if not data.startswith(b"PK"):
        tables.refuse_other_kinds(data)
        raise Invalid(N_("这不是 Excel 表格。请交 .xlsx。"))
    for name in tables.mind_the_zip(data):
        if "vbaproject" in name or "macrosheets/" in name:
            raise Invalid(N_("这个表里带着宏（程序）。请另存为不带宏的 .xlsx，再交。"))
        if "externallinks/" in name:
            say = N_("这个表连着别的文件。请在 Excel 的“数据”里点“编辑链接”，断开，存好再交。")
            raise Invalid(say)
    sheets = tables.visible_sheets(data)
    return [tables.read_sheet(sheet, most_columns, most_rows) for sheet in sheets]


def to_xlsx(sheets: Mapping[str, Sheet], offered: Offered | None = None) -> bytes:
    """A workbook of these sheets by name; text is always text."""
    import openpyxl
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, (headers, rows) in sheets.items():
        tables.fill(book.create_sheet(name), headers, rows)
    for name, columns in (offered or {}).items():
        for column, words in columns.items():
            letter = get_column_letter(column)
            pick = DataValidation("list", formula1=f'"{",".join(words)}"', showErrorMessage=False)
            pick.add(f"{letter}2:{letter}{OFFERED_TO}")
            book[name].add_data_validation(pick)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
