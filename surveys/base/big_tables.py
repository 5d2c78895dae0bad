"""Tables of any length, written row by row: they take no more memory the longer they are."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from surveys.base.tables import Value, harmless

ROWS_AT_ONCE = 500
WIDEST = 60
"""signs; a sheet that is written row by row must know its widths before"""


def csv_pieces(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A CSV with a byte order mark, so that Excel reads its Chinese, piece by piece."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(header) for header in headers])
    yield codecs.BOM_UTF8
    for n, row in enumerate(rows, 1):
        writer.writerow([harmless(value) for value in row])
        if n % ROWS_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


class Book:
    """A workbook that is written into a file: `with Book(file) as book: book.sheet(…)`."""

    def __init__(self, file: Path) -> None:
        import openpyxl

        self._file = file
        self._book: Any = openpyxl.Workbook(write_only=True)

    def __enter__(self) -> "Book":
        return self

    def sheet(
        self, title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]], width: int = 14
    ) -> None:
        """Write one sheet: its heads stay in sight, text is always text."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for column in range(1, len(headers) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST)
        heads = [WriteOnlyCell(sheet, str(harmless(header))) for header in headers]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in rows:
            sheet.append([harmless(value) for value in row])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _fault: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        if kind is None:
            self._book.save(self._file)
        else:  # the parts written so far lie in a folder of their own, which goes with the sheets
            for sheet in self._book.worksheets:
                sheet.close()
