"""A browser with manners: reads every page it is given and objects to bad ones.

A page has a title, one h1, unique ids, a language, a token in each POST form, labels on its fields,
and no inline style or script. A part is not a page.
"""

import re
from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from surveys.base.db import db

INLINE = re.compile(r"^on[a-z]+$")
HIDDEN = {"hidden", "submit", "button", "image", "reset"}


class Page:
    """What came back: its status, its text as people see it, and its forms."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.source = response.get_data(as_text=True)
        self.tree = html.fromstring(self.source) if self.source.strip() else None

    @property
    def text(self) -> str:
        """Everything one reads on the page, spaces squeezed out (Chinese needs none)."""
        if self.tree is None:
            return ""
        return re.sub(r"\s+", "", self.tree.text_content())

    def says(self, words: str) -> bool:
        """Whether the page says these words, whatever the line breaks."""
        return re.sub(r"\s+", "", words) in self.text

    def all(self, path: str) -> list[Any]:
        """Elements by CSS selector."""
        return [] if self.tree is None else list(self.tree.cssselect(path))

    def one(self, path: str) -> Any:
        """The one element by CSS selector."""
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} elements match {path}"
        return found[0]

    def form(self, action: str | None = None) -> dict[str, str | list[str]]:
        """The fields of a form as a browser would send them untouched; the first with `action`."""
        forms = [f for f in self.all("form") if f.get("method", "").lower() == "post"]
        if action:
            forms = [f for f in forms if (f.get("action") or "").startswith(action)]
        assert forms, f"no form for {action} on the page"
        boxes = {box.name for box in forms[0].iter("textarea")}
        found: dict[str, str | list[str]] = {}
        for name, sent in forms[0].form_values():
            value = sent.removeprefix("\n") if name in boxes else sent  # as every browser does
            if name in found:
                held = found[name]
                found[name] = [*held, value] if isinstance(held, list) else [held, value]
            else:
                found[name] = value
        return found


class Browser(FlaskClient):
    """Follows nothing by itself; checks the manners of every HTML answer."""

    def open(self, *args: Any, **kw: Any) -> TestResponse:
        """Send one request from outside, sharing neither context nor transaction with the test."""
        if has_app_context():
            db.session.rollback()  # a test that still reads would stand in the writers' queue
        response: TestResponse = Context().run(super().open, *args, **kw)
        if response.mimetype == "text/html" and response.status_code not in {204, 304}:
            check_manners(response)
        return response

    def see(self, address: str, **kw: Any) -> Page:
        """Open a page, going along with redirects."""
        return Page(self.get(address, follow_redirects=True, **kw))

    def send(self, address: str, form: dict[str, Any], *, follow: bool = True, **kw: Any) -> Page:
        """Send a form, going along with redirects unless told otherwise."""
        return Page(self.post(address, data=form, follow_redirects=follow, **kw))


def check_manners(response: TestResponse) -> None:
    """Object to a page or a part that is badly made."""
    source = response.get_data(as_text=True)
    if not source.strip():
        return
    tree = html.fromstring(source)
    where = response.request.path
    is_page = "<!doctype" in source[:200].lower()
    if is_page:
        _check_page(tree, where)
    ids = [str(e.get("id")) for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids)), f"{where}: an id stands twice: {sorted(ids)}"
    for element in tree.iter():
        if isinstance(element.tag, str):
            _check_element(element, where)


def _check_page(tree: Any, where: str) -> None:
    assert tree.findtext(".//title", "").strip(), f"{where}: no title"
    assert len(tree.cssselect("h1")) == 1, f"{where}: {len(tree.cssselect('h1'))} h1"
    assert tree.get("lang"), f"{where}: no language"
    shapes = {f"#{symbol.get('id')}" for symbol in tree.cssselect("symbol")}
    used = {str(use.get("href")) for use in tree.cssselect("use")}
    assert used <= shapes, f"{where}: no shape for {sorted(used - shapes)}"
    late = tree.xpath("//script[@data-htmx]/following::script/@src")
    assert not late, f"{where}: {late} would wait for a CDN that hangs"


def _check_element(element: Any, where: str) -> None:
    assert not element.get("style"), f"{where}: inline style on {element.tag}"
    inline = [name for name in element.attrib if INLINE.match(name)]
    assert not inline, f"{where}: inline handlers {inline}"
    if element.tag == "script":
        assert element.get("src"), f"{where}: inline script"
    if element.tag == "form":
        _check_form(element, where)
    if element.tag in {"input", "select", "textarea"}:
        _check_label(element, where)


def _check_form(form: Any, where: str) -> None:
    assert form.get("action") is not None, f"{where}: a form without action"
    method = form.get("method")
    assert method, f"{where}: a form without method"
    if method.lower() == "post":
        assert form.cssselect("[name=csrf_token]"), f"{where}: a form without its token"


def _check_label(field: Any, where: str) -> None:
    if field.get("type", "text") in HIDDEN:
        return
    labelled = (
        field.get("aria-label")
        or field.get("aria-labelledby")
        or any(a.tag == "label" for a in field.iterancestors())
        or (
            field.get("id")
            and field.getroottree().getroot().cssselect(f'label[for="{field.get("id")}"]')
        )
    )
    assert labelled, f"{where}: field {field.get('name')} has no label"
