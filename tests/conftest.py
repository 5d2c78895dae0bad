"""Fixtures of the whole suite: both databases, a clean world, browsers with manners."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from surveys.base.db import db
from tests.ballots.phones import Clock
from tests.databases import Database, a_database, postgres_server
from tests.house.grounds import Grounds, grounds
from tests.manners import Browser
from tests.world import World, make_world

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

Served = Callable[[str], tuple[Database, Flask]]
"""the database of a kind and the app on it"""
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


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Both databases for the whole session (as a parameter of this fixture each would be made and
    migrated anew for every file)."""
    with ExitStack() as until_the_end:

        @cache
        def served(kind: str) -> tuple[Database, Flask]:
            folder: Path = tmp_path_factory.mktemp(kind)
            found = until_the_end.enter_context(a_database(kind, folder))
            found[1].test_client_class = Browser
            return found

        yield served


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, _served: Served) -> Iterator[Flask]:
    """The app on a clean, migrated database; the test runs on SQLite and on PostgreSQL."""
    database, app = _served(str(request.param))
    database.clean(app)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def world(app: Flask) -> World:
    """A courtyard of two buildings of twelve households, its round, its people."""
    return make_world()


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
    with grounds(tmp_path_factory.mktemp("grounds")) as found:
        yield found
