"""QR codes as SVG and PNG: black on white, level Q, the quiet zone of four modules included.

An address in capitals fits the alphanumeric mode, so that the modules are fewer and larger.
"""

import io
from urllib.parse import quote

import png
import qrcode
from qrcode.constants import ERROR_CORRECT_Q

QUIET_ZONE = 4
PIXELS = 12
"""of one module in a PNG: about 440 pixels for a courtyard's code, enough for print at 9 cm"""


def svg(text: str) -> str:
    """The code as one SVG picture without colours of its own other than black and white."""
    matrix = _matrix(text)
    size = len(matrix)
    path = "".join(_runs(row, y) for y, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    found, x = "", 0
    while x < len(row):
        if not row[x]:
            x += 1
            continue
        start = x
        while x < len(row) and row[x]:
            x += 1
        found += f"M{start} {y}h{x - start}v1H{start}z"
    return found


def svg_uri(text: str) -> str:
    """The SVG as an address that stands in `src` of an <img>."""
    picture = svg(text).replace('"', "'")
    return "data:image/svg+xml," + quote(picture, safe=" ='/:-")


def png_bytes(text: str) -> bytes:
    """The code as a PNG of one bit a pixel."""
    rows: list[list[int]] = []
    for row in _matrix(text):
        wide = [0 if dark else 1 for dark in row for _ in range(PIXELS)]
        rows.extend([wide] * PIXELS)
    out = io.BytesIO()
    png.Writer(len(rows), len(rows), greyscale=True, bitdepth=1).write(out, rows)
    return out.getvalue()


def _matrix(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]
