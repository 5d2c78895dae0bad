"""Take the pictures of docs/gallery that are stale or missing: `.venv/bin/python -m tests.gallery`.

Every page of the route map, in the demonstration, and what comes after a form, at the size of a
phone, of the desk and of a wall. With `--all` every picture is taken anew.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.browser.conftest import DESK, FLAGS, PHONE, WALL, chromium_path
from tests.browser.states import sent_stops
from tests.browser.tour import Stop, Tour, touring
from tests.camera import of_few_colours, window
from tests.gallery import manifest as kept
from tests.gallery.index import write_index
from tests.gallery.manifest import FOLDER, Manifest, Shown
from tests.house.grounds import grounds
from tests.house.noting import noting

VIEWS = {"phone": PHONE, "desk": DESK, "wall": WALL}
WIDTH = {"phone": 240, "desk": 480, "wall": 480}
SCREENS = {"phone": 2.0, "desk": 1.5, "wall": 1.0}
"""so much of a page's length is shown: it is there to be looked at, not to be read to the end"""
COLOURS = 24
ARGUMENT = re.compile(r"<[^>]+>")


def main(options: Sequence[str]) -> None:
    """Bring the folder up to date, and tell what is taken."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    old = Manifest.read()
    with tempfile.TemporaryDirectory() as folder, grounds(Path(folder)) as house:
        with touring(house) as tour, sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            page = window(chromium, PHONE)
            pages = list(_taken(tour, page, {} if "--all" in options else _good(old)))
            chromium.close()
        seen = {shown.address for shown in pages}
        others = [rule for rule in kept.addresses(house.app.url_map) if rule not in seen]
    new = Manifest(pages, others)
    for name in kept.left_over(new):
        (FOLDER / name).unlink()
    new.write()
    write_index(new)


def _good(old: Manifest) -> dict[str, Shown]:
    """The pages of which every picture is there and up to date, by name."""
    gone = set(kept.stale(old))
    for page in old.pages:
        if not all((FOLDER / page.file(size)).exists() for size in kept.SIZES):
            gone.add(page.name)
    return {page.name: page for page in old.pages if page.name not in gone}


def _taken(tour: Tour, page: Page, good: dict[str, Shown]) -> Iterator[Shown]:
    with noting(tour.house.app) as used:
        for name, address, room, stop in _named(tour):
            if name in good:
                yield good[name]
                continue
            sys.stdout.write(f"{name}\n")
            page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
            used.clear()
            tour.go(page, stop)
            page.wait_for_load_state("load")
            templates = sorted(used)
            shown = Shown(name, address, room, stop.who, templates, kept.digest(templates))
            _photograph(page, shown)
            if stop.sends:
                tour.put_back()
            yield shown


def _photograph(page: Page, shown: Shown) -> None:
    """The upper part of the page at each size."""
    for size, view in VIEWS.items():
        page.set_viewport_size({"width": view["width"], "height": view["height"]})
        length = int(page.evaluate("document.documentElement.scrollHeight"))
        height = min(max(length, view["height"]), int(view["height"] * SCREENS[size]))
        clip = {"x": 0, "y": 0, "width": view["width"], "height": height}
        picture = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
        small = of_few_colours(picture, COLOURS, width=WIDTH[size])
        small.save(FOLDER / shown.file(size), optimize=True)


def _named(tour: Tour) -> Iterator[tuple[str, str, str, Stop]]:
    """Each stop with its name, its address on the route map, and its room."""
    times: dict[str, int] = {}
    for stop in [*tour.stops, *sent_stops(tour.house)]:
        address, room = _on_the_map(tour.house.app.url_map, stop)
        plain = ARGUMENT.sub("x", address).strip("/").replace("/", "-") or "front"
        name = plain if address else "not-found"
        times[name] = times.get(name, 0) + 1
        yield (f"{name}-{times[name]}" if times[name] > 1 else name), address, room, stop


def _on_the_map(routes: Map, stop: Stop) -> tuple[str, str]:
    """The rule that answers a stop, and the room that it belongs to; nothing where none does."""
    path, method = (stop.sends.action, "POST") if stop.sends else (urlsplit(stop.path).path, "GET")
    try:
        rule, _arguments = routes.bind("localhost").match(path, method, return_rule=True)
    except HTTPException:
        return "", "base"
    room, _dot, rest = rule.endpoint.partition(".")
    return rule.rule.lower(), room if rest else "base"


if __name__ == "__main__":
    main(sys.argv[1:])
