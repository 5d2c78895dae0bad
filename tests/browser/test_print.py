"""Every page for residents and every sheet as a printer gets it: a real PDF of each is made."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_manners_in_browser import RULER, of_stop, resize, ruler
from tests.browser.tour import Stop, Tour

pytestmark = pytest.mark.browser

A4 = (595, 842)
"""points"""
ROOM = {"width": 658, "height": 980}
"""CSS pixels between the margins of a sheet"""
SHEET = {"width": 794, "height": 1123}
MOST_SHEETS = 12
"""of a page for residents; the longest are a questionnaire at once and the record of a result"""
MOST_PAPERS = 200
"""a sheet for each owner of the demonstration"""
OFTEN_PRINTED = re.compile(r"/(c|result|record|works|needs|menu)/|/figures$|\?again=1$", re.I)
ON_PAPER = """() => {
  const seen = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !e.closest(".away, svg");
  };
  const say = (e, what) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 20)} ${what}`;
  const useless = [...document.querySelectorAll(
    "nav, button, .button, .top, .tongue, .skip, .strip")];
  const boxes = [...document.querySelectorAll("body *")].filter((e) => {
    const over = e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2;
    return over && getComputedStyle(e).overflow !== "visible";
  });
  return [...useless.filter(seen).map((e) => say(e, "is printed")),
    ...boxes.filter(seen).map((e) => say(e, "is cut off"))];
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


def printed(tour: Tour, page: Page, stop: Stop, size: dict[str, int], most: int) -> list[str]:
    """What is wrong with the page on paper: useless things, lost words, wrong or many sheets."""
    page.emulate_media(media="screen")
    resize(page, size)
    tour.go(page, stop)
    page.emulate_media(media="print")
    page.evaluate(RULER)
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sizes = {(round(float(width)), round(float(height))) for width, height in boxes}
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    return of_stop(
        stop,
        ("paper", page.evaluate(ON_PAPER)),
        ("too wide", ruler(page, "sideways") if size is ROOM else []),  # a code may use the margin
        ("size", [] if sizes == {A4} else [str(sizes)]),
        ("sheets", [] if 1 <= sheets <= most else [str(sheets)]),
    )


def none(faults: Iterator[list[str]]) -> None:
    told = [fault for of_a_page in faults for fault in of_a_page]
    assert not told, "\n" + "\n".join(told)


@pytest.mark.parametrize(
    "which", [OFTEN_PRINTED, pytest.param(re.compile(""), marks=pytest.mark.long)], ids=str
)
def test_what_residents_print_is_words_and_figures(
    tour: Tour, page: Page, which: re.Pattern[str]
) -> None:
    stops = [stop for stop in tour.of("resident") if which.search(stop.path)]
    assert len(stops) > 5
    none(printed(tour, page, stop, ROOM, MOST_SHEETS) for stop in stops)


def test_every_sheet_comes_out_of_the_printer_whole(tour: Tour, page: Page) -> None:
    none(printed(tour, page, stop, SHEET, MOST_PAPERS) for stop in tour.of("paper"))
