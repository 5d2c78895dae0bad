"""Every form of the product, filled with rubbish: what is wrong stands on top, with its field."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import make_url

from surveys.base.db import db
from surveys.web import config_of
from tests.browser.tour import STAFF
from tests.house.grounds import Grounds, grounds
from tests.manners import Page

RUBBISH = {"nothing": "", "nonsense": "\u2603 9e99 -1", "too much": "长" * 9_000}
KEPT = {"csrf_token", "back", "to"}
"""fields that are the page's and not the visitor's: they stay as they are"""
UNTOUCHED = {"checkbox", "radio", "file", "submit", "button"}
FIELDS = ("input", "select", "textarea")


@dataclass(frozen=True)
class Sheet:
    """One form of one page, who finds it there, and what is in it."""

    page: str
    who: str
    action: str
    fields: tuple[tuple[str, str, str], ...]
    """(name, type, value)"""

    def filled(self, rubbish: str) -> dict[str, str]:
        """What is sent when this is typed into every field and nothing is ticked."""
        kept = {name: value for name, kind, value in self.fields if kind == "hidden"}
        typed = {name for name, kind, _value in self.fields if kind not in UNTOUCHED | {"hidden"}}
        return {**kept, **dict.fromkeys(typed - KEPT, rubbish)}


class Ground:
    """A demonstration that is put back as it was after each form."""

    def __init__(self, house: Grounds) -> None:
        self.house = house
        self.file = make_url(config_of(house.app).database_url).database or ""
        self.saved = sqlite3.connect(":memory:")
        with sqlite3.connect(self.file) as held:
            held.backup(self.saved)

    def put_back(self) -> None:
        """Undo everything since."""
        with self.house.app.app_context():
            db.session.remove()
            db.engine.dispose()
        with sqlite3.connect(self.file) as held:
            self.saved.backup(held)

    def sheets(self) -> Iterator[Sheet]:
        """Every POST form that the pages of the route map hold, once for each address."""
        seen: set[str] = set()
        for path in self.house.pages():
            for who, form in self._forms(path):
                action = form.get("action") or path
                if form.get("method", "").lower() == "post" and action.lower() not in seen:
                    seen.add(action.lower())
                    yield Sheet(path, who, action, tuple(_fields(form)))

    def _forms(self, path: str) -> Iterator[tuple[str, Any]]:
        for who in STAFF if path.startswith("/desk") else ("resident",):
            answer = self.house.visitor(who).get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield from ((who, form) for form in Page(answer).all("form"))
                return
            answer.close()  # a file that is sent stays open until it is read

    def answer(self, sheet: Sheet, rubbish: str) -> Page | None:
        """The page that comes back; nothing where the form was taken, or a file was sent."""
        visitor = self.house.visitor(sheet.who)
        token = Page(visitor.get(sheet.page)).all("[name=csrf_token]")[0].get("value")
        sent = {**sheet.filled(rubbish), "csrf_token": token}
        answer = visitor.post(sheet.action, data=sent)
        if answer.mimetype == "text/html" and answer.status_code >= 400:
            return Page(answer)
        answer.close()
        return None


def _fields(form: Any) -> Iterator[tuple[str, str, str]]:
    for field in form.cssselect("input[name], select[name], textarea[name]"):
        yield field.get("name"), field.get("type", field.tag), field.get("value") or ""


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
    for sheet in list(ground.sheets()):
        page = ground.answer(sheet, RUBBISH[rubbish])
        ground.put_back()
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
