"""A plain Word file of headings, paragraphs and tables, on A4, in a face that every office has."""

from collections.abc import Iterable, Sequence
from io import BytesIO

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACE = "宋体"
BODY_PT, TITLE_PT, HEADING_PT = 12, 18, 14
A4_MM, MARGIN_MM = (210, 297), 23


class WordFile:
    """A document that grows from top to bottom."""

    def __init__(self) -> None:
        from docx import Document  # as long to import as the rest of a start, and seldom needed
        from docx.shared import Mm

        self._file = Document()
        page = self._file.sections[0]
        page.page_width, page.page_height = (Mm(side) for side in A4_MM)
        page.left_margin = page.right_margin = Mm(MARGIN_MM)
        page.top_margin = page.bottom_margin = Mm(MARGIN_MM)
        for name, size_pt in (
            ("Normal", BODY_PT),
            ("Title", TITLE_PT),
            ("Heading 1", HEADING_PT),
        ):
            self._set(name, size_pt)

    def _set(self, name: str, size_pt: int) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        face = self._file.styles[name].font
        face.name, face.size, face.color.rgb = FACE, Pt(size_pt), RGBColor(0, 0, 0)
        fonts = face.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme goes before the face that is named
        fonts.set(qn("w:eastAsia"), FACE)  # Word looks for the face of Chinese apart

    def title(self, text: str) -> None:
        """The line on top."""
        self._file.add_heading(_clean(text), 0)

    def heading(self, text: str) -> None:
        """The heading of a section."""
        self._file.add_heading(_clean(text), 1)

    def paragraph(self, text: str) -> None:
        """One paragraph."""
        self._file.add_paragraph(_clean(text))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table with its head; every row has a cell for each column."""
        table = self._file.add_table(0, len(columns), "Table Grid")
        for row in (columns, *rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = _clean(text)
        self._file.add_paragraph()

    def as_bytes(self) -> bytes:
        """The file."""
        held = BytesIO()
        self._file.save(held)
        return held.getvalue()


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
