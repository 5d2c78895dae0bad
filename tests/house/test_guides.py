"""What the documents name exists: files, names in them, links, and what one may type."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click import Command, Group
from flask import Flask

from surveys.config import ROOT

DOCS = sorted(
    path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    if path.is_file()
)
NAMED = re.compile(r"`((?:surveys|tests|templates|docs|static|migrations|bench)/[\w./-]+)`")
ROW = re.compile(r"\| `((?:surveys|tests)/[\w/]+\.py)` \| (.*?) \|")
COMMAND = re.compile(r"flask ([a-z]+)(?: ([a-z][a-z-]*))?")
CODE = re.compile(r"`([A-Za-z_][\w.]*)")


def links(text: str) -> Iterator[str]:
    """Where the document leads on this machine."""
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [to for to in links(text) if not (path.parent / to).exists()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(path: Path) -> None:
    named = NAMED.findall(path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_name_in_the_tables_of_the_developers_guide_stands_in_its_file() -> None:
    rows = ROW.findall((ROOT / "docs" / "developers.md").read_text("utf-8"))
    missing = [
        (file, name)
        for file, said in rows
        for name in CODE.findall(said)
        if name.split(".")[-1] not in (ROOT / file).read_text("utf-8")
    ]
    assert len(rows) > 9
    assert missing == []


def test_every_command_that_a_document_tells_one_to_type_is_there(app: Flask) -> None:
    told = {words for path in DOCS for words in COMMAND.findall(path.read_text("utf-8"))}
    assert ("ballots", "verify") in told
    unknown = [words for words in told if not _is_there(app.cli.commands, *words)]
    assert unknown == []


def _is_there(commands: Mapping[str, Command], name: str, below: str) -> bool:
    """Whether there is such a command; `below` may also be the first word of its arguments."""
    if name == "db":  # Flask-Migrate's own, hung on by an entry point
        return below in {"upgrade", "downgrade"}
    found = commands.get(name)
    return found is not None and (
        not isinstance(found, Group) or below in found.commands or not below
    )
