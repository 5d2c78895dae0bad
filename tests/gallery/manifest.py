"""What the gallery holds, and which of its pictures no longer show what a page shows.

A picture is stale when a template that made its page, or a stylesheet that it wears, has changed:
its words and its looks then may have. Comments and blanks in a template do not count. Made-up data
are not looked at: with others, the page is still the page.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from werkzeug.routing import Map

from surveys.config import ROOT

FOLDER = ROOT / "docs" / "gallery"
FILE = FOLDER / "manifest.json"
SIZES = ("phone", "desk", "wall")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
STYLES = re.compile(r"asset\(\"(\w+\.css)\"\)")


@dataclass(frozen=True)
class Shown:
    """One page of the gallery."""

    name: str
    """what its files are called, before the size"""
    address: str
    """as the route map writes it, with arguments in angle brackets; empty where there is no page"""
    room: str
    who: str
    """who looks at it"""
    templates: list[str]
    """every template that took part in it, sorted"""
    digest: str

    def file(self, size: str) -> str:
        """The picture's name in the folder."""
        return f"{self.name}.{size}.png"


@dataclass(frozen=True)
class Manifest:
    """The pages that have pictures, and the addresses that are opened but are no pages."""

    pages: list[Shown]
    no_pages: list[str]

    def write(self) -> None:
        """Keep it beside the pictures."""
        told = {"pages": [asdict(page) for page in self.pages], "no_pages": self.no_pages}
        FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls) -> "Manifest":
        """The one that is kept; an empty one if there is none."""
        if not FILE.exists():
            return cls([], [])
        told = json.loads(FILE.read_text("utf-8"))
        return cls([Shown(**page) for page in told["pages"]], told["no_pages"])


def digest(templates: Iterable[str]) -> str:
    """12 hexadecimal digits of what these templates say and the stylesheets that they name.

    A template that is gone counts as empty, so that the digest is another one.
    """
    sources = {name: _source(name) for name in sorted(templates)}
    styles = {name for source in sources.values() for name in STYLES.findall(source)}
    parts = [*sources.items(), *((name, _style(name)) for name in sorted(styles))]
    return sha256(json.dumps(parts).encode()).hexdigest()[:12]


@cache
def _source(name: str) -> str:
    file = ROOT / "templates" / name
    text = file.read_text("utf-8") if file.exists() else ""
    return " ".join(COMMENT.sub("", text).split())


@cache
def _style(name: str) -> str:
    return " ".join((ROOT / "static" / name).read_text("utf-8").split())


def stale(manifest: Manifest) -> list[str]:
    """Names of the pages whose pictures show what is no longer so."""
    return [page.name for page in manifest.pages if digest(page.templates) != page.digest]


def missing(manifest: Manifest, routes: Map) -> Iterator[str]:
    """Addresses that nobody has looked at yet, and pictures that are not there."""
    known = {page.address for page in manifest.pages} | set(manifest.no_pages)
    yield from (rule for rule in addresses(routes) if rule not in known)
    for page in manifest.pages:
        yield from (name for name in map(page.file, SIZES) if not (FOLDER / name).exists())


def left_over(manifest: Manifest, folder: Path = FOLDER) -> set[str]:
    """Pictures in the folder that belong to no page."""
    ours = {page.file(size) for page in manifest.pages for size in SIZES}
    return {path.name for path in folder.glob("*.png")} - ours


def addresses(routes: Map) -> list[str]:
    """Every address that can be opened, as the route map writes it; in small letters, since one in
    capitals shows the same.
    """
    return sorted(
        {rule.rule.lower() for rule in routes.iter_rules() if "GET" in (rule.methods or ())}
    )
