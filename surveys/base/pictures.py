"""Pictures made anew: upright, small, and without anything that the camera wrote beside them.

Nothing of what was sent is kept but the picture itself: no place, no time, no name of a phone.
"""

import io
import threading
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from surveys.base.words import N_
from surveys.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image as Picture_

LONGEST_PX = 1600
"""of the longer side: enough to read a meter or see a crack"""
MOST_BYTES = 12 * 1024 * 1024
"""of one picture, as a phone sends it"""
MOST_PIXELS = 25_000_000
"""of a PNG or a WebP, which is unpacked whole"""
MOST_PIXELS_JPEG = 120_000_000
"""of a JPEG, which is unpacked at a smaller scale"""
FORMATS = ("JPEG", "PNG", "WEBP")
COARSER = (
    (LONGEST_PX, 82),
    (LONGEST_PX, 68),
    (1280, 68),
    (1280, 54),
    (1024, 54),
    (800, 50),
    (640, 46),
    (320, 40),
)
"""longer side and quality, tried in turn where a picture must fit into so many bytes"""

_one_at_a_time = threading.Lock()
"""a large picture takes a hundred megabytes for a moment: never two of them in one process"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    jpeg: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the picture, in hexadecimal."""
        return sha256(self.jpeg).hexdigest()


def made_anew(
    data: bytes,
    name: str,
    *,
    most_kept: int | None = None,
    most_pixels: int = MOST_PIXELS_JPEG,
) -> Picture:
    """The picture in a file, upright, at most `LONGEST_PX` wide and high, as a JPEG.

    The same file gives the same bytes.

    Args:
        name: of the file, to say which one is wrong.
        most_kept: bytes of the JPEG; it is made coarser and smaller until it fits.
        most_pixels: of a JPEG; of others never more than `MOST_PIXELS`.

    Raises:
        Invalid: it is no picture, is too large, or cannot be read.
    """
    if len(data) > MOST_BYTES:
        say = N_("“%(name)s”太大了，一张最多 %(most)d MB。")
        raise Invalid(say, name=name, most=MOST_BYTES >> 20)
    try:
        with _one_at_a_time:
            return _made(data, name, most_kept, most_pixels)
    except Invalid:
        raise
    except Exception as error:  # cut short, or broken in one of many ways
        say = N_("“%(name)s”读不出来。请重新拍一张，或者换一张。")
        raise Invalid(say, name=name) from error


def _made(data: bytes, name: str, most_kept: int | None, most_pixels: int) -> Picture:
    from PIL import Image, ImageOps, UnidentifiedImageError

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
            jpeg = sent.format not in {"PNG", "WEBP"}
            if sent.width * sent.height > (most_pixels if jpeg else MOST_PIXELS):
                raise _too_many_pixels(name)
            sent.thumbnail((LONGEST_PX, LONGEST_PX))  # reads a JPEG at a smaller scale
            upright = ImageOps.exif_transpose(sent)
            return _kept(upright, most_kept)
    except UnidentifiedImageError as error:
        say = N_("“%(name)s”不是照片。请交 JPEG、PNG 或 WebP 的图片。")
        raise Invalid(say, name=name) from error
    except bombs as error:
        raise _too_many_pixels(name) from error


def _too_many_pixels(name: str) -> Invalid:
    return Invalid(N_("“%(name)s”展开来太大了。请缩小一些，或者截个图再交。"), name=name)


def _kept(upright: "Picture_", most_kept: int | None) -> Picture:
    """Painted onto a new sheet: whatever else the file held stays behind."""
    from PIL import Image

    sheet = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        sheet.paste(upright, mask=upright.convert("RGBA").getchannel("A"))
    else:
        sheet.paste(upright.convert("RGB"))
    for longest, quality in COARSER:
        sheet.thumbnail((longest, longest))
        out = io.BytesIO()
        sheet.save(out, "JPEG", quality=quality, optimize=True)
        if most_kept is None or out.tell() <= most_kept:
            break
    return Picture(out.getvalue(), sheet.width, sheet.height)
