"""Every page of the product in a real browser: contrast, targets, letters, and nothing cut off."""

from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from surveys.web import config_of
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE, WALL, Watch
from tests.browser.tabs import by_tab
from tests.browser.tour import Stop, Tour

pytestmark = pytest.mark.browser

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULER = Path(__file__).with_name("measure.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async ([tags, enhanced]) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
    rules: enhanced ? {"color-contrast-enhanced": {enabled: true}} : {},
  });
  return found.violations.flatMap((rule) => rule.nodes.map(
    (node) => `${rule.id}: ${node.target} ${(node.any[0] || node.none[0] || {}).message || ""}`));
}"""
FINGER_PX, MOUSE_PX = 60, 44
LEAST_TEXT_PX = 18
ENLARGED = 1.5
"""what WeChat's own setting makes of letters"""
ENLARGED_AGAIN = 2 / ENLARGED
"""from there to letters of twice the size, as far as WCAG asks"""
ZOOMED = {"width": 320, "height": 256}
"""the narrowest phone; and what a screen of 1280×1024 is at 400 %"""
WIDE_PHONE = {"width": 414, "height": 896}
ON_ITS_SIDE = {"width": 780, "height": 360}
KEYBOARD_UP = {"width": 360, "height": 360}
SMALL_WALL = {"width": 1366, "height": 768}


@pytest.fixture
def page(chromium: Browser, tour: Tour, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in which no page breaks its own policy, nor fetches anything but htmx elsewhere."""
    locale = getattr(request, "param", "zh-CN")
    context = chromium.new_context(locale=locale, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch()
    watch.over(context)
    yield context.new_page()
    context.close()
    assert watch.complaints == []
    cdn = config_of(tour.house.app).htmx_cdn_url
    assert watch.hosts == {urlsplit(tour.address).netloc, urlsplit(cdn).netloc}


@pytest.fixture
def page_alone(chromium: Browser) -> Iterator[Page]:
    """A narrow window of no site, for pages that are written on the spot."""
    context = chromium.new_context(viewport={"width": 320, "height": 400})
    yield context.new_page()
    context.close()


def axe(page: Page, *, enhanced: bool) -> list[str]:
    page.evaluate(AXE)
    return list(page.evaluate(RUN_AXE, [TAGS, enhanced]))


def of_stop(stop: Stop, *findings: tuple[str, Iterable[str]]) -> list[str]:
    return [f"{stop.path} [{what}] {one}" for what, found in findings for one in found]


def visit(tour: Tour, page: Page, stop: Stop) -> None:
    tour.go(page, stop)
    page.evaluate(RULER)


def ruler(page: Page, what: str, *measure: float | str) -> list[str]:
    return list(page.evaluate(f"([...all]) => measure.{what}(...all) || []", measure))


def resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def sideways(page: Page, size: dict[str, int]) -> list[str]:
    resize(page, size)
    return ruler(page, "sideways")


def by_keyboard(page: Page) -> list[str]:
    """What is amiss for somebody who comes by Tab, at the size that the window has."""
    return by_tab(page) + ruler(page, "moving")


def zoomed(page: Page) -> list[str]:
    """On the narrowest phone, and at 400 %: nothing to the side, and the focus stays in sight."""
    return sideways(page, ZOOMED) + ruler(page, "covered")


def in_the_hand(page: Page) -> list[str]:
    """A larger phone, one that is turned, and one whose keyboard covers half of it."""
    found = sideways(page, WIDE_PHONE) + sideways(page, ON_ITS_SIDE)
    return found + sideways(page, KEYBOARD_UP) + by_keyboard(page)


def as_resident(tour: Tour, page: Page, stop: Stop) -> list[str]:
    resize(page, PHONE)
    visit(tour, page, stop)
    found = of_stop(
        stop,
        ("axe", axe(page, enhanced=True)),
        ("target", ruler(page, "targets", FINGER_PX)),
        ("letters", ruler(page, "smallText", LEAST_TEXT_PX)),
        ("360 px", ruler(page, "sideways")),
        ("in the hand", in_the_hand(page)),
        ("320 px", zoomed(page)),
    )
    page.evaluate("document.documentElement.classList.add('big')")
    found += of_stop(stop, ("big letters", sideways(page, PHONE)))
    found += of_stop(stop, ("big letters, keys up", sideways(page, KEYBOARD_UP)))
    found += of_stop(stop, ("big letters, keys up", ruler(page, "covered")))
    page.evaluate("document.documentElement.classList.remove('big')")
    ruler(page, "enlarge", ENLARGED)
    found += of_stop(stop, ("enlarged", sideways(page, PHONE)))
    ruler(page, "enlarge", ENLARGED_AGAIN)
    return found + of_stop(stop, ("enlarged twice", ruler(page, "sideways")))


def at_the_desk(tour: Tour, page: Page, stop: Stop) -> list[str]:
    resize(page, DESK)
    visit(tour, page, stop)
    return of_stop(
        stop,
        ("axe", axe(page, enhanced=False)),
        ("target", ruler(page, "targets", MOUSE_PX)),
        ("1366 px", sideways(page, DESK)),
        ("keyboard", by_keyboard(page)),
        ("400 %", zoomed(page)),
    )


def on_the_wall(tour: Tour, page: Page, stop: Stop) -> list[str]:
    found: list[str] = []
    for size in (WALL, SMALL_WALL):
        resize(page, size)
        visit(tour, page, stop)
        least = size["height"] / 25
        found += of_stop(
            stop,
            ("letters", ruler(page, "smallText", least)),
            ("cut off", ruler(page, "cutOff")),
        )
    return found + of_stop(stop, ("axe", axe(page, enhanced=True)))


def on_paper(tour: Tour, page: Page, stop: Stop) -> list[str]:
    visit(tour, page, stop)
    return of_stop(stop, ("axe", axe(page, enhanced=False)))


def in_long_words(tour: Tour, page: Page, stop: Stop) -> list[str]:
    resize(page, {"wall": WALL, "desk": ZOOMED}.get(stop.surface, PHONE))
    visit(tour, page, stop)
    assert page.locator("html").get_attribute("lang") == "en"
    if stop.surface == "wall":
        return of_stop(stop, ("cut off", ruler(page, "cutOff")))
    if stop.surface == "desk":
        return of_stop(stop, ("320 px", ruler(page, "sideways")))
    page.evaluate("document.documentElement.classList.add('big')")
    return of_stop(stop, ("big letters", ruler(page, "sideways")))


def none(faults: Iterator[list[str]]) -> None:
    told = [fault for of_a_page in faults for fault in of_a_page]
    assert not told, "\n" + "\n".join(told)


def test_every_page_for_residents_suits_old_eyes_and_thumbs(tour: Tour, page: Page) -> None:
    none(as_resident(tour, page, stop) for stop in tour.of("resident"))


def test_every_page_of_the_desk_can_be_read_and_hit(tour: Tour, page: Page) -> None:
    none(at_the_desk(tour, page, stop) for stop in tour.of("desk"))


def test_every_wall_is_readable_from_ten_metres(tour: Tour, page: Page) -> None:
    none(on_the_wall(tour, page, stop) for stop in tour.of("wall"))


def test_every_sheet_can_be_read_aloud_before_it_is_printed(tour: Tour, page: Page) -> None:
    none(on_paper(tour, page, stop) for stop in tour.of("paper"))


@pytest.mark.parametrize("page", ["en-US"], indirect=True)
def test_english_fits_too(tour: Tour, page: Page) -> None:
    none(in_long_words(tour, page, stop) for stop in tour.stops if stop.surface != "paper")


def test_a_ballot_of_eighteen_items_is_one_sheet_of_paper(tour: Tour, page: Page) -> None:
    sheets = (s for s in tour.of("paper") if "/ballot/" in s.path)
    (stop,) = (sheet for sheet in sheets if "/call-back/" not in sheet.path)
    tour.go(page, stop)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(
    ("what", "bad", "good"),
    [
        (
            "covered",
            "<input><p style='position:fixed;inset:-20px'>over</p>",
            "<input><p>under</p>",
        ),
        ("moving", "<p style='transition: top 1s'>A</p>", "<p>A</p>"),
        ("sideways", "<p style='width: 400px'>A</p>", "<p>A</p>"),
    ],
)
def test_the_ruler_finds_what_is_amiss(page_alone: Page, what: str, bad: str, good: str) -> None:
    for source, is_bad in ((bad, True), (good, False)):
        page_alone.set_content(f"<!doctype html>{source}")
        page_alone.evaluate(RULER)
        assert bool(ruler(page_alone, what)) == is_bad, source
