"""The pictures of docs/gallery: every page has its own, and shows what the page shows today."""

from pathlib import Path

from surveys.factory import create_app
from tests.databases import config
from tests.gallery import manifest as kept
from tests.gallery.manifest import FOLDER, Manifest, Shown

TAKE_THEM = "take them: .venv/bin/python -m tests.gallery"
MOST_BYTES = 10 * 2**20


def test_every_page_of_the_route_map_has_its_pictures(tmp_path: Path) -> None:
    routes = create_app(config(tmp_path, f"sqlite:///{tmp_path}/none.sqlite3")).url_map
    assert list(kept.missing(Manifest.read(), routes)) == [], TAKE_THEM


def test_every_picture_shows_what_the_page_shows_today() -> None:
    assert kept.stale(Manifest.read()) == [], TAKE_THEM


def test_no_picture_is_left_of_a_page_that_is_gone() -> None:
    assert kept.left_over(Manifest.read()) == set(), TAKE_THEM


def test_the_gallery_is_small_enough_to_go_along() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES


def test_a_changed_template_or_stylesheet_makes_a_picture_stale() -> None:
    names = ["base/error.html", "base/root.html"]
    before = kept.digest(names)
    shown = Shown("x", "/x", "base", "nobody", names, before)
    assert kept.stale(Manifest([shown], [])) == []
    other = Shown("y", "/y", "base", "nobody", [*names, "base/front.html"], before)
    assert kept.stale(Manifest([shown, other], [])) == ["y"]
    assert kept.digest(["base/front.html"]) != kept.digest(["base/gone.html"])
    assert kept.digest(reversed(names)) == before


def test_a_new_address_and_a_lost_picture_are_missed(tmp_path: Path) -> None:
    routes = create_app(config(tmp_path, f"sqlite:///{tmp_path}/none.sqlite3")).url_map
    found = Manifest.read()
    page, *others = [page for page in found.pages if page.address]
    alone = [other for other in others if other.address != page.address]
    assert page.address in kept.missing(Manifest(alone, found.no_pages), routes)
    lost = Shown("nowhere", page.address, page.room, page.who, page.templates, page.digest)
    missed = set(kept.missing(Manifest([lost], []), routes))
    assert {"nowhere.phone.png", "nowhere.desk.png", "nowhere.wall.png"} <= missed
