"""Pages without anything on them, with faults all over, and those that say that something cannot
be: as easy to read, to hit and to walk through as the full ones.

What refuses, and what residents see of an empty courtyard, is looked at every time; every form
with faults, what comes after a form, and the desk of an empty courtyard with `--long`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import states
from tests.browser.conftest import DESK, PATIENCE_MS, PHONE
from tests.browser.tabs import by_tab
from tests.browser.test_manners_in_browser import (
    FINGER_PX,
    KEYBOARD_UP,
    LEAST_TEXT_PX,
    MOUSE_PX,
    ZOOMED,
    axe,
    none,
    of_stop,
    resize,
    ruler,
    sideways,
    visit,
)
from tests.browser.tour import Stop, Tour, touring
from tests.house.grounds import Grounds, grounds

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """The demonstration, to send forms to."""
    with grounds(tmp_path_factory.mktemp("states")) as found:
        yield found


@pytest.fixture
def tour(house: Grounds) -> Iterator[Tour]:
    """Each test names its own stops."""
    with touring(house) as found:
        yield found


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def amiss(tour: Tour, page: Page, stop: Stop) -> list[str]:
    """What is amiss of one page, for a finger or a mouse, for Tab, and at 400 %."""
    by_hand = stop.surface == "resident"
    resize(page, PHONE if by_hand else DESK)
    visit(tour, page, stop)
    found = of_stop(
        stop,
        ("axe", axe(page, enhanced=by_hand)),
        ("target", ruler(page, "targets", FINGER_PX if by_hand else MOUSE_PX)),
        ("letters", ruler(page, "smallText", LEAST_TEXT_PX) if by_hand else []),
    )
    resize(page, KEYBOARD_UP if by_hand else DESK)
    found += of_stop(stop, ("keyboard", by_tab(page)), ("320 px", sideways(page, ZOOMED)))
    if stop.sends:
        tour.put_back()
    return found


def all_well(tour: Tour, page: Page, stops: Iterable[Stop], *surfaces: str) -> None:
    """Nothing is amiss at those of the stops that are made for these surfaces."""
    wanted = [stop for stop in stops if stop.surface in surfaces]
    assert wanted
    none(amiss(tour, page, stop) for stop in wanted)


def test_a_page_that_refuses_is_as_well_made(tour: Tour, page: Page) -> None:
    stops = [stop for _status, stop in states.refused_stops(tour.house)]
    all_well(tour, page, stops, "resident", "desk")


def test_a_page_that_failed_is_as_well_made(house: Grounds, page: Page, tmp_path: Path) -> None:
    with states.broken(tmp_path, house) as (tour, stops):
        all_well(tour, page, stops, "resident", "desk")


def test_an_empty_courtyard_is_as_well_made_on_a_phone(tour: Tour, page: Page) -> None:
    all_well(tour, page, states.empty_stops(tour.house), "resident")


@pytest.mark.long
def test_an_empty_courtyard_is_as_well_made_at_the_desk(tour: Tour, page: Page) -> None:
    all_well(tour, page, states.empty_stops(tour.house), "desk")


@pytest.mark.long
def test_what_comes_after_a_form_is_as_well_made(tour: Tour, page: Page) -> None:
    all_well(tour, page, states.sent_stops(tour.house), "resident", "desk")


@pytest.mark.long
def test_every_form_with_faults_all_over_is_as_well_made(tour: Tour, page: Page) -> None:
    all_well(tour, page, states.fault_stops(tour.house), "resident", "desk")
