"""Which way imports run: the four rules of docs/architecture.md, each shown to be able to fail."""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from surveys.rooms import ROOMS

ROOT = Path(__file__).resolve().parents[2]
ORDER = ("counting", "base", *ROOMS)
"""a room imports only from those before it"""

RULES, MODELS, SERVICE, FORMS, OUTSIDE = range(5)
"""layers inside a room; OUTSIDE is how it is shown: views and commands"""

WEB = {"flask", "wtforms", "werkzeug", "markupsafe", "jinja2"}
KNOW_THE_WEB = {
    "surveys.factory",
    "surveys.rooms",
    "surveys.web",
    "surveys.serving",
    "surveys.cli",
    "surveys.base.commands",
    "surveys.base.forms",
    "surveys.base.hx",
    "surveys.base.language",
    "surveys.base.sample_forms",
    "surveys.base.show",
    "surveys.base.turns",
    "surveys.accounts.access",
    "surveys.courtyards.device",
}
ABOVE_ALL = {"surveys.factory", "surveys.rooms", "surveys.serving", "surveys.tick", "surveys.cli"}
IMPURE = {"random", "secrets", "time", "uuid", "os", "sqlalchemy", "flask_sqlalchemy"}
ASKING_THE_TIME = {"now", "utcnow", "today"}


@dataclass(frozen=True)
class Module:
    """One file of the product, as imports see it."""

    name: str
    source: str
    known: frozenset[str]
    """names of all modules, to tell `from room import module` from `from module import thing`"""

    @property
    def parts(self) -> list[str]:
        """The name without the product's own, such as [room, module]."""
        return self.name.split(".")[1:]

    @property
    def tree(self) -> ast.Module:
        """What the file says."""
        return ast.parse(self.source)


def imported(module: Module) -> Iterator[str]:
    """Full names of the modules that this one imports, wherever in the file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.name.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in module.known else base


def room_of(name: str) -> str | None:
    """The room that a module stands in; None for the modules beside the rooms."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "surveys" and parts[1] in ORDER else None


def layer_of(name: str) -> int:
    """How far out in its room a module stands, by its name."""
    last = name.split(".")[-1]
    if last in {"views", "cli"} or last.endswith("_views"):
        return OUTSIDE
    if last == "forms" or last.endswith("_forms"):
        return FORMS
    if last == "models" or last.endswith("_models"):
        return MODELS
    return {"rules": RULES, "conditions": RULES}.get(last, SERVICE)


def knows_the_web(name: str) -> bool:
    """Whether Flask may be known here."""
    room = room_of(name)
    return name in KNOW_THE_WEB or (room not in {None, "base"} and layer_of(name) >= FORMS)


# --- the rules: each names the faults of one module ----------------------------------------------


def outward(module: Module) -> list[str]:
    """Inside a room: views, cli → forms → service → models → rules; also toward other rooms."""
    room, own = room_of(module.name), layer_of(module.name)
    if room in {None, "base", "counting"}:
        return []
    faults = []
    for name in imported(module):
        to, there = room_of(name), layer_of(name)
        if to in {None, "base", "counting"} or name == f"surveys.{to}":
            continue
        beside = there == OUTSIDE and (to != room or name.split(".")[-1] in {"views", "cli"})
        hangs_there = module.name.endswith("_views") and name == f"surveys.{room}.views"
        if there > own or (beside and not hangs_there):
            faults.append(f"{module.name} imports {name}, which stands further out")
    return faults


def downward(module: Module) -> list[str]:
    """Between rooms: only toward those before it; nobody imports what opens the whole house."""
    room = room_of(module.name)
    if room is None:
        return []
    faults = [
        f"{module.name} imports {name}, a room further down"
        for name in imported(module)
        if (to := room_of(name)) and ORDER.index(to) > ORDER.index(room)
    ]
    if room != "demo":
        faults += [
            f"{module.name} imports {name}, which knows every room"
            for name in imported(module)
            if name in ABOVE_ALL
        ]
    if room == "counting":
        faults += [f"{module.name} imports {name}" for name in imported(module) if _foreign(name)]
    return faults


def _foreign(name: str) -> bool:
    """Whether pure counting may not know of it: anything but itself and the standard library."""
    if name.startswith("surveys"):
        return room_of(name) != "counting"
    return name.split(".")[0] not in sys.stdlib_module_names


def webless(module: Module) -> list[str]:
    """Flask and WTForms are known at the edges only; to base/db, Flask-SQLAlchemy alone."""
    if knows_the_web(module.name):
        return []
    allowed = {"flask_sqlalchemy"} if module.name == "surveys.base.db" else set()
    return [
        f"{module.name} knows of {name}"
        for name in imported(module)
        if (top := name.split(".")[0]) not in allowed
        and (top in WEB or top.startswith("flask_") or name in KNOW_THE_WEB)
    ]


def without_sql(module: Module) -> list[str]:
    """SQLAlchemy and the database are unknown to views: they call a service."""
    last = module.name.split(".")[-1]
    if last != "views" and not last.endswith("_views"):
        return []
    return [
        f"{module.name} knows of {name}"
        for name in imported(module)
        if name.split(".")[0] in {"sqlalchemy", "flask_sqlalchemy"} or name == "surveys.base.db"
    ]


def pure(module: Module) -> list[str]:
    """Rules and proposals know no clock, no chance and no database."""
    proposes = ".needs.proposals." in module.name
    if room_of(module.name) != "counting" and layer_of(module.name) != RULES and not proposes:
        return []
    faults = [
        f"{module.name} knows of {name}"
        for name in imported(module)
        if name.split(".")[0] in IMPURE or name in {"surveys.base.db", "surveys.base.clock"}
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ASKING_THE_TIME:
            faults.append(f"{module.name}:{node.lineno} asks the time")
    return faults


RULES_OF_THE_HOUSE: list[Callable[[Module], list[str]]] = [
    outward,
    downward,
    webless,
    without_sql,
    pure,
]


def product() -> list[Module]:
    """Every module of the product."""
    names = {_name(path): path for path in sorted((ROOT / "surveys").rglob("*.py"))}
    known = frozenset(names)
    return [Module(name, path.read_text("utf-8"), known) for name, path in names.items()]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("rule", RULES_OF_THE_HOUSE)
def test_the_product_keeps_the_rule(rule: Callable[[Module], list[str]]) -> None:
    faults = [fault for module in product() for fault in rule(module)]
    assert not faults, "\n".join(faults)


def test_every_folder_is_a_room_with_its_place_in_the_order() -> None:
    folders = {
        path.name for path in (ROOT / "surveys").iterdir() if (path / "__init__.py").exists()
    }
    assert folders <= set(ORDER)


KNOWN = frozenset(
    f"surveys.{room}.{name}"
    for room in ORDER
    for name in (
        *("rules", "models", "register_models", "service", "forms", "views", "cli"),
        *("db", "clock", "access"),
    )
)


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (outward, "surveys.menus.rules", "from surveys.menus.models import Menu"),
        (outward, "surveys.menus.models", "from surveys.menus import service"),
        (outward, "surveys.owners.rules", "from surveys.owners.register_models import Owner"),
        (outward, "surveys.owners.register_models", "from surveys.owners import service"),
        (outward, "surveys.menus.service", "from surveys.menus.forms import MenuForm"),
        (outward, "surveys.menus.service", "def act():\n    from .forms import MenuForm"),
        (outward, "surveys.menus.forms", "from surveys.menus.views import PAGES"),
        (outward, "surveys.menus.cli", "from surveys.menus.views import PAGES"),
        (outward, "surveys.menus.views", "from surveys.needs import views"),
        (outward, "surveys.menus.service", "from surveys.needs.forms import NeedForm"),
        (outward, "surveys.menus.rules", "from surveys.needs.service import merge"),
        (downward, "surveys.needs.service", "from surveys.menus import service"),
        (downward, "surveys.needs.service", "import surveys.menus.models"),
        (downward, "surveys.base.audit", "from surveys.accounts.models import Account"),
        (downward, "surveys.accounts.service", "from surveys.courtyards.models import Courtyard"),
        (downward, "surveys.overview.service", "from surveys.demo import service"),
        (downward, "surveys.ballots.service", "from surveys.tick import tick"),
        (downward, "surveys.counting.picks", "from surveys.errors import Refused"),
        (downward, "surveys.counting.picks", "from surveys.base.words import N_"),
        (downward, "surveys.counting.picks", "import numpy"),
        (webless, "surveys.menus.service", "from flask import g"),
        (webless, "surveys.menus.models", "import flask_babel"),
        (webless, "surveys.menus.rules", "from wtforms import Form"),
        (webless, "surveys.base.audit", "from flask import session"),
        (webless, "surveys.base.db", "from flask import g"),
        (webless, "surveys.errors", "from werkzeug.exceptions import NotFound"),
        (webless, "surveys.menus.service", "from surveys.accounts.access import roles"),
        (without_sql, "surveys.menus.views", "from sqlalchemy import select"),
        (without_sql, "surveys.menus.views", "from surveys.base import db"),
        (without_sql, "surveys.menus.desk_views", "from surveys.base.db import db"),
        (pure, "surveys.menus.rules", "import random"),
        (pure, "surveys.menus.rules", "from datetime import datetime\nat = datetime.now()"),
        (pure, "surveys.menus.rules", "from surveys.base import clock"),
        (pure, "surveys.counting.picks", "from surveys.base.db import db"),
        (pure, "surveys.counting.ties", "import secrets"),
        (pure, "surveys.needs.proposals.wishes", "import random"),
    ],
)
def test_a_module_that_breaks_the_rule_is_found(
    rule: Callable[[Module], list[str]], name: str, source: str
) -> None:
    assert rule(Module(name, source, KNOWN))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("surveys.menus.views", "from surveys.menus import forms, service\nimport flask"),
        ("surveys.menus.desk_views", "from surveys.menus.views import PAGES"),
        ("surveys.menus.views", "from surveys.accounts.access import fetch"),
        ("surveys.menus.service", "from surveys.needs.service import pin\nimport sqlalchemy"),
        ("surveys.menus.rules", "from surveys.counting.rules import picks\nimport datetime"),
        ("surveys.base.db", "from flask_sqlalchemy import SQLAlchemy"),
        ("surveys.demo.cli", "from surveys.overview.service import courtyard_page\nimport flask"),
        ("surveys.counting.picks", "from surveys.counting.cells import hide\nimport fractions"),
    ],
)
def test_a_module_that_keeps_every_rule_is_left_in_peace(name: str, source: str) -> None:
    module = Module(name, source, KNOWN)
    assert [fault for rule in RULES_OF_THE_HOUSE for fault in rule(module)] == []
