"""The English catalogue: whole, and true to its placeholders; pages in English hold no Chinese."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, meta

from surveys.base.db import db
from surveys.base.language import CATALOGUES
from surveys.config import ROOT
from surveys.menus.models import MenuClass
from tests.ballots.phones import Clock, give_slips, hold_slip, pick, send
from tests.ballots.stage import Stage, opened
from tests.manners import Browser, Page
from tests.world import World

TEMPLATES = ROOT / "templates"
FILE = CATALOGUES / "en" / "LC_MESSAGES" / "messages.po"
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\)\d*)?[sd]")
ON_THEIR_OWN = {
    *("results/_live.html", "results/_wall.html"),
    *("questionnaires/_choices.html", "questionnaires/_text.html"),
}
"""parts that residents see and no page of theirs names"""


@cache
def english() -> Catalog:
    """The catalogue as its file has it."""
    with FILE.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


@cache
def wanted() -> dict[str, set[str]]:
    """Every message id that the program holds now, with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # it has none
    found: dict[str, set[str]] = {}
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    for name, _line, msgid, _comments, _context in extract_from_dir(
        ROOT, methods, options, keywords
    ):
        first = msgid if isinstance(msgid, str) else msgid[0]
        found.setdefault(first, set()).add(name.replace("\\", "/"))
    return found


@cache
def named_by(name: str) -> frozenset[str]:
    """The templates that this one extends, includes or imports."""
    tree = Environment(autoescape=True).parse((TEMPLATES / name).read_text("utf-8"))
    return frozenset(found for found in meta.find_referenced_templates(tree) if found)


@cache
def for_residents() -> frozenset[str]:
    """The files of all templates that make up residents' pages and the wall."""
    every = {str(path.relative_to(TEMPLATES).as_posix()) for path in TEMPLATES.rglob("*.html")}
    found = {n for n in every if {"base/page.html", "base/wall.html"} & named_by(n)}
    found |= ON_THEIR_OWN
    while more := {other for name in found for other in named_by(name)} - found:
        found |= more
    return frozenset(f"templates/{name}" for name in found)


def is_translated(msgid: str) -> bool:
    """Whether English has words for it, in each number where it has numbers."""
    message = english().get(msgid)
    if message is None:
        return False
    return bool(message.string) and all(forms_of(message))


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation in each number; one where it has none."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def ids_of(message: Message) -> tuple[str, ...]:
    """The ids in each number; one where it has none."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def test_every_placeholder_stands_in_the_translation_and_no_other() -> None:
    wrong = [
        form
        for message in english()
        if message.id and any(forms_of(message))
        for form in forms_of(message)
        if sorted(set(PLACEHOLDER.findall(form)))
        != sorted(set(PLACEHOLDER.findall(ids_of(message)[0])))
    ]
    assert wrong == []


def test_a_percent_sign_stands_for_nothing_but_a_placeholder() -> None:
    wrong = [
        form
        for message in english()
        if message.id
        for form in forms_of(message)
        if "%" in PLACEHOLDER.sub("", form).replace("%%", "")
    ]
    assert wrong == []


def test_no_translation_holds_chinese() -> None:
    wrong = [m.id for m in english() if m.id != "中文" and HAN.search("".join(forms_of(m)))]
    assert wrong == []


def test_every_text_for_residents_has_its_english() -> None:
    missing = [
        msgid
        for msgid, files in wanted().items()
        if files & for_residents() and not is_translated(msgid)
    ]
    assert missing == []


def test_nine_in_ten_of_all_texts_have_their_english() -> None:
    done = sum(is_translated(msgid) for msgid in wanted())
    assert done * 10 >= len(wanted()) * 9


def chinese_on(page: Page) -> list[str]:
    """What a reader of English would stumble over; the offer to read Chinese is none of it."""
    elements = [e for e in page.all("*") if isinstance(e.tag, str)]
    texts = [
        text
        for element in elements
        if element.get("lang") != "zh-CN"
        for text in (element.text, element.get("aria-label"), element.get("placeholder"))
    ]
    tails = [element.tail for element in elements]
    return [text.strip() for text in (*texts, *tails) if text and HAN.search(text)]


@pytest.fixture
def stage(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An open ballot whose every name is Latin, and slips for it."""
    for klass in db.session.scalars(db.select(MenuClass)):
        klass.name, klass.say = klass.key, klass.key
    db.session.commit()
    give_slips(app, world)
    Clock(monkeypatch)
    return opened(app, world)


@pytest.fixture
def reader(browser: Browser) -> Browser:
    """A browser whose reader has asked for English."""
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def test_the_front_page_and_the_courtyard_speak_english(reader: Browser, stage: Stage) -> None:
    for address in ("/", "/?code=1", f"/c/{stage.world.code}", "/nowhere"):
        page = reader.see(address)
        assert page.one("html").get("lang") == "en"
        assert chinese_on(page) == []


def test_a_household_reads_its_whole_way_through_a_ballot_in_english(
    reader: Browser, stage: Stage
) -> None:
    hold_slip(reader, stage, 0)
    menu = reader.see(f"/v/{stage.ballot.id}")
    assert menu.says("together no more than")
    looked = pick(reader, stage, "Drains", "Lamps")
    assert looked.says("¥98,000")
    receipt = send(reader, looked)
    assert receipt.says("Building 1, Stairwell 1, 101")
    after = [reader.see(f"{path}/{stage.ballot.id}") for path in ("/v", "/live", "/screen")]
    for page in (menu, looked, receipt, *after):
        assert chinese_on(page) == []
