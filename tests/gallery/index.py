"""The pages on which the gallery is looked through: one a room, and one that leads to them."""

from collections.abc import Sequence
from itertools import groupby

from tests.gallery.manifest import FOLDER, SIZES, Manifest, Shown

HEAD = """# Every page, at three sizes

Every page of the route map in the demonstration: on a phone (360×780), at the desk (1366×768) and
on a wall (1920×1080), the upper part of each, made small. `.venv/bin/python -m tests.gallery` takes
those that are stale or missing; `tests/house/test_gallery.py` says which those are. Everything in
them is made up. What was seen in them and mended stands in [looked-at.md](../looked-at.md);
larger pictures of the main pages stand in [screenshots](../screenshots/README.md).

| room | pages |
|---|---|
"""
COLUMNS = "| page | phone | desk | wall |\n|---|---|---|---|\n"


def write_index(manifest: Manifest) -> None:
    """Write docs/gallery/README.md and a page for each room, and take away those of rooms gone."""
    for old in FOLDER.glob("*.md"):
        old.unlink()
    lines = []
    by_room = sorted(manifest.pages, key=lambda page: (page.room, page.name))
    for room, found in groupby(by_room, key=lambda page: page.room):
        pages = list(found)
        lines.append(f"| [{room}]({room}.md) | {len(pages)} |\n")
        (FOLDER / f"{room}.md").write_text(_of_room(room, pages), "utf-8")
    (FOLDER / "README.md").write_text(HEAD + "".join(lines), "utf-8")


def _of_room(room: str, pages: Sequence[Shown]) -> str:
    rows = "".join(
        f"| `{page.address or 'no such page'}`, {page.who} | "
        + " | ".join(f"![{size}]({page.file(size)})" for size in SIZES)
        + " |\n"
        for page in pages
    )
    return f"# {room}\n\n[All rooms](README.md)\n\n{COLUMNS}{rows}"
