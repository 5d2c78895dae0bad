"""Every picture of a meeting's wall in a real browser, at every size a wall has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.tour import Tour, touring
from tests.house.grounds import grounds
from tests.meetings import gallery
from tests.meetings.gallery import Show

pytestmark = pytest.mark.browser

RULER = Path(__file__).with_name("measure.js").read_text("utf-8")
SIZES = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))
GROWN = SIZES[:2]
"""larger letters: one wall of each shape"""
LEAST = 25
"""the smallest text is one part in so many of the height"""
MAIN = 8
"""and the main figure one in so many"""
WITHOUT_FIGURES = {"planned", "agenda", "announce", "blank", "cancelled"}
LARGEST = """() => Math.max(...[...document.querySelectorAll("b, .said")]
  .filter((e) => !e.closest(".away")).map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
PLACES = """() => [...document.querySelectorAll("#board *")].map((e) => {
  const b = e.getBoundingClientRect(); return [e.tagName, Math.round(b.left), Math.round(b.top)];
})"""


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    with grounds(tmp_path_factory.mktemp("walls")) as house, touring(house) as found:
        yield found


@pytest.fixture(scope="module")
def page(chromium: Browser, tour: Tour) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=True)
    found = context.new_page()
    found.goto(f"{tour.address}/healthz")
    yield found
    context.close()


def put(page: Page, source: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(source)
    page.evaluate(RULER)


def faults(page: Page, sizes: tuple[tuple[int, int], ...]) -> Iterator[str]:
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        for what, measure in (("smallText", [height / LEAST]), ("cutOff", []), ("spilt", [])):
            found: list[Any] = page.evaluate(f"([...all]) => measure.{what}(...all)", measure)
            yield from (f"{width}×{height} [{what}] {one}" for one in found)


@pytest.mark.parametrize("show", gallery.SHOWS, ids=lambda show: show.name)
def test_a_picture_is_readable_from_ten_metres_on_every_wall(
    page: Page, tour: Tour, show: Show
) -> None:
    found = []
    for letters, sizes in ((0, SIZES), (1, GROWN), (2, GROWN)):
        put(page, gallery.markup(tour.house, show, letters=letters), sizes[0])
        found += [f"letters {letters}: {fault}" for fault in faults(page, sizes)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("show", gallery.SHOWS, ids=lambda show: show.name)
def test_the_main_figure_is_an_eighth_of_the_height(page: Page, tour: Tour, show: Show) -> None:
    if show.name in WITHOUT_FIGURES:
        pytest.skip("there is no figure on it")
    for size in GROWN:
        put(page, gallery.markup(tour.house, show), size)
        assert page.evaluate(LARGEST) >= size[1] / MAIN - 0.5


@pytest.mark.parametrize("show", gallery.SHOWS, ids=lambda show: show.name)
def test_a_picture_in_english_stays_on_the_wall(page: Page, tour: Tour, show: Show) -> None:
    put(page, gallery.markup(tour.house, show, language="en"), GROWN[0])
    found = [fault for fault in faults(page, GROWN) if "[spilt]" not in fault]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("name", ["turnout", "code-poll", "poll", "counts", "opinion", "vote"])
def test_nothing_moves_when_a_number_changes(page: Page, tour: Tour, name: str) -> None:
    (show,) = (one for one in gallery.SHOWS if one.name == name)
    source = gallery.markup(tour.house, show)
    put(page, source, SIZES[1])
    before = page.evaluate(PLACES)
    page.evaluate("""() => document.querySelectorAll("#board b").forEach((e) => {
      e.firstChild.data = e.firstChild.data.replace(/[0-9]/g, (d) => (Number(d) + 1) % 10);
    })""")
    assert page.evaluate(PLACES) == before


def test_a_frozen_picture_is_told_from_a_living_one(page: Page, tour: Tour) -> None:
    looks = {}
    for show in gallery.SHOWS:
        if show.name in {"needs", "frozen"}:
            put(page, gallery.markup(tour.house, show), SIZES[1])
            looks[show.name] = page.evaluate(
                "() => [getComputedStyle(document.querySelector('.board')).backgroundColor,"
                " getComputedStyle(document.querySelector('.fill')).fill,"
                " document.querySelectorAll('.frozen').length]"
            )
    living, frozen = looks["needs"], looks["frozen"]
    assert all(one != other for one, other in zip(living, frozen, strict=True))
