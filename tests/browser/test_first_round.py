"""From nothing to the poster, by the words of the guide alone: docs/organizers.md."""

from pathlib import Path

from playwright.sync_api import Browser

from surveys.base import clock
from surveys.demo import addresses
from tests.browser.conftest import Served, serving
from tests.browser.first_round import Walker, guide, walk
from tests.browser.path import scanned
from tests.browser.window import Window

MINUTES = 20
"""of one person, as docs/trials.md counts them; the machine and installing come on top"""


def test_one_person_gets_from_an_empty_house_to_a_poster_by_the_words_of_the_guide(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path, chromium, cdn="") as served:
        with served.app.app_context():
            told = list(addresses.of_empty(clock.now()))
        walker = Walker(served.desktop())
        walk(walker, served.address, addresses.FIRST_ACCOUNT, told[-1].what.split()[-1])
        assert sum(step.of_a_person for step in walker.steps) < MINUTES
        _scan(served, walker)
        assert served.complaints == []


def _scan(served: Served, walker: Walker) -> None:
    """The poster's code leads a phone to the questionnaire."""
    (found,) = scanned(walker.page.locator(".poster"))
    phone = Window(served.phone(), touch=True)
    phone.see(found.lower())
    phone.follow("去答问卷")
    phone.heads("改造意愿调查")


def test_the_guide_numbers_its_steps_in_order() -> None:
    assert [step.number for step in guide()] == [1, 2, 3, 4, 5, 6]
