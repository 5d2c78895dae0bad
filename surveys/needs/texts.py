"""A file with one text in every row, from anybody's computer: what the rows say, none left out."""

import re

from surveys.base import tables
from surveys.base.tables import Cell, Table

COLUMNS = ("text", "title")
"""the column that is read; where neither stands, the first"""
MOST_TEXTS = 50_000
MOST_COLUMNS = 100

_LABEL = re.compile(
    r"[a-z][a-z_ ]*"
    r"|.{0,6}(?:内容|意见|建议|标题|主题|描述|原话|诉求|问题|留言|文本|序号|编号)"
)


def read_texts(data: bytes, name: str) -> list[str]:
    """The text of every row below the header, as many as there are rows; "" where nothing stands.

    Args:
        name: of the file; cells of a .tsv are parted by tabs alone, since texts hold commas.

    Raises:
        Invalid: it is no table, is too long, cannot be read, or is empty.
    """
    table = tables.read(
        data,
        MOST_COLUMNS,
        most_rows=MOST_TEXTS + 1,
        parted_by="\t" if name.lower().endswith(".tsv") else ",\t",
    )
    column = _column(table)
    above = table.rows[0][0] if column is not None or _is_label(table) else 0
    said = {number: _text(cells, column or 0) for number, cells in table.rows}
    return [said.get(number, "") for number in range(above + 1, table.rows[-1][0] + 1)]


def _column(table: Table) -> int | None:
    heads = [cell.text.strip().lower() for cell in table.rows[0][1]]
    return next((heads.index(name) for name in COLUMNS if name in heads), None)


def _is_label(table: Table) -> bool:
    """Whether the first row names its columns in other words: 意见内容, opinion."""
    first = next((cell.text.strip().lower() for cell in table.rows[0][1]), "")
    return _LABEL.fullmatch(first) is not None


def _text(cells: list[Cell], column: int) -> str:
    return cells[column].text if column < len(cells) else ""
