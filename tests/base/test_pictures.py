"""Pictures are made anew: upright, small, and with nothing of the camera in them."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from surveys.base import pictures
from surveys.base.pictures import LONGEST_PX, made_anew
from surveys.errors import Invalid

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def file(image: Image.Image, kind: str, **more: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    """What was made."""
    return Image.open(io.BytesIO(jpeg))


def from_a_phone() -> bytes:
    """A picture that lies on its side and says where it was taken, with what, and a word."""
    image = Image.new("RGB", (40, 20), "white")
    image.paste((200, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "A phone"
    exif.get_ifd(GPS).update({1: "N", 2: (34.0, 45.0, 12.0), 3: "E", 4: (113.0, 37.0, 0.0)})
    return file(image, "JPEG", exif=exif, comment=b"Zhang San", quality=95)


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    sent = from_a_phone()
    assert opened(sent).getexif().get_ifd(GPS), "the camera did write it"
    made = made_anew(sent, "a.jpg")
    kept = opened(made.jpeg)
    assert dict(kept.getexif()) == {}
    assert not kept.getexif().get_ifd(GPS)
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"A phone", b"Zhang San", b"Exif"):
        assert trace not in made.jpeg
    assert (kept.width, kept.height) == (made.width, made.height) == (20, 40)
    top, bottom = kept.getpixel((10, 5)), kept.getpixel((10, 35))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 100 < bottom[1], "red on the left is on top now"


def test_what_a_png_or_a_webp_tells_is_gone_too() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Zhang San")
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    png = file(image, "PNG", pnginfo=note)
    made = made_anew(png, "a.png")
    assert b"Zhang San" not in made.jpeg
    assert opened(made.jpeg).getpixel((5, 5)) == (255, 255, 255), "nothing shines through"
    webp = file(Image.new("RGB", (30, 30), "red"), "WEBP", xmp=b"<x>Zhang San</x>")
    assert b"Zhang San" not in made_anew(webp, "a.webp").jpeg


@pytest.mark.parametrize(
    ("size", "kept"),
    [((3200, 1600), (1600, 800)), ((900, 3600), (400, 1600)), ((30, 20), (30, 20))],
)
def test_a_large_one_is_made_small_and_a_small_one_stays(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        made = made_anew(file(Image.new("RGB", size, "red"), kind), "a")
        assert (made.width, made.height) == kept
        assert max(opened(made.jpeg).size) <= LONGEST_PX


def test_the_same_picture_is_the_same_bytes() -> None:
    assert made_anew(from_a_phone(), "a").digest == made_anew(from_a_phone(), "b").digest


def bomb() -> bytes:
    """A small file that says it is 30,000 wide and high."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        out += struct.pack(">I", len(data)) + name + data
        out += struct.pack(">I", zlib.crc32(name + data))
    return out


def test_what_cannot_be_kept_is_said_with_the_name_of_the_file() -> None:
    whole = from_a_phone()
    wrong = [
        (b"", "不是照片"),
        (b"GIF89a" + bytes(50), "不是照片"),
        ("说明.docx".encode() * 20, "不是照片"),
        (file(Image.new("RGB", (9, 9)), "GIF"), "不是照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是照片"),
        (whole[: len(whole) // 2], "读不出来"),
        (bomb(), "展开来太大了"),
        (file(Image.new("1", (6_000, 5_000)), "PNG"), "展开来太大了"),
        (whole + bytes(pictures.MOST_BYTES), "一张最多 12 MB"),
    ]
    for data, fault in wrong:
        with pytest.raises(Invalid, match=fault) as refused:
            made_anew(data, "IMG_2.jpg")
        assert "IMG_2.jpg" in str(refused.value)
