"""Pictures for the documents: windows of a size, and PNGs of few colours."""

import io
from collections.abc import Mapping

from PIL import Image
from playwright.sync_api import Browser, Page

PATIENCE_MS = 60_000


def window(chromium: Browser, size: Mapping[str, int]) -> Page:
    """A Chinese window of this size, with cookies of its own."""
    context = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def of_few_colours(picture: bytes, colours: int, *, width: int = 0) -> Image.Image:
    """A screenshot with `colours` colours, `width` pixels wide if that is said: there are few in
    our pages, and the file is a third as large.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if width:
        image = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
    return image.quantize(colours, dither=Image.Dither.NONE)
