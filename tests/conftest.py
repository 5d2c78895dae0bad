"""Fixtures of the whole suite: both databases, a clean world, browsers with manners."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from surveys.base import clock as clocks
from surveys.base.db import db
from tests.ballots.phones import Clock
from tests.databases import MIGRATED, Database, a_database, postgres_server
from tests.house.grounds import Grounds, grounds
from tests.manners import Browser
from tests.world import World, make_world

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

WORLD = "world"
"""name of the state that the fixture of that name goes back to"""


@dataclass(frozen=True)
class Served:
    """A database, the app on it, and the world that was made there once."""

    database: Database
    app: Flask
    world: World


Serve = Callable[[str], Served]
"""what is served on the database of a kind"""
NOW = clocks.now
"""the true time, whatever clock stands for the tests that want the demonstration first"""
KINDS = ["sqlite", *(["postgresql"] if postgres_server() else [])]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options that `run.py test` passes on."""
    parser.addoption("--long", action="store_true", help="add the heavy drills")
    parser.addoption("--no-browser", action="store_true", help="go without Chromium on purpose")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for."""
    left_out = [
        item
        for item in items
        if ("long" in item.keywords and not config.getoption("--long"))
        or ("browser" in item.keywords and config.getoption("--no-browser"))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look at it ever again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Both databases for the whole session (as a parameter of this fixture each would be made and
    migrated anew for every file)."""
    with ExitStack() as until_the_end:

        @cache
        def served(kind: str) -> Served:
            folder: Path = tmp_path_factory.mktemp(kind)
            database, app = until_the_end.enter_context(a_database(kind, folder))
            app.test_client_class = Browser
            with app.app_context():
                world = make_world()
            database.keep(app, WORLD)
            return Served(database, app, world)

        yield served


@pytest.fixture(params=KINDS)
def _served(request: pytest.FixtureRequest, _serve: Serve) -> Iterator[Served]:
    """What is served, in the state that the test begins with; the test runs on each database."""
    served = _serve(str(request.param))
    served.database.go_back(served.app, WORLD if WORLD in request.fixturenames else MIGRATED)
    with served.app.app_context():
        yield served
        db.session.remove()


@pytest.fixture
def app(_served: Served) -> Flask:
    """The app on a migrated database, clean but for the world where the test asks for it."""
    return _served.app


@pytest.fixture
def world(_served: Served) -> World:
    """A courtyard of two buildings of twelve households, its round, its people; a module's own has
    another name, since this one stands before any other fixture."""
    return deepcopy(_served.world)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the pages, set by the test; while a ballot of the tests is open at first."""
    return Clock(monkeypatch)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody's browser, holding nothing yet."""
    client = app.test_client()
    assert isinstance(client, Browser)
    return client


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """The demonstration, loaded once to walk through; visitors change nothing that others see."""
    with ExitStack() as until_the_end:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clocks, "now", NOW)
            house = grounds(tmp_path_factory.mktemp("grounds"))
            found = until_the_end.enter_context(house)
        yield found
