"""Every form of the product, filled with rubbish: what is wrong stands on top, with its field."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.grounds import Grounds, grounds
from tests.house.sheets import Sheet, sheets_of
from tests.manners import Page

RUBBISH = {"nothing": "", "nonsense": "\u2603 9e99 -1", "too much": "长" * 9_000}
FIELDS = ("input", "select", "textarea")


class Ground:
    """A demonstration that is put back as it was after each form."""

    def __init__(self, house: Grounds) -> None:
        self.house = house

    def answer(self, sheet: Sheet, rubbish: str) -> Page | None:
        """The page that comes back; nothing where the form was taken, or a file was sent."""
        answer = sheet.filled(rubbish).send(self.house, sheet.page, sheet.who)
        if answer.mimetype == "text/html" and answer.status_code >= 400:
            return Page(answer)
        answer.close()
        return None


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with grounds(tmp_path_factory.mktemp("faults")) as house:
        yield Ground(house)


def faults_of(page: Page) -> list[str]:
    """What is wrong with how a page tells of what is wrong."""
    if page.status == 422 and not page.all(".errors, [role=alert]:not([hidden])"):
        return ["nothing says what is wrong"]
    hrefs = [link.get("href") for link in page.all(".errors a")]
    return [said for href in hrefs if href.startswith("#") for said in _of_link(page, href[1:])]


def _of_link(page: Page, name: str) -> list[str]:
    found = page.all(f'[id="{name}"]')
    if not found:
        return [f"#{name} leads nowhere"]
    (field,) = found
    is_one = field.tag in FIELDS or field.get("role") == "radiogroup"  # a group is never invalid
    wrong = [] if not is_one or field.get("aria-invalid") == "true" else [f"#{name} is not invalid"]
    return wrong + ([] if _is_described(page, field) else [f"#{name} is not described"])


def _is_described(page: Page, field: Any) -> bool:
    named = (field.get("aria-describedby") or "").split()
    return bool(named) and all(page.all(f'[id="{one}"]') for one in named)


@pytest.mark.parametrize(
    "rubbish",
    [name if name == "nothing" else pytest.param(name, marks=pytest.mark.long) for name in RUBBISH],
)
def test_every_form_links_what_is_wrong_to_its_field(ground: Ground, rubbish: str) -> None:
    wrong, refused = {}, 0
    for sheet in list(sheets_of(ground.house)):
        page = ground.answer(sheet, RUBBISH[rubbish])
        ground.house.put_back()
        if page:
            refused += page.status == 422
            assert page.status < 500
            if faults := faults_of(page):
                wrong[sheet.page, sheet.action] = faults
    assert wrong == {}
    assert refused > 40  # the walk went somewhere


@pytest.mark.parametrize("source", ["<p>No.</p>", '<p class="errors"><a href="#a">A</a></p>'])
def test_a_page_that_links_nothing_would_be_found(source: str) -> None:
    class Held(Page):
        def __init__(self) -> None:
            from lxml import html

            self.status, self.tree = 422, html.fromstring(source + '<input id="b">')

    assert faults_of(Held())
