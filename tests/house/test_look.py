"""The look stays light and honest: what a first visit weighs, what templates may not hold."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string

from surveys.config import ROOT
from tests.house.grounds import Grounds

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").glob("*.css"))
MOST_BYTES = {
    "app.css": 9 * 1024,
    "app.css wall.css": 13 * 1024,
    "app.css paper.css": 11 * 1024,
    "app.js": 2 * 1024,
    "app.js pick.js": 2 * 1024,
    "focus.js": 0.6 * 1024,
    "read.js": 1.5 * 1024,  # fetched by the first tap on 朗读, by no first visit
}


def zipped(name: str) -> int:
    """Bytes of a static file on the wire."""
    return len(gzip.compress((ROOT / "static" / name).read_bytes(), 5))


@pytest.mark.parametrize(("names", "most"), MOST_BYTES.items())
def test_what_a_page_loads_stays_within_its_weight(names: str, most: float) -> None:
    assert sum(zipped(name) for name in names.split()) <= most


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_a_template_says_first_what_it_needs(path: Path) -> None:
    assert path.read_text("utf-8").startswith("{# needs: ")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_all_chinese_of_a_template_goes_through_the_catalogues(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    outside = re.sub(r"_\(\s*(\"[^\"]*\"|'[^']*')", "", source)
    outside = re.sub(r"ngettext\((\s*\"[^\"]*\",){2}", "", outside)
    assert re.findall(r"[\u4e00-\u9fff]+", outside) == []


@pytest.mark.parametrize(
    ("style", "loaded_by"),
    [("wall.css", ["styleguide.html", "wall.html"]), ("paper.css", ["paper.html"])],
)
def test_no_phone_loads_what_only_walls_or_paper_show(style: str, loaded_by: list[str]) -> None:
    assert [path.name for path in TEMPLATES if style in path.read_text("utf-8")] == loaded_by


def test_a_page_carries_the_shapes_that_it_shows_and_no_other(app: Flask) -> None:
    def shapes(body: str) -> list[str]:
        marks = '{% from "parts/marks.html" import icon, mark, state %}'
        with app.test_request_context():
            shown = render_template_string(marks + body)
            carried = render_template("base/_sprite.html", body=shown)
        return re.findall(r'<symbol id="mark-(\w+)"', carried)

    assert shapes("<p>words alone</p>") == []
    assert shapes("{{ mark() }}{{ mark() }}{{ state('so', 'done') }}") == ["stool", "tick"]
    assert shapes('<div hx-get="/live">{{ icon("warn") }}</div>') == shapes('<i hx-post="/"></i>')
    assert len(shapes('<div hx-get="/live"></div>')) == 8  # what comes later may show any


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_a_style_fetches_nothing_and_takes_its_colours_from_the_tokens(path: Path) -> None:
    after_tokens = re.sub(r":root \{.*?\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert "url(" not in after_tokens
    assert "@import" not in after_tokens
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after_tokens)) <= {"#fff", "#8d8577"}  # print: paper


IN_QUOTES = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|_class %\}[^{]*\{|class=[\w-]+")


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_every_class_that_is_styled_is_on_some_page(path: Path) -> None:
    using = [*TEMPLATES, *(ROOT / "static").glob("*.js")]
    quoted = [each for file in using for each in IN_QUOTES.findall(file.read_text("utf-8"))]
    used = {word for each in quoted for word in re.findall(r"[A-Za-z][\w-]*", each)}
    rules = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    styled = set(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r"\{[^{}]*\}", " ", rules)))
    unused = styled - used
    assert {one for one in unused if re.sub(r"\w+$", "", one) not in used} == set()  # size-{{ n }}


PARTS = sorted((ROOT / "templates" / "parts").glob("*.html"))
MACROS = [
    (path.name, name)
    for path in PARTS
    for name in re.findall(r"\{% macro ([a-z]\w*)\(", path.read_text("utf-8"))
]


@pytest.mark.parametrize(("part", "name"), MACROS, ids=lambda one: one)
def test_the_style_guide_shows_every_macro_of_the_parts(part: str, name: str) -> None:
    guide = (ROOT / "templates" / "base" / "styleguide.html").read_text("utf-8")
    (imported,) = re.findall(rf'from "parts/{part}" import ([^%]+) %', guide)
    assert name in imported.split(", ")
    assert re.search(rf"\b{name}\(", guide)


def test_the_style_guide_shows_what_is_right_and_what_is_wrong(demo_house: Grounds) -> None:
    page = demo_house.visitor("organizer").see("/desk/styleguide")
    for state in (
        ".state.done",
        ".state.now",
        ".state.mind",
        ".told.done",
        ".told.mind",
        ".errors",
    ):
        assert page.all(state), state
    for state in ("[aria-invalid=true]", ".choice :checked", ".tally.over", ".rung.now", ".least"):
        assert page.all(state), state
    for kind in (".fill", ".fill.done", ".fill.plain", ".ghost", ".lacking", ".stop", ".heard"):
        assert page.all(f"svg {kind}"), kind


def test_every_picture_has_a_title_a_description_and_its_table(demo_house: Grounds) -> None:
    page = demo_house.visitor("organizer").see("/desk/styleguide")
    pictures = page.all("svg[role=img]")
    assert (
        len(pictures) >= 36
    )  # each of the family as usual, empty, alone, all zeros, full and over
    for picture in pictures:
        assert picture.cssselect("title")[0].text_content().strip()
        assert picture.cssselect("desc")[0].text_content().strip()
        assert [e for e in picture.itersiblings() if e.cssselect("table th")]


def test_all_pictures_of_numbers_are_drawn_by_one_family() -> None:
    drawing = {path.name for path in TEMPLATES if "<rect" in path.read_text("utf-8")}
    assert drawing == {
        "charts.html",
        "pages.html",
        "styleguide.html",
    }  # a tick in its frame; colours
