"""Residents' pages speak as the courtyard does: no word that only offices and programs use."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveys.config import ROOT
from tests.house.grounds import Grounds
from tests.manners import Page

INSTEAD: dict[str, str] = json.loads(Path(__file__).with_name("office_words.json").read_text())
"""words that must not appear, each with what to say instead"""
FRAMES = {"base/page.html", "base/wall.html", "base/paper.html"}
"""what residents read stands in one of these"""
TEMPLATES = ROOT / "templates"
MARKED = re.compile(r'\b_\(\s*"([^"]*)"|\bngettext\(\s*"([^"]*)"')
PRESCRIBED = ("按已录入数据",)
"""said so because the law's own words are weighed"""
OF_STAFF = (
    "您已经退出登录了，填的都还在。先去登录，再回到这一页接着交。",
    "去登录（另开一页）",
)
"""stands in a residents' template and is shown to people who signed in"""


def office_words(text: str) -> list[str]:
    """The office words in a text, each with what to say instead."""
    for phrase in PRESCRIBED:
        text = text.replace(phrase, "")
    return [f"{word} → {plain}" for word, plain in INSTEAD.items() if word in text]


def source_of(name: str) -> str:
    return re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text("utf-8"), flags=re.DOTALL)


def templates_for_residents() -> set[str]:
    """Every template that stands in a residents' frame, with all that it brings in."""
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]
    parts = {name: set(re.findall(r'"([\w/]+\.html)"', source_of(name))) for name in names}
    found = {name for name in names if FRAMES & parts[name]}
    waiting = list(found)
    while waiting:
        new = {part for part in parts[waiting.pop()] if part in parts} - found
        found |= new
        waiting += new
    return found


def texts_of(name: str) -> Iterator[str]:
    for one, several in MARKED.findall(source_of(name)):
        yield one or several


@pytest.mark.parametrize("name", sorted(templates_for_residents()))
def test_a_template_for_residents_has_no_office_words(name: str) -> None:
    said = {text: office_words(text) for text in texts_of(name) if text not in OF_STAFF}
    assert {text: words for text, words in said.items() if words} == {}


@pytest.mark.parametrize("who", ["resident", "nobody"])
def test_no_page_that_a_resident_can_open_has_office_words(demo_house: Grounds, who: str) -> None:
    visitor, found, seen = demo_house.visitor(who), {}, 0
    for address in [*demo_house.pages(), "/no-such-page"]:
        if address.startswith(("/desk", "/static")):
            continue
        answer = visitor.get(address, follow_redirects=True)
        if answer.mimetype == "text/html" and not answer.request.path.startswith("/desk"):
            seen += 1
            if words := office_words(Page(answer).text):
                found[address] = words
        answer.close()
    assert seen > 40
    assert found == {}


def test_an_office_word_would_be_found() -> None:
    assert office_words("请提交数据") == ["提交 → 交上", "数据 → 数"]
    assert office_words("按已录入数据，达到法定比例") == []
    assert {"parts/forms.html", "ballots/menu.html", "base/error.html"} <= templates_for_residents()
