"""A plain Word file of headings, paragraphs and tables: the little of Office Open XML it takes.

The same content always gives the same bytes. Source: ECMA-376, parts 1 and 2.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OFFICE = "http://schemas.openxmlformats.org"
_W = f"{_OFFICE}/wordprocessingml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MIMETYPE}.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    '<Relationship Id="rId1" Target="%s" '
    f'Type="{_OFFICE}/officeDocument/2006/relationships/%s"/></Relationships>'
)
_FONTS = '<w:rFonts w:ascii="SimSun" w:hAnsi="SimSun" w:eastAsia="宋体" w:cs="SimSun"/>'
_SIZES = {"Title": ("Title", 36), "Heading1": ("heading 1", 28)}
"""id of a style → its name in Word, and its size in half points"""
_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style>'
)
_BODY_SIZE = 24
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1304" '
    'w:bottom="1304" w:left="1304" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
)
"""A4, margins of 23 mm"""
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class WordFile:
    """A document that grows from top to bottom."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def title(self, text: str) -> None:
        """The line on top."""
        self._parts.append(_paragraph(text, "Title"))

    def heading(self, text: str) -> None:
        """The heading of a section."""
        self._parts.append(_paragraph(text, "Heading1"))

    def paragraph(self, text: str) -> None:
        """One paragraph."""
        self._parts.append(_paragraph(text))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table with its head; every row has a cell for each column."""
        lines = "".join(_row(row) for row in (columns, *rows))
        grid = "<w:gridCol/>" * len(columns)
        self._parts.append(
            '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
            f"<w:tblBorders>{_EDGES}</w:tblBorders></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>{_paragraph('')}"
        )

    def as_bytes(self) -> bytes:
        """The file."""
        body = "".join(self._parts)
        document = f'{_XML}<w:document xmlns:w="{_W}"><w:body>{body}{_PAGE}</w:body></w:document>'
        files = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS % ("word/document.xml", "officeDocument"),
            "word/document.xml": document,
            "word/styles.xml": _styles(),
            "word/_rels/document.xml.rels": _RELATIONS % ("styles.xml", "styles"),
        }
        held = BytesIO()
        with ZipFile(held, "w", ZIP_DEFLATED) as archive:
            for name, text in files.items():
                info = ZipInfo(name, _EPOCH)
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, text.encode())
        return held.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{look}<w:r><w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r></w:p>'


def _row(cells: Sequence[str]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))


def _styles() -> str:
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        '<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/></w:pPr>'
        f'<w:rPr>{_FONTS}<w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        for key, (name, size) in _SIZES.items()
    )
    return (
        f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}'
        f'<w:sz w:val="{_BODY_SIZE}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="80" w:line="360" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        f"</w:docDefaults>{_NORMAL}{named}</w:styles>"
    )
