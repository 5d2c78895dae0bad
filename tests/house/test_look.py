"""The look stays light and honest: what a first visit weighs, what templates may not hold."""

import gzip
import re
from pathlib import Path

import pytest

from surveys.config import ROOT
from tests.house.grounds import Grounds

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").glob("*.css"))
MOST_BYTES = {
    "app.css": 9 * 1024,
    "app.css wall.css": 13 * 1024,
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


def test_only_walls_and_the_style_guide_load_the_style_of_walls() -> None:
    naming = [path.name for path in TEMPLATES if "wall.css" in path.read_text("utf-8")]
    assert naming == ["styleguide.html", "wall.html"]


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_a_style_fetches_nothing_and_takes_its_colours_from_the_tokens(path: Path) -> None:
    after_tokens = re.sub(r":root \{.*?\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert "url(" not in after_tokens
    assert "@import" not in after_tokens
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after_tokens)) <= {"#fff", "#8d8577"}  # print: paper


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
    assert len(pictures) >= 7
    for picture in pictures:
        assert picture.cssselect("title")[0].text_content().strip()
        assert picture.cssselect("desc")[0].text_content().strip()
