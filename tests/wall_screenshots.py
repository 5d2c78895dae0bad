"""Take the pictures of a meeting's wall again: `.venv/bin/python -m tests.wall_screenshots`.

Each is taken on a wall of either shape; other sizes may be named instead, as 1280x720 3840x2160.
They are then put beside these, for a look, and are not kept in the list.
"""

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from surveys.config import ROOT
from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.tour import touring
from tests.camera import of_few_colours
from tests.house.grounds import grounds
from tests.meetings import gallery

FOLDER = ROOT / "docs" / "screenshots" / "walls"
USUAL = ("1920x1080", "1024x768")
COLOURS = 32
HEAD = """# What a meeting's wall looks like

Every picture in the demonstration, taken by `.venv/bin/python -m tests.wall_screenshots` on a wide
wall (1920×1080) and on an old projector (1024×768). Everything in them is made up.
`tests/browser/test_walls.py` measures them at four sizes.

| picture | wide | narrow |
|---|---|---|
"""


def main(sizes: Sequence[str]) -> None:
    """Take every picture at these sizes and write the list of them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        grounds(Path(folder)) as house,
        touring(house) as tour,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page()
        page.goto(f"{tour.address}/healthz")
        for show in gallery.SHOWS:
            page.set_content(gallery.markup(house, show))
            for size in sizes:
                _take(page, show.name, size)
        chromium.close()
    (FOLDER / "README.md").write_text(HEAD + "".join(map(_line, gallery.SHOWS)), "utf-8")


def _line(show: gallery.Show) -> str:
    files = [f"[{size}]({show.name}-{size}.png)" for size in USUAL]
    return f"| {show.shows} | {' | '.join(files)} |\n"


def _take(page: Page, name: str, size: str) -> None:
    width, height = map(int, size.split("x"))
    page.set_viewport_size({"width": width, "height": height})
    few = of_few_colours(page.screenshot(), COLOURS)
    few.save(FOLDER / f"{name}-{size}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:] or USUAL)
