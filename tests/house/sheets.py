"""The forms of the product: where each stands, what is in it, and what is sent in its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from tests.house.grounds import Grounds
from tests.manners import Page

STAFF = ("organizer", "administrator", "clerk", "supervisor", "nobody")
"""who is tried in turn for a page of the desk; `nobody` may sign in"""
KEPT = {"csrf_token", "back", "to"}
"""fields that are the page's and not the visitor's: they stay as they are"""
UNTOUCHED = {"checkbox", "radio", "file", "submit", "button"}
Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Sent:
    """What is sent from a page, past what a browser itself would refuse."""

    action: str
    typed: Typed = field(default_factory=dict, hash=False)
    """without the token: that of the page goes along, unless it is named here"""
    files: tuple[tuple[str, str, bytes], ...] = ()
    """field, name of the file, content"""

    def send(self, house: Grounds, page: str, who: str) -> TestResponse:
        """Open the page and send it, as a browser without scripts."""
        visitor = house.visitor(who)
        tokens = Page(visitor.get(page)).all("[name=csrf_token]")
        token = {"csrf_token": tokens[0].get("value")} if tokens else {}
        files = {name: (BytesIO(data), called) for name, called, data in self.files}
        return visitor.post(self.action, data={**token, **self.typed, **files})


@dataclass(frozen=True)
class Sheet:
    """One form of one page, who finds it there, and what is in it."""

    page: str
    who: str
    action: str
    fields: tuple[tuple[str, str, str], ...]
    """(name, type, value)"""

    def filled(self, typed: str) -> Sent:
        """What is sent when this is typed into every field and nothing is ticked."""
        kept = {
            name: value
            for name, kind, value in self.fields
            if kind == "hidden" and name != "csrf_token"
        }
        open_ = {name for name, kind, _value in self.fields if kind not in UNTOUCHED | {"hidden"}}
        return Sent(self.action, {**kept, **dict.fromkeys(open_ - KEPT, typed)})


def sheets_of(house: Grounds) -> Iterator[Sheet]:
    """Every POST form that the pages of the route map hold, once for each address."""
    seen: set[str] = set()
    for path in house.pages():
        for who, form in _forms(house, path):
            action = form.get("action") or path
            if form.get("method", "").lower() == "post" and action.lower() not in seen:
                seen.add(action.lower())
                yield Sheet(path, who, action, tuple(_fields(form)))


def _forms(house: Grounds, path: str) -> Iterator[tuple[str, Any]]:
    for who in STAFF if path.startswith("/desk") else ("resident",):
        answer = house.visitor(who).get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield from ((who, form) for form in Page(answer).all("form"))
            return
        answer.close()  # a file that is sent stays open until it is read


def _fields(form: Any) -> Iterator[tuple[str, str, str]]:
    for one in form.cssselect("input[name], select[name], textarea[name]"):
        yield one.get("name"), one.get("type", one.tag), one.get("value") or ""
