"""No text stands outside the catalogues: with foreign data and marked texts no Chinese is left."""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from surveys.config import ROOT
from tests.house.grounds import Grounds, grounds

HAN = re.compile(r"[\u3400-\u9fff]")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
KEPT_DAYS = re.compile(r"\d+ 月 \d+ 日")
"""in the lines of minutes, which are written down in the language of the place"""


@pytest.fixture(scope="module")
def foreign_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """The demonstration with every Chinese character of its data written in Latin."""
    folder = tmp_path_factory.mktemp("foreign")
    with grounds(folder, pseudo_locale=True) as found:
        _write_latin(folder / "test.sqlite3")
        yield found


def _latin(text: str) -> str:
    """Each Chinese character as the number of its code point, so that names stay different."""
    return HAN.sub(lambda found: f"{ord(found[0]):x}", text)


def _write_latin(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.create_function("latin", 1, _latin, deterministic=True)
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f"DROP TRIGGER {name}")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = database.execute(f"PRAGMA table_info({table})").fetchall()
            for column in (c[1] for c in columns if c[2].upper().startswith(("VARCHAR", "TEXT"))):
                database.execute(
                    f'UPDATE "{table}" SET "{column}" = latin("{column}") '
                    f"WHERE typeof(\"{column}\") = 'text' AND \"{column}\" GLOB '*[㐀-鿿]*'"
                )
        database.execute("UPDATE catalogue_state SET revision = 2")  # so that it is read anew


@cache
def shipped() -> str:
    """The content of the templates that ship: data to choose from, not words of the program."""
    files = sorted((ROOT / "surveys").glob("*/templates/*.json"))
    return "\n".join(file.read_text("utf-8") for file in files)


def left_over(source: str) -> list[str]:
    """Chinese texts of a page that no catalogue was asked for, words in attributes included."""
    tree = html.fromstring(source)
    texts = [t for t in tree.itertext() if t.strip()]
    texts += [
        value
        for element in tree.iter()
        if isinstance(element.tag, str)
        for name, value in element.attrib.items()
        if name in {"alt", "title", "aria-label", "placeholder"} or name.startswith("data-")
    ]
    whole = "\n".join(texts)
    found = 1
    while found:  # a marked text may hold another one
        whole, found = MARKED.subn("", whole)
    lines = [line.strip() for line in whole.splitlines() if HAN.search(line)]
    return [line for line in lines if line not in shipped()]


@pytest.mark.parametrize("who", ["resident", "organizer", "supervisor", "administrator"])
def test_every_text_passes_the_catalogues(foreign_house: Grounds, who: str) -> None:
    visitor = foreign_house.visitor(who)
    found = {}
    for address in foreign_house.pages():
        answer = visitor.get(address, follow_redirects=True)
        if answer.mimetype == "text/html" and answer.status_code not in {204, 304}:
            source = answer.get_data(as_text=True)
            left = left_over(KEPT_DAYS.sub("", source) if "/minutes" in address else source)
            if left:
                found[address] = left[:4]
        answer.close()
    assert found == {}


def test_a_text_outside_the_catalogues_would_be_found() -> None:
    assert left_over("<p>⟦在里面⟧</p><p title='也在外面'>在外面</p>") == ["在外面", "也在外面"]
